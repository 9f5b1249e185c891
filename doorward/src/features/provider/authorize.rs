//! `GET /oauth/authorize`: an app sends a person here to log in.

use axum::{extract::State, http::request::Parts, response::Response};

use crate::{
    accounts::{oauth::grants, step_up},
    auth::Auth,
    base::{
        error::{Error, Result},
        redirect_uri,
    },
    features::provider::{
        answer::{self, see_other},
        asked_at::asked_now,
        choose, confirm, consent,
        give_code::{Allowed, Given, give_code},
        hint::Hint,
        request::{self, AuthorizationRequest, ONWARD},
    },
    model::{
        client::Client,
        session::{Session, Transport},
    },
    web::{
        current_user, next,
        pages::{page::Pages, visit::Visit},
    },
};

/// What happens next with a request.
enum Next {
    /// The person must log in, perhaps with this address.
    LogIn(Option<String>),
    /// The person is logged in, and must say which account they want to use. `true` if it cannot be this one.
    Choose(Session, bool),
    /// The person is logged in, and must prove it again.
    Confirm(Session),
    /// The person must allow it.
    Consent(Session),
    /// The app gets its code.
    Code(Session, Allowed),
    /// The app may not ask the person anything, and must.
    Refuse(&'static str),
}

/// `GET /oauth/authorize`.
pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
) -> Result<Response> {
    let session = session(&pages.auth, &parts).await?;
    go_on(&pages, visit, &client, parts.uri.query().unwrap_or_default(), session, false).await
}

/// Returns the session of the browser. A token is refused: an app must not allow itself something.
pub(super) async fn session(auth: &Auth, parts: &Parts) -> Result<Option<Session>> {
    match current_user::optional_session(auth, parts).await? {
        Some(session) if session.transport == Transport::Bearer => Err(Error::InvalidSession),
        session => Ok(session),
    }
}

/// Does the next step of a request: asks the person for something, or answers the app. `allowed` is `true` if the
/// person has just allowed it.
pub(super) async fn go_on(
    pages: &Pages,
    visit: Visit,
    client: &Client,
    query: &str,
    session: Option<Session>,
    allowed: bool,
) -> Result<Response> {
    let auth = &pages.auth;
    let request = match request::read(auth, query).await? {
        Ok(request) => request,
        Err(fault) => return fault.answer(pages, &visit),
    };
    let visit = request.visit(auth, &visit);
    match next(auth, &request, session, allowed).await? {
        Next::Refuse(error) => {
            request.to.refuse(pages, &visit, error, "prompt=none, and the person must act")
        }
        Next::LogIn(hinted) => log_in(pages, &visit, &request, hinted.as_deref()),
        Next::Choose(session, wrong) => choose::show(pages, &visit, &session, &request, wrong),
        Next::Confirm(session) => confirm::show(pages, &visit, &session, &request).await,
        Next::Consent(session) => consent::show(pages, &visit, &session, &request),
        Next::Code(..) if request.wanted.comes_from_a_form() && !allowed => {
            let onward = request.parameters.with(ONWARD, "1");
            answer::onward(pages, &visit, &format!("{}/oauth/authorize?{onward}", visit.base()))
        }
        Next::Code(session, asked) => match give_code(auth, &request, &session, asked, client).await? {
            Given::Code(code) => request.to.answer(pages, &visit, &[("code", &code)]),
            Given::Unallowed if request.wanted.prompt.none => {
                request.to.refuse(pages, &visit, "consent_required", "the person ended the access of the app")
            }
            Given::Unallowed => consent::show(pages, &visit, &session, &request),
            Given::Unknown => answer::refused(pages, &visit, "provider-unknown-app"),
        },
    }
}

/// Decides what happens next.
async fn next(
    auth: &Auth,
    request: &AuthorizationRequest,
    session: Option<Session>,
    allowed: bool,
) -> Result<Next> {
    let AuthorizationRequest { app, to, wanted, .. } = request;
    let prompt = wanted.prompt;
    let hint = match &wanted.id_token_hint {
        // A token for another app, or one that cannot be read any more, says nothing here.
        Some(token) => Hint::read(auth, token).await?.filter(|hint| hint.text("aud") == Some(&app.id)),
        None => None,
    };
    let Some(session) = session else {
        let hinted = hint.and_then(|hint| hint.text("email").map(str::to_owned));
        return Ok(if prompt.none { Next::Refuse("login_required") } else { Next::LogIn(hinted) });
    };
    if hint.is_some_and(|hint| !hint.is_about(session.user.id)) {
        return Ok(if prompt.none { Next::Refuse("login_required") } else { Next::Choose(session, true) });
    }
    let proved_at = match prompt.login || wanted.max_age.is_some() {
        true => step_up::best_proof_at(auth, &session).await?,
        false => session.user.0.authenticated_at,
    };
    let too_old = |most: i64| most == 0 || auth.now() - proved_at > most;
    let proved_since = wanted.asked_at.is_some_and(|asked_at| proved_at >= asked_at);
    if prompt.select_account && !wanted.chosen && !proved_since && !allowed {
        return Ok(Next::Choose(session, false));
    }
    if (prompt.login || wanted.max_age.is_some_and(too_old)) && !proved_since {
        return Ok(if prompt.none { Next::Refuse("login_required") } else { Next::Confirm(session) });
    }
    let grant = grants::find(auth, session.user.id, &app.id).await?;
    let covered = grant.as_ref().is_some_and(|grant| grant.covers(wanted.scopes.iter().map(String::as_str)));
    // Any program on a person's computer can claim to be an app there.
    let could_be_another = !app.confidential && redirect_uri::is_on_this_computer(&to.address);
    let must_ask = prompt.consent || could_be_another || (!app.first_party && !covered);
    if must_ask && !allowed {
        return Ok(if prompt.none { Next::Refuse("consent_required") } else { Next::Consent(session) });
    }
    Ok(Next::Code(session, if allowed || app.first_party { Allowed::Now } else { Allowed::Before }))
}

/// Leads to the log-in, and from there back to this request. `hinted` is the address in an ID token.
pub(super) fn log_in(
    pages: &Pages,
    visit: &Visit,
    request: &AuthorizationRequest,
    hinted: Option<&str>,
) -> Result<Response> {
    let query = asked_now(&pages.auth, &request.parameters);
    let back = format!("{}/oauth/authorize?{query}", visit.base());
    if back.len() > next::MAX {
        return request.to.refuse(pages, visit, "invalid_request", "the request is longer than 4096 bytes");
    }
    let mut address = visit.leading_to(back).link("login");
    if let Some(hint) = request.wanted.login_hint.as_deref().or(hinted) {
        address = answer::with_query(&address, &[("login_hint", hint)]);
    }
    Ok(see_other(&address))
}
