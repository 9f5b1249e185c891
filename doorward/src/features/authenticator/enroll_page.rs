//! `/login/enroll`: leads a person who must have a second factor from the password to their first authenticator app,
//! and from there into the account. It works without a script.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context};

use crate::{
    base::{
        error::{Error, Result},
        http::input::Form,
        secret::Hash,
        text::template::BuiltIn,
    },
    features::authenticator::{
        adding::{ADDING, CODES, enrolment, first_code_refused},
        enroll,
    },
    model::client::Client,
    web::{
        cookies, current_user,
        pages::{
            form::{Faults, FormFields},
            page::Pages,
            visit::Visit,
        },
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/enroll.html", include_str!("enroll.html"));

const CONFIRM: &str = "login/enroll/confirm";

/// The token of the log-in that waits in this browser.
fn token(pages: &Pages, headers: &HeaderMap) -> Result<Hash> {
    cookies::waiting_log_in(&pages.auth, headers).ok_or(Error::LogInExpired)
}

/// Leads to the log-in if it has to begin anew. Returns other errors.
fn anew(visit: &Visit, error: Error) -> Result<Response> {
    match error {
        Error::LogInExpired => Ok(visit.go_done("login", "login-expired")),
        error => Err(error),
    }
}

pub(super) async fn show(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response> {
    let waiting = async { enroll::waiting(&pages.auth, token(&pages, &headers)?).await };
    match waiting.await {
        Ok((user, _)) => {
            let user = context! { email => &user.email };
            pages.form(&visit, TEMPLATE.0, "", context! { user })
        }
        Err(error) => anew(&visit, error),
    }
}

pub(super) async fn begin(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response> {
    let begun = async { enroll::begin(&pages.auth, token(&pages, &headers)?).await };
    match begun.await {
        // A new address, so that reloading repeats nothing.
        Ok(()) => Ok(visit.go(CONFIRM)),
        Err(error) => anew(&visit, error),
    }
}

/// Returns what the page with the QR code shows. `None` if nothing was begun.
async fn shown(pages: &Pages, token: Hash) -> Result<Option<Value>> {
    let begun = enroll::begun(&pages.auth, token).await?;
    Ok(begun.map(|begun| enrolment(&begun, (CONFIRM, "login"))))
}

pub(super) async fn adding(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response> {
    let shown = async { shown(&pages, token(&pages, &headers)?).await };
    match shown.await {
        Ok(Some(shown)) => pages.form(&visit, ADDING.0, "code", shown),
        Ok(None) => Ok(visit.go("login/enroll")),
        Err(error) => anew(&visit, error),
    }
}

pub(super) async fn confirm(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let confirmed = async {
        let token = token(&pages, &headers)?;
        let otp = sent.otp(&mut faults).ok_or(Error::WrongOtp)?;
        Box::pin(enroll::confirm(auth, token, otp, client, replaced)).await
    };
    let error = match confirmed.await {
        Ok((logged_in, codes)) => {
            let next = visit.next();
            let language = visit.words.language.tag();
            let shown = context! { codes, done_page => "login", next, language };
            let page = pages.page(&visit, StatusCode::OK, CODES.0, shown)?;
            return Ok((cookies::second_step_taken(auth, &logged_in), page).into_response());
        }
        Err(Error::LogInExpired) => return anew(&visit, Error::LogInExpired),
        Err(error) => error,
    };
    let shown = match shown(&pages, token(&pages, &headers)?).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return Ok(visit.go("login/enroll")),
        Err(error) => return anew(&visit, error),
    };
    first_code_refused(&pages, &visit, faults, &error, shown)
}
