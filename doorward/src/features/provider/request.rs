//! Reads an authorization request (RFC 6749, section 4.1.1; OpenID Connect Core, section 3.1.2.1) strictly.
//!
//! As long as the app and its address are not known, the person sees a page. Nobody is led to an address that was not
//! registered. After that, the app is told.

use axum::response::Response;

use crate::{
    accounts::oauth::{clients, configured},
    auth::Auth,
    base::{config::client::STANDARD, error::Result, redirect_uri, text::language::Language},
    features::provider::{
        answer::{Mode, ReturnTo, refused},
        hint,
        parameters::{Parameters, Repeated},
    },
    model::oauth_client::OAuthClient,
    web::pages::{page::Pages, visit::Visit},
};

/// The parameter that holds when a person was asked to log in for this request. It is ours.
pub(super) const ASKED_AT: &str = "asked_at";

/// The parameter that says that no form stands right before this request. It is ours.
pub(super) const ONWARD: &str = "onward";

/// The most bytes of a nonce.
const NONCE: usize = 512;

/// What a page must ask before the app gets its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Nothing may be asked.
    pub(super) none: bool,
    /// The person must prove again who they are.
    pub(super) login: bool,
    /// The person must see what they allow.
    pub(super) consent: bool,
}

/// A request of a known app, to be answered at one of its addresses.
#[derive(Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) app: OAuthClient,
    pub(super) to: ReturnTo,
    pub(super) wanted: Wanted,
    /// The parameters as they came.
    pub(super) parameters: Parameters,
}

/// What an app asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) scopes: Vec<String>,
    pub(super) resource: Option<String>,
    pub(super) nonce: Option<String>,
    /// The S256 challenge of RFC 7636.
    pub(super) challenge: String,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<i64>,
    pub(super) login_hint: Option<String>,
    /// The number of the user whom the app means, by an ID token.
    pub(super) meant: Option<String>,
    pub(super) language: Option<Language>,
    /// When the person was asked to log in for this request.
    pub(super) asked_at: Option<i64>,
    /// `true` unless this request may come from the redirect after a form.
    pub(super) onward: bool,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Fault {
    /// On a page, with the text of this key.
    Page(&'static str),
    /// At the address of the app.
    Told(Box<ReturnTo>, &'static str, &'static str),
}

impl Fault {
    /// Answers the request on a page or at the address of the app.
    pub(super) fn answer(self, pages: &Pages, visit: &Visit) -> Result<Response> {
        match self {
            Self::Page(text) => refused(pages, visit, text),
            Self::Told(to, error, description) => to.refuse(pages, visit, error, description),
        }
    }
}

/// Reads the query of a request.
pub(super) async fn read(
    auth: &Auth,
    query: &str,
) -> Result<std::result::Result<AuthorizationRequest, Fault>> {
    configured::store_once(auth).await?;
    let Some(parameters) = Parameters::read(query) else { return Ok(Err(Fault::Page("provider-malformed"))) };
    let Ok(Some(client_id)) = parameters.one("client_id") else {
        return Ok(Err(Fault::Page("provider-unknown-app")));
    };
    let app = match clients::find(auth, client_id).await? {
        Some(app) if app.disabled_at.is_none() => app,
        _ => return Ok(Err(Fault::Page("provider-unknown-app"))),
    };
    let address = match parameters.one("redirect_uri") {
        Ok(Some(address)) if redirect_uri::is_registered(&app.redirect_uris, address, !app.confidential) => {
            address.to_owned()
        }
        _ => return Ok(Err(Fault::Page("provider-unknown-address"))),
    };
    let mut read = rest(auth, app, address, parameters);
    if let Ok(request) = &mut read
        && let Ok(Some(hint)) = request.parameters.one("id_token_hint")
    {
        request.wanted.meant = hint::user(auth, &request.app.id, hint).await?;
    }
    Ok(read)
}

/// An error for the app: its code, and a text for its developer.
type Told = (&'static str, &'static str);

/// Reads what the app is told about if it is wrong.
fn rest(
    auth: &Auth,
    app: OAuthClient,
    address: String,
    parameters: Parameters,
) -> std::result::Result<AuthorizationRequest, Fault> {
    // An error is told in the mode that the app asked for, if that can be read.
    let mode = parameters.one("response_mode").ok().and_then(|mode| Mode::named(mode.unwrap_or(Mode::QUERY)));
    let state = parameters.one("state").ok().flatten().map(str::to_owned);
    let to = ReturnTo { address, state, mode: mode.unwrap_or(Mode::Query) };
    match wanted(auth, &app, &parameters) {
        Ok(wanted) if mode.is_some() => Ok(AuthorizationRequest { app, to, wanted, parameters }),
        Ok(_) => Err(Fault::Told(Box::new(to), "invalid_request", "response_mode is query or form_post")),
        Err((error, description)) => Err(Fault::Told(Box::new(to), error, description)),
    }
}

fn wanted(auth: &Auth, app: &OAuthClient, parameters: &Parameters) -> std::result::Result<Wanted, Told> {
    let repeated = |Repeated| ("invalid_request", "a parameter came more than once");
    let one = |name: &str| parameters.one(name).map_err(repeated);
    let text = |name: &str| one(name).map(|value| value.map(str::to_owned));
    for name in ["client_id", "redirect_uri", "state", "response_mode", "id_token_hint"] {
        one(name)?;
    }
    match one("response_type")? {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "the only response_type is code")),
        None => return Err(("invalid_request", "response_type is missing")),
    }
    if one("request")?.is_some() {
        return Err(("request_not_supported", "send the parameters themselves"));
    }
    if one("request_uri")?.is_some() {
        return Err(("request_uri_not_supported", "send the parameters themselves"));
    }
    let challenge = one("code_challenge")?;
    let challenge = challenge.ok_or(("invalid_request", "code_challenge is missing: PKCE is required"))?;
    if one("code_challenge_method")? != Some("S256") {
        return Err(("invalid_request", "the only code_challenge_method is S256"));
    }
    let is_of_challenge = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if challenge.len() != 43 || !challenge.bytes().all(is_of_challenge) {
        return Err(("invalid_request", "code_challenge is base64url of 32 bytes, without ="));
    }
    let asked = one("scope")?.unwrap_or_default();
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked.split(' ') {
        // Unknown scopes are left out (RFC 6749, section 3.3): the answer says which ones were given.
        if offers(auth, scope)
            && app.scopes.iter().any(|known| known == scope)
            && !scopes.iter().any(|one| one == scope)
        {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() {
        return Err(("invalid_scope", "scope names nothing that this client may ask for"));
    }
    let resource = parameters
        .one("resource")
        .map_err(|Repeated| ("invalid_target", "only one resource can be asked for at a time"))?;
    if resource.is_some_and(|resource| !app.resources.iter().any(|known| known == resource)) {
        return Err(("invalid_target", "this client may not ask for this resource"));
    }
    let nonce = text("nonce")?;
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > NONCE || nonce.contains('\0')) {
        return Err(("invalid_request", "nonce is a text of at most 512 bytes"));
    }
    let number = |name: &str, fault: Told| match one(name)? {
        None => Ok(None),
        Some(digits) if digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(digits.parse::<i64>().ok())
        }
        Some(_) => Err(fault),
    };
    Ok(Wanted {
        scopes,
        resource: resource.map(str::to_owned),
        nonce,
        challenge: challenge.to_owned(),
        prompt: prompt(one("prompt")?.unwrap_or_default())?,
        max_age: number("max_age", ("invalid_request", "max_age is a number of seconds"))?,
        login_hint: text("login_hint")?.filter(|hint| hint.len() <= 254),
        meant: None,
        language: match one("lang")? {
            // The person has chosen another one on the page.
            Some(_) => None,
            None => one("ui_locales")?.and_then(|tags| tags.split(' ').find_map(Language::of_tag)),
        },
        asked_at: number(ASKED_AT, ("invalid_request", "asked_at is ours"))?,
        onward: one(ONWARD)?.is_some(),
    })
}

fn prompt(text: &str) -> std::result::Result<Prompt, Told> {
    let mut prompt = Prompt::default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            // The page that asks for consent also shows who is logged in, and lets them change that.
            "consent" | "select_account" => prompt.consent = true,
            _ => return Err(("invalid_request", "prompt is none, login, consent or select_account")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(("invalid_request", "prompt=none stands alone"));
    }
    Ok(prompt)
}

/// Returns `true` if there is such a scope here.
fn offers(auth: &Auth, scope: &str) -> bool {
    STANDARD.contains(&scope) || auth.config().scopes.contains_key(scope)
}
