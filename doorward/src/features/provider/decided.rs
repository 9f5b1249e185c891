//! `POST /oauth/choose`, `/oauth/consent` and `/oauth/confirm`: the answers of a person to the pages of an
//! authorization request. The request stands in the query of their address, and is read again.

use axum::{extract::State, http::request::Parts, response::Response};

use crate::{
    accounts::{session as sessions, step_up},
    base::{error::Result, http::input::Form},
    features::provider::{
        answer::see_other,
        authorize::{go_on, log_in, session},
        choose::Choice,
        confirm,
        consent::Decision,
        request::{self, CHOSEN},
    },
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, FormFields},
            page::Pages,
            proof_form::{Asks, note_wrong},
            visit::Visit,
        },
    },
};

/// `POST /oauth/choose`.
pub(super) async fn choose(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
    Form(choice): Form<Choice>,
) -> Result<Response> {
    let auth = &pages.auth;
    let session = session(auth, &parts).await?;
    let request = match request::read(auth, parts.uri.query().unwrap_or_default()).await? {
        Ok(request) => request,
        Err(fault) => return fault.answer(&pages, &visit),
    };
    let visit = request.visit(auth, &visit);
    match choice {
        Choice::GoOn => {
            let onward = request.parameters.with(CHOSEN, "1");
            Ok(see_other(&format!("{}/oauth/authorize?{onward}", visit.base())))
        }
        Choice::Another => {
            if let Some(session) = session {
                sessions::log_out(auth, session.token_hash, &client).await?;
            }
            Ok(cookies::logged_out(auth, log_in(&pages, &visit, &request, None)?))
        }
        Choice::Back => {
            let text = "the person chose no account";
            request.to.refuse(&pages, &visit, "account_selection_required", text)
        }
    }
}

/// `POST /oauth/consent`.
pub(super) async fn consent(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
    Form(decision): Form<Decision>,
) -> Result<Response> {
    let session = session(&pages.auth, &parts).await?;
    let query = parts.uri.query().unwrap_or_default();
    if decision.allows {
        let is_hers =
            |account: String| session.as_ref().is_some_and(|own| own.user.id.to_string() == account);
        let allowed = decision.account.is_none_or(is_hers);
        return go_on(&pages, visit, &client, query, session, allowed).await;
    }
    match request::read(&pages.auth, query).await? {
        Ok(request) => request.to.refuse(&pages, &visit, "access_denied", "the person did not allow it"),
        Err(fault) => fault.answer(&pages, &visit),
    }
}

/// `POST /oauth/confirm`.
pub(super) async fn confirm(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let query = parts.uri.query().unwrap_or_default();
    let Some(session) = session(auth, &parts).await? else {
        return go_on(&pages, visit, &client, query, None, false).await;
    };
    let request = match request::read(auth, query).await? {
        Ok(request) => request,
        Err(fault) => return fault.answer(&pages, &visit),
    };
    let visit = request.visit(auth, &visit);
    let mut faults = Faults::new(&visit.words);
    let asks = Asks::of(auth, session.user.id).await?;
    if let Some(proof) = asks.proof(&sent, &mut faults) {
        match step_up::step_up(auth, &session, proof, &client).await {
            Ok(renewed) => {
                let onward = format!("{}/oauth/authorize?{query}", visit.base());
                return Ok(cookies::renewed(auth, Some(&renewed), see_other(&onward)));
            }
            Err(error) => note_wrong(error, &mut faults)?,
        }
    }
    confirm::show_again(&pages, &visit, (&session, asks), &request, &faults)
}
