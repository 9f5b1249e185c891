//! `/account`: who one is here, and where one is logged in. And `/`, which leads to it.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use fluent_bundle::FluentValue;
use minijinja::{Value, context};

use crate::{
    accounts::session::{self, Listed},
    base::{error::Result, http::user_agent::Program, text::language::Language, time::Timestamp},
    features::account::flow,
    model::client::Client,
    web::{
        current_user::CurrentUser,
        pages::{
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

/// `GET /`.
pub(crate) async fn start(visit: Visit, user: Result<Option<CurrentUser>>) -> Result<Response> {
    Ok(visit.go(if user?.is_some() { "account" } else { "login" }))
}

pub(crate) async fn show(State(pages): State<Pages>, Member { session, visit }: Member) -> Result<Response> {
    let now = Timestamp(pages.auth.now());
    let listed = session::list(&pages.auth, session.user.id).await?;
    let item = |listed: Listed| {
        context! {
            id => listed.id,
            current => listed.id == session.id,
            name => name(visit.language, &listed),
            ip => listed.ip,
            seen_at => listed.last_seen_at.to_string(),
            seen => visit.language.ago(now, listed.last_seen_at),
            since_at => listed.created_at.to_string(),
            since => visit.language.ago(now, listed.created_at),
        }
    };
    let shown = context! {
        wide => true,
        user => context! {
            email => &session.user.email, verified => session.user.email_verified_at.is_some(),
        },
        sessions => listed.into_iter().map(item).collect::<Vec<Value>>(),
    };
    pages.form(&visit, "pages/account.html", "", shown)
}

/// What a session was begun with: "Firefox on Linux".
fn name(language: Language, session: &Listed) -> String {
    let device = Program::of(session.user_agent.as_deref().unwrap_or_default());
    let text = |key, variables: &[(&str, FluentValue<'_>)]| language.text(key, variables);
    let name = match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            text("on-system", &[("browser", browser.into()), ("system", system.into())])
        }
        (Some(browser), None) => browser,
        (None, Some(system)) => system.to_owned(),
        (None, None) => text("unknown-device", &[]),
    };
    if session.transport == "bearer" { text("app-access", &[("name", name.into())]) } else { name }
}

/// `POST /account/sessions`: logs out everywhere else.
pub(crate) async fn end_others(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
) -> Result<Response> {
    flow::end_other_sessions(&pages.auth, &session, &client).await?;
    Ok(visit.go_done("account", "sessions"))
}

/// `POST /account/sessions/{id}`: ends one session, if it has not ended already.
pub(crate) async fn end_one(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Response> {
    if let Ok(Path(id)) = id {
        flow::end_session(&pages.auth, &session, id, &client).await?;
    }
    Ok(visit.go_done("account", "session"))
}
