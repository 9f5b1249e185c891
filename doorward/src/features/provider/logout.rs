//! `GET /oauth/logout`: an app logs a person out here too (OpenID Connect RP-Initiated Logout 1.0).
//!
//! An ID token of this very session shows that the app speaks for it. Otherwise the person is asked, because any page can
//! lead a browser here. Nobody is led to an address that was not registered.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use minijinja::context;
use serde_json::{Map, Value};

use crate::{
    accounts::{
        oauth::{clients, configured},
        session as sessions,
    },
    auth::Auth,
    base::{
        error::Result,
        text::{language::Language, template::BuiltIn},
    },
    features::provider::{
        answer::{leading_to, refused, see_other, with_query},
        authorize::session,
        hint,
        parameters::{Parameters, Repeated},
    },
    model::{client::Client, oauth_client::OAuthClient, session::Session},
    web::{
        cookies,
        pages::{page::Pages, visit::Visit},
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/provider_logout.html", include_str!("logout.html"));

/// What an app asks for.
struct LogOut {
    /// The claims of an ID token of ours, which may have expired.
    hint: Option<Map<String, Value>>,
    /// Where the app wants the person to go then.
    to: Option<String>,
    language: Option<Language>,
}

impl LogOut {
    /// Returns `true` if the ID token is one of this session.
    fn is_about(&self, session: &Session) -> bool {
        let claim = |name: &str| self.hint.as_ref().and_then(|hint| hint.get(name)?.as_str());
        claim("sub") == Some(&*session.user.id.to_string()) && claim("sid") == Some(&*session.id.to_string())
    }
}

/// `GET /oauth/logout`.
pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
) -> Result<Response> {
    let auth = &pages.auth;
    let session = session(auth, &parts).await?;
    let query = parts.uri.query().unwrap_or_default();
    let asked = match read(auth, query).await? {
        Ok(asked) => asked,
        Err(text) => return refused(&pages, &visit, text),
    };
    let visit = match asked.language {
        Some(language) => visit.in_language(auth, language),
        None => visit,
    };
    let visit = visit.keeping("oauth/logout", query.to_owned());
    match session {
        None => Ok(go_on(&visit, &asked)),
        Some(session) if asked.is_about(&session) => log_out(auth, &visit, &asked, &session, &client).await,
        Some(session) => {
            let shown = context! {
                user => context! { email => &session.user.email },
                action => format!("{}/oauth/logout/confirm?{query}", visit.base()),
            };
            let page = pages.page(&visit, StatusCode::OK, TEMPLATE.0, shown)?;
            Ok(match &asked.to {
                Some(address) => leading_to(page, address),
                None => page,
            })
        }
    }
}

/// `POST /oauth/logout/confirm`: the person wants to log out.
pub(super) async fn confirm(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    parts: Parts,
) -> Result<Response> {
    let auth = &pages.auth;
    let session = session(auth, &parts).await?;
    match read(auth, parts.uri.query().unwrap_or_default()).await? {
        Ok(asked) => match session {
            Some(session) => log_out(auth, &visit, &asked, &session, &client).await,
            None => Ok(go_on(&visit, &asked)),
        },
        Err(text) => refused(&pages, &visit, text),
    }
}

async fn log_out(
    auth: &Auth,
    visit: &Visit,
    asked: &LogOut,
    session: &Session,
    client: &Client,
) -> Result<Response> {
    sessions::log_out(auth, session.token_hash, client).await?;
    Ok(cookies::logged_out(auth, go_on(visit, asked)))
}

/// Leads to the address of the app, or to the log-in.
fn go_on(visit: &Visit, asked: &LogOut) -> Response {
    match &asked.to {
        Some(address) => see_other(address),
        None => visit.go("login"),
    }
}

/// Reads a request. The error is the key of a text for the person.
async fn read(auth: &Auth, query: &str) -> Result<std::result::Result<LogOut, &'static str>> {
    configured::store_once(auth).await?;
    let Some(parameters) = Parameters::read(query) else { return Ok(Err("provider-malformed")) };
    let names = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];
    let read: std::result::Result<Vec<_>, Repeated> = names.iter().map(|name| parameters.one(name)).collect();
    let Ok([hint, client_id, address, state, locales]) = read.as_deref() else {
        return Ok(Err("provider-malformed"));
    };
    let hint = match hint {
        Some(hint) => hint::claims(auth, hint).await?,
        None => None,
    };
    let audience = hint.as_ref().and_then(|hint| hint.get("aud")?.as_str());
    if let (Some(audience), Some(client_id)) = (audience, client_id)
        && audience != *client_id
    {
        return Ok(Err("provider-unknown-app"));
    }
    let app = match audience.or(*client_id) {
        Some(id) => clients::find(auth, id).await?.filter(|app: &OAuthClient| app.disabled_at.is_none()),
        None => None,
    };
    let to = match (address, app) {
        (None, _) => None,
        (Some(address), Some(app)) if app.post_logout_redirect_uris.iter().any(|known| known == address) => {
            Some(match state {
                Some(state) => with_query(address, &[("state", state)]),
                None => (*address).to_owned(),
            })
        }
        _ => return Ok(Err("provider-unknown-address")),
    };
    Ok(Ok(LogOut { hint, to, language: locales.and_then(|tags| tags.split(' ').find_map(Language::of_tag)) }))
}
