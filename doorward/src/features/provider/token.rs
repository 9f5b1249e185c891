//! `POST /oauth/token`: exchanges a code for tokens (RFC 6749, section 4.1.3; RFC 7636), or a refresh token (section 6).

use axum::{extract::State, http::HeaderMap, response::Response};
use zeroize::Zeroizing;

use crate::{
    accounts::{
        oauth::{
            codes::{self, Presented},
            exchanged::Exchanged,
        },
        signing_key,
    },
    auth::Auth,
    base::{
        error::Error,
        http::input::{Fields, Form, Input},
        secret,
    },
    features::provider::{
        client_auth::{InForm, authenticate},
        refresh::{self, RefreshForm},
        refusal::Refusal,
        tokens,
    },
    model::{access::CODE, client::Client, oauth_client::OAuthClient},
    web::pages::page::Pages,
};

/// The kinds of grants that are exchanged here.
pub(super) const GRANTS: [&str; 2] = ["authorization_code", "refresh_token"];

/// The form of a client.
pub(super) struct Sent {
    grant_type: Option<String>,
    code: CodeForm,
    refresh: RefreshForm,
    client: InForm,
}

/// What belongs to a code.
struct CodeForm {
    code: Option<Zeroizing<String>>,
    redirect_uri: Option<String>,
    verifier: Option<Zeroizing<String>>,
}

impl Input for Sent {
    fn read(fields: &mut Fields) -> Option<Self> {
        let mut text = |field| fields.optional_text(field).flatten().filter(|text| !text.is_empty());
        Some(Self {
            grant_type: text("grant_type"),
            code: CodeForm {
                code: text("code").map(Zeroizing::new),
                redirect_uri: text("redirect_uri"),
                verifier: text("code_verifier").map(Zeroizing::new),
            },
            refresh: RefreshForm {
                token: text("refresh_token").map(Zeroizing::new),
                scope: text("scope"),
                resource: text("resource"),
            },
            client: InForm::read(fields),
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
    let exchanged = match sent.grant_type.as_deref() {
        Some("authorization_code") => exchange_code(auth, &app, sent.code, &client).await?,
        Some("refresh_token") => refresh::exchange(auth, &app, sent.refresh, &client).await?,
        Some(_) => {
            let known = format!("grant_type is one of {}", GRANTS.join(", "));
            return Err(Refusal::request("unsupported_grant_type", known));
        }
        None => return Err(Refusal::request("invalid_request", "grant_type is missing")),
    };
    tokens::answer(auth, &app, exchanged).await
}

/// Exchanges a code.
async fn exchange_code(
    auth: &Auth,
    app: &OAuthClient,
    sent: CodeForm,
    client: &Client,
) -> Result<Exchanged, Refusal> {
    let missing = |name: &str| Refusal::request("invalid_request", format!("{name} is missing"));
    let code = sent.code.ok_or_else(|| missing("code"))?;
    let redirect_uri = sent.redirect_uri.ok_or_else(|| missing("redirect_uri"))?;
    let verifier = sent.verifier.ok_or_else(|| missing("code_verifier"));
    // Without a verifier the code is used up too: somebody tries it without being the one that asked.
    let verifier_text = verifier.as_ref().map(|verifier| verifier.to_string()).unwrap_or_default();
    // The keys are at hand before the code is used up.
    signing_key::all(auth).await?;
    let exchanged = match secret::hash(CODE, &code) {
        Some(code) => {
            let presented = Presented {
                code,
                redirect_uri: &redirect_uri,
                verifier: if is_verifier(&verifier_text) { &verifier_text } else { "" },
            };
            codes::exchange(auth, app, &presented, client).await?
        }
        None => None,
    };
    verifier?;
    exchanged.ok_or_else(|| {
        Refusal::request(
            "invalid_grant",
            "the code does not work: it was used, is too old, or belongs to another request",
        )
    })
}

/// Returns `true` if this can be a verifier (RFC 7636, section 4.1).
fn is_verifier(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}
