//! The page that asks a person who is logged in for the password again. An app asks for it by `prompt=login` or `max_age`.

use axum::response::Response;
use minijinja::{Value, context};

use crate::{
    accounts::{credential, session as sessions},
    auth::Auth,
    base::{error::Result, passwords::password::Password, text::template::BuiltIn},
    features::provider::{asked_at::asked_now, request::AuthorizationRequest},
    model::{client::Client, session::Session},
    web::pages::{form::Faults, page::Pages, visit::Visit},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_confirm.html", include_str!("confirm.html"));

/// Asks for the password.
pub(super) fn show(
    pages: &Pages,
    visit: &Visit,
    session: &Session,
    request: &AuthorizationRequest,
) -> Result<Response> {
    let query = asked_now(&pages.auth, &request.parameters);
    pages.form(visit, TEMPLATE.0, "password", shown(visit, session, request, &query))
}

/// Shows the form again, with its faults.
pub(super) fn show_again(
    pages: &Pages,
    visit: &Visit,
    session: &Session,
    request: &AuthorizationRequest,
    faults: &Faults,
) -> Result<Response> {
    let query = request.parameters.query();
    pages.form_again(visit, TEMPLATE.0, faults, &["password"], shown(visit, session, request, &query))
}

fn shown(visit: &Visit, session: &Session, request: &AuthorizationRequest, query: &str) -> Value {
    context! {
        app => &request.app.name,
        user => context! { email => &session.user.email },
        action => format!("{}/oauth/confirm?{query}", visit.base()),
    }
}

/// Proves the person once more. The session gets a new token, and a new time of its proof.
pub(super) async fn prove(
    auth: &Auth,
    session: &Session,
    password: Password,
    client: &Client,
) -> Result<Option<sessions::LoggedIn>> {
    let proved = credential::prove_again(auth, session, password, client).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    let renewed = sessions::renew_cookie(auth, &mut tx, session).await?;
    tx.commit().await?;
    Ok(renewed)
}
