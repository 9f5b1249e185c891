//! `/login-attempt`: sends a link that allows one attempt to log in.

use axum::{extract::State, response::Response};
use minijinja::context;

use crate::{
    base::{error::Result, http::input::Form, text::template::BuiltIn},
    features::login_attempt::flow,
    model::client::Client,
    web::pages::{
        form::{Faults, FormFields},
        page::Pages,
        visit::Visit,
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/login_attempt.html", include_str!("page.html"));

pub(super) async fn show(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    pages.auth.require_mail()?;
    pages.form(&visit, TEMPLATE.0, "email", context! {})
}

/// Says that a mail may be on its way. It is the same whether or not the address has an account.
pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&visit.words);
    let shown = context! { email => &*sent.email };
    let Some(email) = sent.email(&mut faults) else {
        return pages.form_again(&visit, TEMPLATE.0, &faults, &["email"], shown);
    };
    if let Err(error) = flow::ask(&pages.auth, &email, &sent.answered(client)).await {
        return pages.form_refused(&visit, TEMPLATE.0, &error, "email", shown);
    }
    pages.form(&visit.with_done("login-attempt"), TEMPLATE.0, "", shown)
}
