//! `/login/email` asks for a mail that logs in, `/login/code` takes its code, and `/login/link` is where its link
//! leads.
//!
//! The link shows a button only in the browser that asked for it. Elsewhere it shows where the log-in was begun, and
//! the code to type there.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{
        email_log_in::{self, Elsewhere, Shown, Taken},
        pending_login::by_mail::{self, Waiting},
        session::Outcome,
    },
    base::{
        email::Email,
        error::{Error, Result},
        http::input::Form,
        secret::Hash,
        text::template::BuiltIn,
    },
    model::{client::Client, session::Transport},
    web::{
        cookies,
        current_user::{self, CurrentUser},
        next,
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::{Link, Pages},
            program_name::program_name,
            visit::Visit,
        },
    },
};

const ASK: BuiltIn = ("pages/email_login.html", include_str!("ask.html"));
const CODE: BuiltIn = ("pages/email_login_code.html", include_str!("code.html"));
const LINK: BuiltIn = ("pages/email_login_link.html", include_str!("link.html"));

/// The seconds after which another mail can be asked for.
const PAUSE: i64 = 30;

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/login/email", get(show_ask))
            .route("/login/code", get(show_code).post(submit_code))
            .route("/login/code/again", post(again))
            .route("/login/link", get(show_link).post(submit_link))
    },
    forms: &[("/login/email", || post(ask))],
    templates: &[ASK, CODE, LINK],
    links: &[Link {
        page: "login/email",
        text: "email-login-link",
        shown: |auth| auth.config().email_login && auth.config().password_login,
    }],
};

async fn show_ask(
    State(pages): State<Pages>,
    visit: Visit,
    headers: HeaderMap,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    if user?.is_some() {
        return onward::logged_in_already(&pages, &visit, &headers);
    }
    if !pages.auth.config().email_login {
        return Err(Error::EmailLogInOff);
    }
    pages.form(&visit, ASK.0, "email", context! {})
}

/// Goes on to the page for the code. It is the same whether or not the address has an account.
async fn ask(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&visit.words);
    let shown = context! { email => &*sent.email };
    let Some(email) = sent.email(&mut faults) else {
        return pages.form_again(&visit, ASK.0, &faults, &["email"], shown);
    };
    let (auth, client) = (&pages.auth, sent.answered(client));
    match email_log_in::ask(auth, &email, visit.next(), Transport::Cookie, &client).await {
        Ok(pending) => Ok(cookies::second_step(auth, &pending, visit.go(pending.page()))),
        Err(error) => pages.form_refused(&visit, ASK.0, &error, "email", shown),
    }
}

/// Returns the log-in of this browser that waits for a mail.
async fn waiting(pages: &Pages, headers: &HeaderMap) -> Result<Option<(Hash, Waiting)>> {
    let Some(token) = cookies::waiting_log_in(&pages.auth, headers) else { return Ok(None) };
    let found = by_mail::find(&pages.auth, token).await?;
    Ok(found.filter(|found| found.transport == Transport::Cookie).map(|found| (token, found)))
}

/// What the page for the code shows.
fn shown(waiting: &Waiting) -> Value {
    context! { email => &*waiting.email, after_password => waiting.after_password }
}

async fn show_code(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response> {
    match waiting(&pages, &headers).await? {
        Some((_, waiting)) => pages.form(&visit, CODE.0, "code", shown(&waiting)),
        None => Ok(visit.go("login")),
    }
}

async fn submit_code(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let Some((token, waiting)) = waiting(&pages, &headers).await? else {
        return Ok(visit.go_done("login", "login-expired"));
    };
    let mut faults = Faults::new(&visit.words);
    let Some(code) = sent.log_in_code(&mut faults) else {
        return pages.form_again(&visit, CODE.0, &faults, &["code"], shown(&waiting));
    };
    match take(&pages, &visit, (token, code), client, &headers).await {
        Err(Error::InvalidLink) => {
            faults.note::<()>("code", "wrong-login-code");
            pages.form_again(&visit, CODE.0, &faults, &["code"], shown(&waiting))
        }
        Err(Error::TooManyAttempts(seconds)) => pages.code_refused(&visit, CODE.0, seconds, shown(&waiting)),
        answer => answer,
    }
}

/// `POST /login/code/again`: sends another mail.
async fn again(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
) -> Result<Response> {
    let auth = &pages.auth;
    let waiting = waiting(&pages, &headers).await?.map(|(_, waiting)| waiting);
    // The password is asked for again: it may have changed.
    let Some(waiting) = waiting.filter(|waiting| !waiting.after_password) else {
        return Ok(visit.go_done("login", "login-expired"));
    };
    if auth.now() < waiting.created_at + PAUSE {
        return Ok(visit.go_done("login/code", "login-code-wait"));
    }
    let email = Email::known(&waiting.email).map_err(|_| Error::LogInExpired)?;
    match email_log_in::ask(auth, &email, waiting.next.as_deref(), Transport::Cookie, &client).await {
        Ok(pending) => {
            let page = visit.go_done(pending.page(), "login-code-again");
            Ok(cookies::second_step(auth, &pending, page))
        }
        Err(error) => pages.form_refused(&visit, CODE.0, &error, "code", shown(&waiting)),
    }
}

async fn show_link(State(pages): State<Pages>, visit: Visit, headers: HeaderMap) -> Result<Response> {
    let Some(token) = &visit.token else { return Ok(visit.go("login")) };
    link_page(&pages, &visit, &headers, token).await
}

/// Shows the button in the browser that asked for the link, and elsewhere the way back. This changes nothing.
async fn link_page(pages: &Pages, visit: &Visit, headers: &HeaderMap, token: &str) -> Result<Response> {
    let Elsewhere { mailed, place, code } = email_log_in::look(&pages.auth, token).await?;
    let own = waiting(pages, headers).await?.filter(|(_, waiting)| waiting.mailed == Some(mailed));
    let shown = match own {
        Some((_, waiting)) => context! { token, email => waiting.email },
        None => {
            let program = program_name(&visit.words, place.user_agent.as_deref());
            let place = [Some(program), place.ip].into_iter().flatten().collect::<Vec<_>>().join(", ");
            context! { place, code }
        }
    };
    Ok(pages.page(visit, StatusCode::OK, LINK.0, shown)?.into_response())
}

async fn submit_link(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let token = sent.token();
    let mailed = email_log_in::look(&pages.auth, token).await?.mailed;
    match waiting(&pages, &headers).await? {
        Some((waiting, own)) if own.mailed == Some(mailed) => {
            take(&pages, &visit, (waiting, Shown::Link(token.to_owned())), client, &headers).await
        }
        _ => link_page(&pages, &visit, &headers, token).await,
    }
}

/// Takes the link or the code, and leads on: to where the person wanted, or to the next step.
async fn take(
    pages: &Pages,
    visit: &Visit,
    (waiting, proof): (Hash, Shown),
    client: Client,
    headers: &HeaderMap,
) -> Result<Response> {
    let auth = &pages.auth;
    let replaced = current_user::session_cookie(auth, headers)?;
    let way = (waiting, Transport::Cookie);
    let taken = match Box::pin(email_log_in::take(auth, way, &proof, client, replaced)).await {
        Err(Error::LogInExpired) => return Ok(visit.go_done("login", "login-expired")),
        taken => taken?,
    };
    let Taken { outcome, next, .. } = taken;
    // The settings may have changed since then.
    let visit = match next.filter(|next| next::checked(next, auth.site()).is_some()) {
        Some(next) => visit.leading_to(next),
        None => visit.clone(),
    };
    Ok(match outcome {
        Outcome::LoggedIn(logged_in) => {
            let onward = onward::after_log_in(auth, &visit, headers);
            (cookies::second_step_taken(auth, &logged_in), onward).into_response()
        }
        Outcome::SecondStep(pending) => cookies::second_step(auth, &pending, visit.go(pending.page())),
    })
}
