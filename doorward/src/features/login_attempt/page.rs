//! `/login-attempt`: sends a link that allows one attempt to log in.

use axum::{extract::State, response::Response};

use crate::{
    base::{email::Email, error::Result, http::input::Form, text::template::BuiltIn},
    features::login_attempt::flow,
    model::client::Client,
    web::pages::{address_form::AddressForm, form::FormFields, page::Pages, visit::Visit},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/login_attempt.html", include_str!("page.html"));

const FORM: AddressForm = AddressForm { template: TEMPLATE.0 };

pub(super) async fn show(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    FORM.show(&pages, &visit)
}

/// Says that a mail may be on its way. It is the same whether or not the address has an account.
pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let ask = async |email: &Email, client: &Client| flow::ask(&pages.auth, email, client).await;
    let done = |shown| pages.form(&visit.with_done("login-attempt"), TEMPLATE.0, "", shown);
    FORM.submit(&pages, &visit, (&sent, client), ask, done).await
}
