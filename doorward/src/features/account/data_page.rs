//! `/account/data`: all that is known of somebody, for themselves, as a file. Asks for the password once more.

use axum::{Json, extract::State, http::header, response::Response};
use minijinja::context;
use serde_json::json;

use crate::{
    accounts::{credential, session},
    base::{
        error::{Error, Result},
        http::input::Form,
        time::Timestamp,
    },
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, Sent},
            page::Pages,
            visit::Member,
        },
    },
};

const TEMPLATE: &str = "pages/data.html";

pub(crate) async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    let shown = context! { user => context! { email => &member.session.user.email } };
    pages.form(&member.visit, TEMPLATE, "password", shown)
}

pub(crate) async fn submit(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(visit.language);
    if let Some(password) = sent.password("wrong-password", &mut faults) {
        match credential::prove_again(auth, &session.user, password, &client).await {
            Ok(proved) => {
                let mut tx = credential::begin(auth, &session, Some(&proved)).await?;
                let renewed = session::renew_cookie(auth, &mut tx, &session).await?;
                tx.commit().await?;
                let sessions = session::list(auth, session.user.id).await?;
                let sessions = sessions.into_iter().map(|listed| {
                    json!({
                        "id": listed.id, "transport": listed.transport, "method": listed.method,
                        "created_at": listed.created_at, "last_seen_at": listed.last_seen_at,
                        "expires_at": listed.expires_at, "ip": listed.ip, "user_agent": listed.user_agent,
                    })
                });
                let data = json!({
                    "exported_at": Timestamp(auth.now()),
                    "user": *session.user,
                    "sessions": sessions.collect::<Vec<_>>(),
                });
                let name = [(header::CONTENT_DISPOSITION, "attachment; filename=\"account.json\"")];
                return Ok(cookies::renewed(auth, renewed.as_ref(), (name, Json(data))));
            }
            Err(Error::WrongPassword) => faults.note::<()>("password", "wrong-password"),
            Err(error) => return Err(error),
        };
    }
    let shown = context! { user => context! { email => &session.user.email } };
    pages.form_again(&visit, TEMPLATE, &faults, &["password"], shown)
}
