//! The page that asks a person who is logged in to prove again who they are: by a second factor if they have one,
//! otherwise by the password. An app asks for it by `prompt=login` or `max_age`.

use axum::response::Response;
use minijinja::{Value, context};

use crate::{
    base::{error::Result, text::template::BuiltIn},
    features::provider::{asked_at::asked_now, request::AuthorizationRequest},
    model::session::Session,
    web::pages::{form::Faults, page::Pages, proof_form::Asks, visit::Visit},
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_confirm.html", include_str!("confirm.html"));

/// Asks for the proof.
pub(super) async fn show(
    pages: &Pages,
    visit: &Visit,
    session: &Session,
    request: &AuthorizationRequest,
) -> Result<Response> {
    let asks = Asks::of(&pages.auth, session.user.id).await?;
    let query = asked_now(&pages.auth, &request.parameters);
    pages.form(visit, TEMPLATE.0, asks.field(), shown(visit, (session, asks), request, &query))
}

/// Shows the form again, with its faults.
pub(super) fn show_again(
    pages: &Pages,
    visit: &Visit,
    (session, asks): (&Session, Asks),
    request: &AuthorizationRequest,
    faults: &Faults,
) -> Result<Response> {
    let query = request.parameters.query();
    let shown = shown(visit, (session, asks), request, &query);
    pages.form_again(visit, TEMPLATE.0, faults, &[asks.field()], shown)
}

fn shown(
    visit: &Visit,
    (session, asks): (&Session, Asks),
    request: &AuthorizationRequest,
    query: &str,
) -> Value {
    // One field for both kinds of codes: a link to another form would have to carry the request.
    let field = if asks.field() == "code" { "either" } else { asks.name() };
    context! {
        asks => field,
        has_passkey => asks.has_passkey,
        app => &request.app.name,
        user => context! { email => &session.user.email },
        action => format!("{}/oauth/confirm?{query}", visit.base()),
    }
}
