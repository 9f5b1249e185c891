//! `/confirm`: asks a person who is logged in to prove once more who they are, and leads on to `next`. It works without
//! a script.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use minijinja::{Value, context};

use crate::{
    accounts::step_up,
    base::{
        error::{Error, Result},
        http::input::{Form, parameter},
        text::template::BuiltIn,
    },
    model::{
        client::Client,
        session::{Session, Transport},
    },
    web::{
        cookies,
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::Pages,
            proof_form::{Asks, note_wrong},
            visit::Member,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/confirm.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/confirm", get(show).post(submit)),
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

/// Returns what the form asks for. `?with=recovery_code` asks for that in place of a code of the app.
async fn asked(pages: &Pages, session: &Session, uri: &Uri) -> Result<Asks> {
    let asks = Asks::of(&pages.auth, session.user.id).await?;
    Ok(asks.chosen(parameter(uri, "with").as_deref()))
}

fn shown(session: &Session, asks: Asks) -> Value {
    context! {
        asks => asks.name(),
        has_passkey => asks.has_passkey,
        user => context! { email => &session.user.email },
    }
}

async fn show(State(pages): State<Pages>, Member { session, visit }: Member, uri: Uri) -> Result<Response> {
    let asks = asked(&pages, &session, &uri).await?;
    pages.form(&visit, TEMPLATE.0, asks.field(), shown(&session, asks))
}

async fn submit(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    if session.transport == Transport::Bearer {
        // The answer could not show the new token.
        return Err(Error::InvalidSession);
    }
    let auth = &pages.auth;
    let asks = asked(&pages, &session, &uri).await?;
    let mut faults = Faults::new(&visit.words);
    if let Some(proof) = asks.proof(&sent, &mut faults) {
        match step_up::step_up(auth, &session, proof, &client).await {
            Ok(renewed) => {
                let onward = onward::after_log_in(auth, &visit, &headers);
                return Ok((cookies::logged_in(auth, &renewed), onward).into_response());
            }
            Err(error @ (Error::TooManyAttempts(_) | Error::Unavailable)) => {
                return pages.form_refused(&visit, TEMPLATE.0, &error, asks.field(), shown(&session, asks));
            }
            Err(error) => note_wrong(error, &mut faults)?,
        }
    }
    pages.form_again(&visit, TEMPLATE.0, &faults, &[asks.field()], shown(&session, asks))
}
