//! `GET /oauth/authorize`: an app sends a person here to log in.

use axum::{extract::State, http::request::Parts, response::Response};

use crate::{
    accounts::{
        event,
        oauth::{
            codes::{self, NewCode},
            grants::{self, Grant},
        },
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        redirect_uri,
    },
    features::provider::{
        answer::{self, see_other},
        confirm, consent,
        request::{self, ASKED_AT, AuthorizationRequest, ONWARD},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        session::{Session, Transport},
    },
    web::{
        current_user, next,
        pages::{page::Pages, visit::Visit},
    },
};

/// What happens next with a request.
enum Next {
    /// The person must log in.
    LogIn,
    /// The person is logged in, and must prove it again.
    Confirm(Session),
    /// The person must allow it.
    Consent(Session),
    /// The app gets its code.
    Code(Session, Option<Grant>),
    /// The app learns why there is no code: an error, and a text for its developer.
    Refuse(&'static str, &'static str),
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

/// Does the next step of a request: asks the person for something, or answers the app. `allowed` is `true` if the person
/// has just allowed it.
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
    let visit = visit.keeping("oauth/authorize", request.parameters.without("lang"));
    let visit = match request.wanted.language {
        Some(language) => visit.in_language(auth, language),
        None => visit,
    };
    match next(auth, &request, session, allowed).await? {
        Next::Refuse(error, description) => request.to.refuse(pages, &visit, error, description),
        Next::LogIn => log_in(pages, &visit, &request),
        Next::Confirm(session) => confirm::show(pages, &visit, &session, &request),
        Next::Consent(session) => consent::show(pages, &visit, &session, &request),
        Next::Code(..) if request.wanted.asked_at.is_some() && !request.wanted.onward && !allowed => {
            let onward = request.parameters.with(ONWARD, "1");
            answer::onward(pages, &visit, &format!("{}/oauth/authorize?{onward}", visit.base()))
        }
        Next::Code(session, grant) => {
            let code = give_code(auth, &request, &session, grant, client).await?;
            request.to.answer(pages, &visit, &[("code", &code)])
        }
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
    let ask = |error, page| match prompt.none {
        true => Next::Refuse(error, "prompt=none, and the person must act"),
        false => page,
    };
    let Some(session) = session else {
        return Ok(ask("login_required", Next::LogIn));
    };
    // OpenID Connect Core, section 3.1.2.1.
    if wanted.meant.as_ref().is_some_and(|user| *user != session.user.id.to_string()) {
        return Ok(Next::Refuse(
            "login_required",
            "id_token_hint names another person than the one who is logged in",
        ));
    }
    let proved_at = session.user.0.authenticated_at;
    let too_old = |most: i64| most == 0 || auth.now() - proved_at > most;
    let proved_since = wanted.asked_at.is_some_and(|asked_at| proved_at >= asked_at);
    if (prompt.login || wanted.max_age.is_some_and(too_old)) && !proved_since {
        return Ok(ask("login_required", Next::Confirm(session)));
    }
    let grant = grants::find(auth, session.user.id, &app.id).await?;
    let covered = grant.as_ref().is_some_and(|grant| grant.covers(wanted.scopes.iter().map(String::as_str)));
    // Any program on a person's computer can claim to be an app there.
    let could_be_another = !app.confidential && redirect_uri::is_on_this_computer(&to.address);
    let must_ask = prompt.consent || could_be_another || (!app.first_party && !covered);
    if must_ask && !allowed {
        return Ok(ask("consent_required", Next::Consent(session)));
    }
    Ok(Next::Code(session, grant))
}

/// Leads to the log-in, and from there back to this request.
fn log_in(pages: &Pages, visit: &Visit, request: &AuthorizationRequest) -> Result<Response> {
    let query = request.parameters.with(ASKED_AT, &pages.auth.now().to_string());
    let back = format!("{}/oauth/authorize?{query}", visit.base());
    if back.len() > next::MAX {
        return request.to.refuse(pages, visit, "invalid_request", "the request is longer than 4096 bytes");
    }
    let mut address = visit.leading_to(back).link("login");
    if let Some(hint) = &request.wanted.login_hint {
        address = answer::with_query(&address, &[("login_hint", hint)]);
    }
    Ok(see_other(&address))
}

/// Makes the code, and notes what the person allowed.
async fn give_code(
    auth: &Auth,
    request: &AuthorizationRequest,
    session: &Session,
    grant: Option<Grant>,
    client: &Client,
) -> Result<String> {
    let (wanted, user) = (&request.wanted, session.user.id);
    let tx = auth.db().begin().await?;
    let grant = match grant {
        Some(grant) if grant.covers(wanted.scopes.iter().map(String::as_str)) => grant,
        before => {
            let app = &request.app.id;
            let grant = grants::allow(auth, &tx, (user, app), &wanted.scopes, before.as_ref()).await?;
            let allowed = NewEvent::of(EventKind::AppAllowed, Some(user), By::User(client));
            event::record(auth, &tx, allowed.with("client", app).with("scopes", &grant.scopes)).await?;
            grant
        }
    };
    let new = NewCode {
        session: session.id,
        redirect_uri: &request.to.address,
        scopes: &wanted.scopes,
        resource: wanted.resource.as_deref(),
        nonce: wanted.nonce.as_deref(),
        challenge: &wanted.challenge,
    };
    let code = codes::give(auth, &tx, &grant, &new).await?;
    tx.commit().await?;
    Ok(code)
}
