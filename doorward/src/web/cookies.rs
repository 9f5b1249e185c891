//! The cookies that Doorward sets: the session, the log-in that waits, the device, and the addresses that people were
//! sent on to. No other file writes `Set-Cookie`.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Response},
};

use crate::{
    accounts::{
        device::{self, Device},
        pending_login::{self, PendingLogIn},
        session::LoggedIn,
    },
    auth::Auth,
    base::{
        http::cookie::{self, Found},
        secret::{self, Hash},
    },
    model::client::DeviceToken,
};

/// Returns the name of the session cookie. Over https, its prefix makes browsers accept it from this host only (RFC
/// 6265bis, section 4.1.3.2).
pub(crate) fn session_name(auth: &Auth) -> &'static str {
    if auth.site().secure { "__Host-doorward" } else { "doorward" }
}

/// Returns the name of the device cookie, with the same prefix.
fn device_name(auth: &Auth) -> &'static str {
    if auth.site().secure { "__Host-doorward-device" } else { "doorward-device" }
}

/// Returns the name of the cookie of a log-in that waits for its second step, with the same prefix.
fn log_in_name(auth: &Auth) -> &'static str {
    if auth.site().secure { "__Host-doorward-login" } else { "doorward-login" }
}

/// Adds the cookie of a log-in that waits for its next step. It is no session.
pub(crate) fn second_step(auth: &Auth, pending: &PendingLogIn, answer: impl IntoResponse) -> Response {
    (waiting(auth, pending), answer).into_response()
}

/// Returns the hash of the token of the log-in of this browser that waits for its second step. `None` if there is no
/// such cookie, or more than one.
pub(crate) fn waiting_log_in(auth: &Auth, headers: &HeaderMap) -> Option<Hash> {
    let Found::One(token) = cookie::find(headers, log_in_name(auth)) else { return None };
    secret::hash(pending_login::TOKEN, std::str::from_utf8(token).ok()?)
}

/// Returns the `Set-Cookie` lines after the second step: those of a log-in, and one that ends the cookie of the log-in
/// that waited.
pub(crate) fn second_step_taken(
    auth: &Auth,
    session: &LoggedIn,
) -> AppendHeaders<Vec<(HeaderName, HeaderValue)>> {
    let AppendHeaders(mut lines) = logged_in(auth, session);
    lines.push((SET_COOKIE, set_cookie(auth, log_in_name(auth), "", 0)));
    AppendHeaders(lines)
}

/// Returns the `Set-Cookie` line of a log-in that waits for its second step.
pub(crate) fn waiting(
    auth: &Auth,
    pending: &PendingLogIn,
) -> AppendHeaders<Option<(HeaderName, HeaderValue)>> {
    let line = |token: &String| set_cookie(auth, log_in_name(auth), token, pending.lifetime());
    AppendHeaders(pending.token.as_ref().map(line).map(|line| (SET_COOKIE, line)))
}

/// Returns the name of the cookie with the addresses that people were sent on to, with the same prefix.
#[cfg(feature = "pages")]
fn sent_on_name(auth: &Auth) -> &'static str {
    if auth.site().secure { "__Host-doorward-next" } else { "doorward-next" }
}

/// Reads the cookie with the addresses that people were sent on to. It is not signed: see `web/pages/onward.rs`.
#[cfg(feature = "pages")]
pub(crate) fn sent_on<'a>(auth: &Auth, headers: &'a HeaderMap) -> &'a str {
    let Found::One(value) = cookie::find(headers, sent_on_name(auth)) else { return "" };
    std::str::from_utf8(value).unwrap_or_default()
}

/// Adds the cookie with the addresses that people were sent on to, for this many seconds. The value is ASCII without
/// signs that mean something in a cookie.
#[cfg(feature = "pages")]
pub(crate) fn sending_on(auth: &Auth, value: &str, seconds: i64, answer: impl IntoResponse) -> Response {
    (AppendHeaders([(SET_COOKIE, set_cookie(auth, sent_on_name(auth), value, seconds))]), answer)
        .into_response()
}

/// Reads the device cookie of a request. `None` if it is missing, came twice, or is not a token.
pub(crate) fn device(auth: &Auth, headers: &HeaderMap) -> Option<DeviceToken> {
    let Found::One(token) = cookie::find(headers, device_name(auth)) else { return None };
    DeviceToken::read(std::str::from_utf8(token).ok()?)
}

/// Returns the `Set-Cookie` lines after a log-in: the token of the new session, and the device token for another year.
pub(crate) fn logged_in(auth: &Auth, logged_in: &LoggedIn) -> AppendHeaders<Vec<(HeaderName, HeaderValue)>> {
    let session = set_cookie(auth, session_name(auth), &logged_in.token, logged_in.expires_in);
    let device = logged_in.device.as_ref().map(|device| set_device(auth, device));
    AppendHeaders([Some(session), device].into_iter().flatten().map(|line| (SET_COOKIE, line)).collect())
}

/// Adds the cookies to an answer if the session got a new token.
pub(crate) fn renewed(auth: &Auth, renewed: Option<&LoggedIn>, answer: impl IntoResponse) -> Response {
    (renewed.map(|renewed| logged_in(auth, renewed)), answer).into_response()
}

/// Adds the device cookie to an answer, because the browser has shown a proof from a mail. It logs nobody in.
pub(crate) fn remembered(auth: &Auth, device: &Device, answer: impl IntoResponse) -> Response {
    (AppendHeaders([(SET_COOKIE, set_device(auth, device))]), answer).into_response()
}

fn set_device(auth: &Auth, device: &Device) -> HeaderValue {
    set_cookie(auth, device_name(auth), &device.token.token, device::LIFETIME)
}

/// Adds a `Set-Cookie` to an answer that makes the browser forget the session.
pub(crate) fn logged_out(auth: &Auth, answer: impl IntoResponse) -> Response {
    (AppendHeaders([(SET_COOKIE, set_cookie(auth, session_name(auth), "", 0))]), answer).into_response()
}

fn set_cookie(auth: &Auth, name: &str, value: &str, max_age: i64) -> HeaderValue {
    let secure = if auth.site().secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(cookie).expect("our values are ASCII")
}
