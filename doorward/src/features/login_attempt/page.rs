//! `/login-attempt`: sends a link that allows one attempt to log in.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

use crate::{
    base::{email::Email, error::Result, http::input::Form, text::template::BuiltIn},
    features::login_attempt::flow,
    model::client::Client,
    web::pages::{
        address_form::AddressForm, form::FormFields, of_feature::PagesOf, page::Pages, visit::Visit,
    },
};

const TEMPLATE: BuiltIn = ("pages/login_attempt.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/login-attempt", get(show)),
    forms: &[("/login-attempt", || post(submit))],
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

const FORM: AddressForm = AddressForm { template: TEMPLATE.0 };

async fn show(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    FORM.show(&pages, &visit)
}

/// Says that a mail may be on its way. It is the same whether or not the address has an account.
async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let ask = async |email: &Email, client: &Client| flow::ask(&pages.auth, email, client).await;
    let done = |shown| pages.form(&visit.with_done("login-attempt"), TEMPLATE.0, "", shown);
    FORM.submit(&pages, &visit, (&sent, client), ask, done).await
}
