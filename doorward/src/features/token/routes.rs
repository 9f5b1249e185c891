//! Bearer tokens: `POST /token` gives one for a password, `POST /revoke` ends it.
//!
//! `/token` is a log-in for an operator's own apps. It has the form of the password grant (RFC 6749, section 4.3),
//! because every HTTP library and the "Authorize" button of the documentation support that. It is not for third
//! parties.

use axum::{extract::State, response::Response};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

#[cfg(feature = "totp")]
use doorward_passkey::AuthenticationResponse;
use zeroize::Zeroizing;

#[cfg(feature = "totp")]
use crate::accounts::{
    passkey_log_in,
    second_factor::Shown,
    second_step::{self, Step},
};
use crate::{
    accounts::{
        credential, email_log_in, pending_login,
        session::{self, Outcome},
    },
    auth::Auth,
    base::{
        error::{Error, Problem},
        http::input::{Fields, Form, Input, Told},
        passwords::password::Password,
        secret,
    },
    model::{
        client::{Client, DeviceToken},
        session::{Method, TOKEN, Transport},
    },
    web::{
        answers::{self, Token},
        oauth::{self, OAuthError, OAuthErrors},
    },
};

pub(super) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().routes(routes!(token)).routes(routes!(revoke))
}

/// The password form of RFC 6749, section 4.3.2.
#[derive(ToSchema)]
#[schema(as = TokenRequest)]
pub(super) struct TokenRequest {
    /// `password`, if given; `urn:doorward:grant:mfa` for the second step, where the names of Auth0 work too;
    /// `urn:doorward:grant:passkey` for a passkey; or `urn:doorward:grant:email` for the code of a mail.
    #[schema(example = "password")]
    #[expect(dead_code, reason = "it is read before the rest")]
    grant_type: Option<String>,
    /// The e-mail address of the account. Case does not matter.
    #[schema(example = "ann@example.org")]
    username: String,
    /// The password of the account.
    #[schema(value_type = String, format = "password", example = "correct horse battery")]
    password: Password,
    /// Accepted and ignored, like `client_id` and `client_secret`.
    #[expect(dead_code, reason = "it is documented for clients that send it")]
    scope: Option<String>,
    /// The `device_token` of an earlier answer. Strangers who guess at the account then do not keep this program out.
    /// The header `Doorward-Device` may carry it instead.
    #[schema(example = "dw_d_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    device_token: Option<String>,
    /// The token of a link from `POST /login-attempt`. It allows one attempt while the account is blocked.
    #[schema(example = "dw_b_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    attempt_token: Option<String>,
    /// With `grant_type=urn:doorward:grant:mfa`: the `mfa_token` of an answer `mfa_required`. `username` and `password`
    /// are then left out.
    #[schema(example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    #[cfg(feature = "totp")]
    #[expect(dead_code, reason = "it describes the second step")]
    mfa_token: Option<String>,
    /// A code of the authenticator app, beside the password or the `mfa_token`.
    #[schema(value_type = Option<String>, example = "123456")]
    #[cfg(feature = "totp")]
    otp: Option<Shown>,
    /// A recovery code, in place of `otp`.
    #[schema(example = "ABCD-EFGH-JKLM")]
    #[cfg(feature = "totp")]
    #[expect(dead_code, reason = "it is read together with `otp`")]
    recovery_code: Option<String>,
    /// The answer of a passkey, as JSON: in place of `otp`, to `POST /login/second-step/options`; or alone with
    /// `grant_type=urn:doorward:grant:passkey`, to `POST /login/passkey/options`.
    #[cfg(feature = "totp")]
    #[expect(dead_code, reason = "it is read together with `otp`")]
    credential: Option<String>,
    /// With `grant_type=urn:doorward:grant:email`: the `login_token` of `POST /login/email`, or the `mfa_token` of an
    /// answer whose `mfa_methods` is `email`. `username` and `password` are then left out.
    #[schema(example = "dw_p_u0hV4s8yU2cJm3xkq1v0c5y8T0f3b6w9z2e5h8k1n4Q7NDU2Nw")]
    #[expect(dead_code, reason = "it describes the log-in by mail")]
    login_token: Option<String>,
    /// The code of the mail, beside the `login_token`.
    #[schema(example = "K7WM-2QXD")]
    #[expect(dead_code, reason = "it describes the log-in by mail")]
    code: Option<String>,
}

/// The second step of a log-in that waits.
#[cfg(feature = "totp")]
struct SecondStep {
    token: Zeroizing<String>,
    shown: Shown,
}

/// The grants that take the second step. The longer ones are those of Auth0, which some SDKs know.
#[cfg(feature = "totp")]
const SECOND_STEPS: [&str; 3] = [
    "urn:doorward:grant:mfa",
    "http://auth0.com/oauth/grant-type/mfa-otp",
    "http://auth0.com/oauth/grant-type/mfa-recovery-code",
];

/// The grant of a log-in with a passkey.
#[cfg(feature = "totp")]
const PASSKEY: &str = "urn:doorward:grant:passkey";
/// The grant that takes the code of a mail.
const BY_MAIL: &str = "urn:doorward:grant:email";

/// The code of a mail, and the log-in that waits for it.
struct ByMail {
    token: Zeroizing<String>,
    shown: email_log_in::Shown,
}

/// The grant that the form asks for.
enum Grant {
    Password(Box<TokenRequest>),
    #[cfg(feature = "totp")]
    SecondStep(SecondStep),
    #[cfg(feature = "totp")]
    Passkey(Box<AuthenticationResponse>),
    ByMail(ByMail),
    /// A grant that is not offered. Its fields are not read.
    Other,
}

impl Input for Grant {
    fn read(fields: &mut Fields) -> Option<Self> {
        let grant_type = fields.optional_text("grant_type");
        #[cfg(feature = "totp")]
        if matches!(&grant_type, Some(Some(grant)) if SECOND_STEPS.contains(&grant.as_str())) {
            let token = fields.text("mfa_token").map(Zeroizing::new);
            let shown = Shown::read(fields);
            return Some(Self::SecondStep(SecondStep { token: token?, shown: shown? }));
        }
        #[cfg(feature = "totp")]
        if matches!(&grant_type, Some(Some(grant)) if grant == PASSKEY) {
            let credential = fields.credential("credential", AuthenticationResponse::from_json);
            return Some(Self::Passkey(Box::new(credential?)));
        }
        if matches!(&grant_type, Some(Some(grant)) if grant == BY_MAIL) {
            let token = fields.text("login_token").map(Zeroizing::new);
            let shown = email_log_in::Shown::read(fields);
            return Some(Self::ByMail(ByMail { token: token?, shown: shown? }));
        }
        if matches!(&grant_type, Some(Some(grant)) if grant != "password") {
            return Some(Self::Other);
        }
        let username = fields.text("username");
        let password = fields.password("password");
        let scope = fields.optional_text("scope");
        let device_token = fields.optional_text("device_token");
        let attempt_token = fields.optional_text("attempt_token");
        #[cfg(feature = "totp")]
        let shown = Shown::optional(fields);
        let (grant_type, username, password, scope) = (grant_type?, username?, password?, scope?);
        let (device_token, attempt_token) = (device_token?, attempt_token?);
        Some(Self::Password(Box::new(TokenRequest {
            grant_type,
            username,
            password,
            scope,
            device_token,
            attempt_token,
            #[cfg(feature = "totp")]
            mfa_token: None,
            #[cfg(feature = "totp")]
            otp: shown?,
            #[cfg(feature = "totp")]
            recovery_code: None,
            #[cfg(feature = "totp")]
            credential: None,
            login_token: None,
            code: None,
        })))
    }
}

/// Log in and get a token.
///
/// For apps. Send the token as `Authorization: Bearer`.
#[utoipa::path(
    post, path = "/token", tag = "session",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Logged in", body = Token),
        (status = 400, description = "The grant is not `password`, or is switched off (`unsupported_grant_type`); or the password is correct, and a second factor is missing (`mfa_required`; with `enroll` if the user must add one first); or the password is correct, but the address must be verified first (`invalid_grant`); or the link of `attempt_token` does not work (`invalid_request`); or the log-in of `login_token` waits no longer (`invalid_grant`)", body = oauth::Body),
        (status = 401, description = "The address, the password or a code is wrong, or registration is private and the address is not verified (`invalid_grant`)", body = oauth::Body),
        (status = 403, description = "Another site's page sent this (`cross_site`), or the host refused this (`attempt_refused`, or a code of the host) or asks for more (`challenge_required`)", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts for this account or from this client address (`too_many_attempts`); a correct password is refused too. A device token or `POST /login-attempt` helps", body = oauth::ProblemBody, content_type = "application/problem+json", headers(("Retry-After" = u64, description = "Seconds until the next attempt is allowed"))),
        OAuthErrors,
    )
)]
async fn token(
    State(auth): State<Auth>,
    client: Client,
    form: Result<Form<Told<Grant>>, Error>,
) -> Result<Response, OAuthError> {
    let Form(Told { input: grant, fields }) = form?;
    let request = match grant {
        #[cfg(feature = "totp")]
        Grant::SecondStep(SecondStep { token, shown }) => {
            return take_second_step(&auth, &token, shown, client.telling(fields)).await;
        }
        #[cfg(feature = "totp")]
        Grant::Passkey(answer) => {
            let client = client.telling(fields);
            let log_in = passkey_log_in::log_in(&auth, &answer, Transport::Bearer, client, None);
            let (_, logged_in) = Box::pin(log_in).await?;
            return Ok(answers::token(logged_in));
        }
        Grant::ByMail(ByMail { token, shown }) => {
            let waiting = secret::hash(pending_login::TOKEN, &token).ok_or(Error::LogInExpired)?;
            let way = (waiting, Transport::Bearer);
            let taken = email_log_in::take(&auth, way, &shown, client.telling(fields), None);
            // As a wrong password.
            let wrong = |error| if error == Error::InvalidLink { Error::WrongOtp } else { error };
            return match Box::pin(taken).await.map_err(wrong)?.outcome {
                Outcome::LoggedIn(logged_in) => Ok(answers::token(logged_in)),
                Outcome::SecondStep(pending) => Err(OAuthError::MfaRequired(pending)),
            };
        }
        Grant::Password(request) if auth.config().password_grant && auth.config().password_login => request,
        _ => return Err(OAuthError::UnsupportedGrantType),
    };
    let device = request.device_token.as_deref().and_then(DeviceToken::read);
    let client = Client { device: device.or(client.device.clone()), ..client }.telling(fields);
    let link = request.attempt_token.as_deref();
    #[cfg(feature = "totp")]
    let again = client.clone();
    // In a box, so that a request takes little memory while its body arrives.
    let proved =
        Box::pin(credential::use_password(&auth, &request.username, request.password, &client, link));
    let (user, tx, _reserved) = proved.await?;
    let way = (Method::PASSWORD.into(), Transport::Bearer);
    match Box::pin(session::log_in(&auth, tx, &user, way, client, None)).await? {
        Outcome::LoggedIn(logged_in) => Ok(answers::token(logged_in)),
        #[cfg(feature = "totp")]
        Outcome::SecondStep(pending) => match (&pending.token, request.otp) {
            (Some(token), Some(shown)) => take_second_step(&auth, token, shown, again).await,
            _ => Err(OAuthError::MfaRequired(pending)),
        },
        #[cfg(not(feature = "totp"))]
        Outcome::SecondStep(pending) => Err(OAuthError::MfaRequired(pending)),
    }
}

/// Takes the second step, and answers as for a password.
#[cfg(feature = "totp")]
async fn take_second_step(
    auth: &Auth,
    token: &str,
    shown: Shown,
    client: Client,
) -> Result<Response, OAuthError> {
    let waiting = secret::hash(pending_login::TOKEN, token).ok_or(Error::LogInExpired)?;
    let (way, step) = ((waiting, Transport::Bearer), Step { shown, trust_browser: false });
    let (_, logged_in) = Box::pin(second_step::take(auth, way, &step, client, None)).await?;
    Ok(answers::token(logged_in))
}

/// A token to be ended (RFC 7009, section 2.1).
#[derive(ToSchema)]
#[schema(as = Revocation)]
pub(super) struct Revocation {
    /// The token. Its holder may end it.
    token: String,
    /// Accepted and ignored: a token itself shows its type.
    #[expect(dead_code, reason = "it is documented for clients that send it")]
    token_type_hint: Option<String>,
}

impl Input for Revocation {
    fn read(fields: &mut Fields) -> Option<Self> {
        let token = fields.text("token");
        let token_type_hint = fields.optional_text("token_type_hint");
        Some(Self { token: token?, token_type_hint: token_type_hint? })
    }
}

/// End a token.
///
/// After the answer no node accepts the token. The answer is the same for an unknown token (RFC 7009).
#[utoipa::path(
    post, path = "/revoke", tag = "session",
    request_body(content = Revocation, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is not valid any more, or never was"),
        (status = 403, description = "Another site's page sent this (`cross_site`)", body = Problem, content_type = "application/problem+json"),
        OAuthErrors,
    )
)]
async fn revoke(
    State(auth): State<Auth>,
    client: Client,
    form: Result<Form<Revocation>, Error>,
) -> Result<(), OAuthError> {
    let Form(revocation) = form?;
    if let Some(hash) = secret::hash(TOKEN, &revocation.token) {
        session::log_out(&auth, hash, &client).await?;
    }
    Ok(())
}
