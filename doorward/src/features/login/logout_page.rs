//! `/logout`: asks before it logs out, because a link on any site may lead here. Then it goes on to `next`.

use axum::{extract::State, http::HeaderMap, response::Response};
use minijinja::context;

use crate::{
    accounts::session,
    base::{error::Result, text::template::BuiltIn},
    model::client::Client,
    web::{
        cookies,
        current_user::Credential,
        pages::{
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/logout.html", include_str!("logout_page.html"));

pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    member: Result<Member, Result<Response>>,
) -> Result<Response> {
    match member {
        Ok(Member { session, .. }) => {
            let shown = context! { user => context! { email => &session.user.email }, next => visit.next() };
            pages.form(&visit, TEMPLATE.0, "", shown)
        }
        // Nobody is logged in. An app that sent them here wants them back.
        Err(Ok(_)) if visit.next().is_some() => Ok(visit.go_out()),
        Err(refusal) => refusal,
    }
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
) -> Result<Response> {
    let auth = &pages.auth;
    if let Some(hash) = Credential::of(auth, &headers)?.token_hash() {
        session::log_out(auth, hash, &client).await?;
    }
    Ok(cookies::logged_out(auth, visit.go_out()))
}
