//! Finds out which client sent a request (RFC 6749, section 2.3).

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::{
    accounts::oauth::{clients, configured, secrets},
    auth::Auth,
    base::http::input::{self, Fields},
    features::provider::refusal::Refusal,
    model::oauth_client::OAuthClient,
};

/// What a form says about the client.
pub(super) struct InForm {
    pub(super) client_id: Option<String>,
    pub(super) secret: Option<Zeroizing<String>>,
}

impl InForm {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let mut text = |field| fields.optional_text(field).flatten().filter(|text| !text.is_empty());
        Self { client_id: text("client_id"), secret: text("client_secret").map(Zeroizing::new) }
    }
}

/// An id and a secret, as they may be meant.
struct Claim {
    client_id: String,
    secret: Zeroizing<String>,
}

/// Returns the client of a request, also a disabled one. One that has a secret must show it, in one way. One without names itself by
/// `client_id`; PKCE then shows that it is the one that asked.
pub(super) async fn authenticate(
    auth: &Auth,
    headers: &HeaderMap,
    form: InForm,
) -> Result<OAuthClient, Refusal> {
    configured::store_once(auth).await?;
    let InForm { client_id, secret } = form;
    let basic = basic(headers)?;
    if !basic.is_empty() && secret.is_some() {
        return Err(Refusal::request("invalid_request", "the client showed its secret in two ways"));
    }
    let named = |claim: &Claim| client_id.as_ref().is_none_or(|id| *id == claim.client_id);
    if !basic.is_empty() && !basic.iter().any(named) {
        return Err(Refusal::request(
            "invalid_request",
            "client_id is not the one of the Authorization header",
        ));
    }
    let claims = match (basic.is_empty(), client_id) {
        (false, _) => basic,
        (true, Some(client_id)) => vec![Claim { client_id, secret: secret.unwrap_or_default() }],
        (true, None) => return Err(Refusal::Client),
    };
    for Claim { client_id, secret } in claims {
        let Some(app) = clients::find(auth, &client_id).await? else { continue };
        let shows = match (app.confidential, secret.is_empty()) {
            (true, false) => secrets::is_of(auth, &app.id, &secret).await?,
            // Some programs send an empty secret for a client that has none.
            (false, true) => true,
            (true, true) | (false, false) => false,
        };
        if shows {
            return Ok(app);
        }
    }
    Err(Refusal::Client)
}

/// Returns the readings of HTTP Basic. The standard wants both parts form-encoded, but many clients send them as they
/// are.
fn basic(headers: &HeaderMap) -> Result<Vec<Claim>, Refusal> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (line, None) = (lines.next(), lines.next()) else {
        return Err(Refusal::request("invalid_request", "there are several Authorization headers"));
    };
    let Some(line) = line else { return Ok(Vec::new()) };
    let encoded =
        line.as_bytes().split_at_checked(6).filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"basic "));
    let decoded = encoded.and_then(|(_, encoded)| STANDARD.decode(encoded.trim_ascii()).ok());
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).map(Zeroizing::new);
    let pair = decoded.as_ref().and_then(|decoded| decoded.split_once(':'));
    let (id, secret) = pair.ok_or(Refusal::Client)?;
    let plain = Claim { client_id: id.to_owned(), secret: Zeroizing::new(secret.to_owned()) };
    let as_form = input::form_decoded(id).zip(input::form_decoded(secret));
    let as_form = as_form.filter(|(one, other)| one != id || other != secret);
    let as_form = as_form.map(|(client_id, secret)| Claim { client_id, secret: Zeroizing::new(secret) });
    Ok([Some(plain), as_form].into_iter().flatten().collect())
}
