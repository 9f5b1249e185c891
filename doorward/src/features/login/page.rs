//! `/login`: logs in with a password. The link of a mail opens it with a token that allows one attempt.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::context;

use crate::{
    accounts::{
        credential,
        one_time::proof::Proof,
        session::{self, Outcome},
    },
    base::{
        email::Email,
        error::{Error, Result},
        http::input::{Form, parameter},
        text::template::BuiltIn,
    },
    features::login::logout_page,
    model::{
        client::Client,
        purpose::Purpose,
        session::{Method, Transport},
    },
    web::{
        cookies,
        current_user::{self, CurrentUser},
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::Pages,
            visit::Visit,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/login.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/login", get(show)).route("/logout", get(logout_page::show)),
    forms: &[("/login", || post(submit)), ("/logout", || post(logout_page::submit))],
    templates: &[TEMPLATE, logout_page::TEMPLATE],
    ..PagesOf::NONE
};

async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    if user?.is_some() {
        return onward::logged_in_already(&pages, &visit, &headers);
    }
    let Some(token) = &visit.token else {
        // An app may know the address. It may also send something else.
        let hinted = parameter(&uri, "login_hint").filter(|hint| Email::known(hint).is_ok());
        let focus = if hinted.is_some() && pages.auth.config().password_login { "password" } else { "email" };
        return pages.form(&visit, TEMPLATE.0, focus, context! { email => hinted, links => pages.links() });
    };
    // The link of a mail allows one attempt. This does not use it up. Its holder may learn the address.
    let email = Proof::Link(token.clone()).address(&pages.auth, Purpose::LOGIN_ATTEMPT).await?;
    let shown = context! { email, attempt_token => token, links => pages.links() };
    pages.form(&visit, TEMPLATE.0, "password", shown)
}

async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, client) = (&pages.auth, sent.answered(client));
    auth.require_passwords()?;
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let email = sent.email(&mut faults);
    let password = sent.password("alert-wrong-credentials", &mut faults);
    let link = Some(&*sent.attempt_token).filter(|token| !token.is_empty());
    let shown = context! { email => &*sent.email, links => pages.links() };
    let (Some(_), Some(password)) = (email, password) else {
        // The link is not used up.
        let shown = context! { attempt_token => link, ..shown };
        return pages.form_again(&visit, TEMPLATE.0, &faults, &["email", "password"], shown);
    };
    let logged_in = async {
        let (user, tx, _reserved) =
            credential::use_password(auth, &sent.email, password, &client, link).await?;
        session::log_in(auth, tx, &user, (Method::PASSWORD.into(), Transport::Cookie), client, replaced).await
    };
    // In a box, so that a request takes little memory while its body arrives.
    match Box::pin(logged_in).await {
        Ok(Outcome::SecondStep(pending)) => {
            let page = visit.go(pending.page());
            Ok(cookies::second_step(auth, &pending, page))
        }
        Ok(Outcome::LoggedIn(logged_in)) => {
            let onward = onward::after_log_in(auth, &visit, &headers);
            Ok((cookies::logged_in(auth, &logged_in), onward).into_response())
        }
        Err(error) => {
            // If the password was not checked, the link still works.
            let checked = matches!(error, Error::WrongCredentials | Error::EmailNotVerified);
            let unused = link.filter(|_| !checked);
            let blocked = matches!(error, Error::TooManyLogIns(_)) || link.is_some() && checked;
            let shown = context! { attempt_token => unused, blocked, ..shown };
            pages.form_refused(&visit, TEMPLATE.0, &error, "password", shown)
        }
    }
}
