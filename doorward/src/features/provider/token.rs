//! `POST /oauth/token`: exchanges a code for tokens (RFC 6749, section 4.1.3; RFC 7636).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    accounts::{
        oauth::codes::{self, Exchanged, Presented},
        signing_key,
    },
    auth::Auth,
    base::{
        error::Error,
        http::input::{Fields, Form, Input},
        jose::Algorithm,
        secret,
    },
    features::provider::{
        answer::issuer,
        claims::{self, IdToken},
        client_auth::{InForm, authenticate},
        readable::READABLE,
        refusal::Refusal,
    },
    model::{
        access::{CODE, has_scope},
        client::Client,
        oauth_client::OAuthClient,
        session::{acr, amr},
        signing_keys::SigningKeys,
    },
    web::pages::page::Pages,
};

/// The form of a client.
pub(super) struct Sent {
    grant_type: Option<String>,
    code: Option<Zeroizing<String>>,
    redirect_uri: Option<String>,
    verifier: Option<Zeroizing<String>>,
    client: InForm,
}

impl Input for Sent {
    fn read(fields: &mut Fields) -> Option<Self> {
        let mut text = |field| fields.optional_text(field).flatten().filter(|text| !text.is_empty());
        Some(Self {
            grant_type: text("grant_type"),
            code: text("code").map(Zeroizing::new),
            redirect_uri: text("redirect_uri"),
            verifier: text("code_verifier").map(Zeroizing::new),
            client: InForm {
                client_id: text("client_id"),
                secret: text("client_secret").map(Zeroizing::new),
            },
        })
    }
}

pub(super) async fn token(
    State(pages): State<Pages>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<Sent>, Error>,
) -> Result<Response, Refusal> {
    let Form(sent) = form?;
    let auth = &pages.auth;
    let app = authenticate(auth, &headers, sent.client).await?;
    match sent.grant_type.as_deref() {
        Some("authorization_code") => {}
        Some(_) => {
            return Err(Refusal::request(
                "unsupported_grant_type",
                "the only grant_type is authorization_code",
            ));
        }
        None => return Err(Refusal::request("invalid_request", "grant_type is missing")),
    }
    let missing = |name: &str| Refusal::request("invalid_request", format!("{name} is missing"));
    let code = sent.code.ok_or_else(|| missing("code"))?;
    let redirect_uri = sent.redirect_uri.ok_or_else(|| missing("redirect_uri"))?;
    let verifier = sent.verifier.ok_or_else(|| missing("code_verifier"));
    // Without a verifier the code is used up too: somebody tries it without being the one that asked.
    let verifier_text = verifier.as_ref().map(|verifier| verifier.to_string()).unwrap_or_default();
    // The keys are at hand before the code is used up.
    let keys = signing_key::all(auth).await?;
    let exchanged = match secret::hash(CODE, &code) {
        Some(code) => {
            let presented = Presented {
                code,
                redirect_uri: &redirect_uri,
                verifier: if is_verifier(&verifier_text) { &verifier_text } else { "" },
            };
            codes::exchange(auth, &app, &presented, &client).await?
        }
        None => None,
    };
    verifier?;
    let exchanged = exchanged.ok_or_else(|| {
        Refusal::request(
            "invalid_grant",
            "the code does not work: it was used, is too old, or belongs to another request",
        )
    })?;
    answer(auth, &app, &keys, exchanged)
}

/// Returns `true` if this can be a verifier (RFC 7636, section 4.1).
fn is_verifier(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}

/// Answers with the tokens. A request with `openid` gets an ID token too.
fn answer(
    auth: &Auth,
    app: &OAuthClient,
    keys: &SigningKeys,
    exchanged: Exchanged,
) -> Result<Response, Refusal> {
    let mut body = json!({
        "access_token": exchanged.access_token,
        "token_type": "Bearer",
        "expires_in": exchanged.expires_in,
        "scope": exchanged.scopes,
    });
    if has_scope(&exchanged.scopes, "openid") {
        let now = auth.now();
        let algorithm = Algorithm::named(&app.id_token_alg).unwrap_or(Algorithm::Rs256);
        let key = keys.current(algorithm, now).ok_or(Error::Unavailable)?;
        let token = IdToken {
            iss: &issuer(auth),
            sub: exchanged.user.id.to_string(),
            aud: &app.id,
            exp: now + claims::LIFETIME,
            iat: now,
            auth_time: exchanged.authenticated_at,
            nonce: exchanged.nonce.as_deref(),
            acr: acr(exchanged.second),
            amr: amr(&exchanged.method, exchanged.second),
            sid: exchanged.session.to_string(),
            at_hash: claims::at_hash(algorithm, &exchanged.access_token),
            of_user: claims::of_user(&exchanged.user, &exchanged.scopes),
        };
        let signed = key.sign("JWT", &token).map_err(|_| Error::Internal)?;
        body["id_token"] = signed.into();
    }
    Ok(([(header::PRAGMA, "no-cache")], READABLE, Json(body)).into_response())
}
