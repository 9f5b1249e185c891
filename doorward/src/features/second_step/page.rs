//! `/login/second-step`: asks for a code of the authenticator app, or for a recovery code.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{second_factor::Shown, second_step},
    base::{
        error::{Error, Result},
        http::input::{Form, parameter},
        text::template::BuiltIn,
        time::Timestamp,
    },
    model::{client::Client, session::Transport},
    web::{
        cookies, current_user,
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::Pages,
            visit::Visit,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/second_step.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/login/second-step", get(show)),
    forms: &[("/login/second-step", || post(submit))],
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

/// The value of `?with=` that asks for a recovery code.
const RECOVERY: &str = "recovery_code";

fn shown(pages: &Pages, recovery: bool) -> Value {
    let now = Timestamp(pages.auth.now()).to_string();
    context! { recovery, time => now.get(11..16) }
}

async fn show(State(pages): State<Pages>, visit: Visit, headers: HeaderMap, uri: Uri) -> Result<Response> {
    if cookies::waiting_log_in(&pages.auth, &headers).is_none() {
        return Ok(visit.go("login"));
    }
    let recovery = parameter(&uri, "with").as_deref() == Some(RECOVERY);
    pages.form(&visit, TEMPLATE.0, "code", shown(&pages, recovery))
}

async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let Some(waiting) = cookies::waiting_log_in(auth, &headers) else {
        return Ok(visit.go_done("login", "login-expired"));
    };
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let Some(code) = sent.second_factor(&mut faults) else {
        return pages.form_again(&visit, TEMPLATE.0, &faults, &["code"], shown(&pages, false));
    };
    let way = (waiting, Transport::Cookie);
    match Box::pin(second_step::take(auth, way, &code, client, replaced)).await {
        Ok((_, logged_in)) => {
            let onward = onward::after_log_in(auth, &visit, &headers);
            Ok((cookies::second_step_taken(auth, &logged_in), onward).into_response())
        }
        Err(Error::LogInExpired) => Ok(visit.go_done("login", "login-expired")),
        Err(error @ (Error::WrongOtp | Error::WrongRecoveryCode)) => {
            let recovery = error == Error::WrongRecoveryCode;
            faults.note::<()>("code", if recovery { "wrong-recovery-code" } else { "wrong-otp" });
            pages.form_again(
                &visit,
                TEMPLATE.0,
                &faults,
                &["code"],
                shown(&pages, recovery || is_recovery(&code)),
            )
        }
        Err(error) => {
            pages.form_refused(&visit, TEMPLATE.0, &error, "code", shown(&pages, is_recovery(&code)))
        }
    }
}

fn is_recovery(code: &Shown) -> bool {
    matches!(code, Shown::RecoveryCode(_))
}
