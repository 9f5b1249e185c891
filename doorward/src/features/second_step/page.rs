//! `/login/second-step`: asks for a passkey, a code of the authenticator app, or a recovery code.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{
        pending_login::{self, Stage},
        second_factor::Shown,
        second_step::{self, Step},
    },
    base::{
        error::{Error, Result},
        http::input::{Form, parameter},
        secret::Hash,
        text::template::BuiltIn,
        time::Timestamp,
    },
    model::{
        client::Client,
        session::{SecondFactor, Transport},
    },
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

/// What the page shows to the user whose log-in waits.
async fn shown(pages: &Pages, waiting: Hash, recovery: bool, trusting: bool) -> Result<Value> {
    let now = Timestamp(pages.auth.now()).to_string();
    let factors = second_step::factors(&pages.auth, (waiting, Transport::Cookie)).await?;
    let methods: Vec<&str> = factors.methods().into_iter().map(SecondFactor::as_str).collect();
    Ok(context! {
        recovery,
        time => now.get(11..16),
        has_passkey => methods.contains(&"passkey"),
        has_code => factors.totp.is_some(),
        has_recovery => methods.contains(&"recovery_code"),
        trust => trust(pages),
        trusting,
    })
}

/// How long this browser can be trusted, in words. `None` if the settings do not allow it.
fn trust(pages: &Pages) -> Option<Value> {
    const HOUR: u64 = 3600;
    match pages.auth.config().trust_browser_for.as_secs() {
        0 => None,
        seconds if seconds < 48 * HOUR => {
            Some(context! { text => "trust-browser-hours", count => seconds.div_ceil(HOUR) })
        }
        seconds => Some(context! { text => "trust-browser", count => seconds / (24 * HOUR) }),
    }
}

async fn show(State(pages): State<Pages>, visit: Visit, headers: HeaderMap, uri: Uri) -> Result<Response> {
    let Some(waiting) = cookies::waiting_log_in(&pages.auth, &headers) else { return Ok(visit.go("login")) };
    let found = pending_login::find(&pages.auth, waiting, Transport::Cookie).await?;
    if let Some(found) = found.filter(|found| found.stage != Stage::SecondStep) {
        return Ok(visit.go(found.stage.page()));
    }
    let recovery = parameter(&uri, "with").as_deref() == Some(RECOVERY);
    match shown(&pages, waiting, recovery, false).await {
        Ok(shown) => pages.form(&visit, TEMPLATE.0, "code", shown),
        Err(Error::LogInExpired) => Ok(visit.go_done("login", "login-expired")),
        Err(error) => Err(error),
    }
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
    let trusting = sent.trust_browser;
    let Some(code) = sent.second_factor(&mut faults) else {
        let shown = shown(&pages, waiting, false, trusting).await?;
        return pages.form_again(&visit, TEMPLATE.0, &faults, &["code"], shown);
    };
    let is_recovery = matches!(code, Shown::RecoveryCode(_));
    let (way, step) = ((waiting, Transport::Cookie), Step { shown: code, trust_browser: trusting });
    match Box::pin(second_step::take(auth, way, &step, client, replaced)).await {
        Ok((_, logged_in)) => {
            let onward = onward::after_log_in(auth, &visit, &headers);
            Ok((cookies::second_step_taken(auth, &logged_in), onward).into_response())
        }
        Err(Error::LogInExpired) => Ok(visit.go_done("login", "login-expired")),
        Err(error @ (Error::WrongOtp | Error::WrongRecoveryCode)) => {
            let recovery = error == Error::WrongRecoveryCode;
            faults.note::<()>("code", if recovery { "wrong-recovery-code" } else { "wrong-otp" });
            let shown = shown(&pages, waiting, recovery || is_recovery, trusting).await?;
            pages.form_again(&visit, TEMPLATE.0, &faults, &["code"], shown)
        }
        Err(error) => {
            let shown = shown(&pages, waiting, is_recovery, trusting).await?;
            pages.form_refused(&visit, TEMPLATE.0, &error, "code", shown)
        }
    }
}
