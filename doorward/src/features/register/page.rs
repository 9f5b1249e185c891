//! `/register`: creates an account and logs the user in.

use std::collections::HashMap;

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{
        email_log_in,
        limit::new_passwords,
        session::{self, Outcome},
    },
    base::{
        config::Registration as Mode,
        email::Email,
        error::{Error, Result},
        http::input::Form,
        passwords::queue::Class,
        text::template::BuiltIn,
    },
    features::register::flow::{self, Registered},
    model::{
        client::Client,
        session::{Method, Transport},
    },
    web::{
        cookies,
        current_user::{self, CurrentUser},
        pages::{
            code,
            form::{Faults, FormFields},
            of_feature::PagesOf,
            onward,
            page::Pages,
            profile_fields,
            visit::Visit,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/register.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || Router::new().route("/register", get(show)),
    forms: &[("/register", || post(submit))],
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    headers: HeaderMap,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    match user? {
        Some(_) => onward::logged_in_already(&pages, &visit, &headers),
        None => {
            let fields = profile_fields::form(&pages, &visit, &HashMap::new());
            pages.form(&visit, TEMPLATE.0, "email", context! { fields })
        }
    }
}

async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, client) = (&pages.auth, sent.answered(client));
    if auth.config().registration() == Mode::Closed {
        return Err(Error::RegistrationClosed);
    }
    let replaced = current_user::session_cookie(auth, &headers)?;
    let mut faults = Faults::new(&visit.words);
    let email = sent.new_email(&mut faults);
    let profile = sent.profile(auth, &mut faults);
    let attempt = new_passwords::count(auth, &client).await?;
    let caller = client.caller(Class::Register);
    let passwords = auth.config().password_login;
    let password = match passwords {
        true => sent.first_password(auth, &sent.email, caller, &mut faults).await?,
        false => None,
    };
    let fields = profile_fields::form(&pages, &visit, &sent.profile);
    let shown = context! { email => &*sent.email, fields };
    let (Some(email), Some(profile)) = (email, profile) else {
        return again(&pages, &visit, &faults, shown);
    };
    if passwords && password.is_none() {
        return again(&pages, &visit, &faults, shown);
    }
    let registered = async {
        let registered = flow::register(auth, attempt, (&email, profile), password, &client).await?;
        if !passwords {
            let email = match &registered {
                Registered::Done(user) => Email::of_account(&user.email).map_err(|_| Error::Internal)?,
                Registered::Sent(email) => email.clone(),
            };
            let way = Transport::Cookie;
            let pending = email_log_in::ask(auth, &email, visit.next(), way, &client).await?;
            return Ok(cookies::second_step(auth, &pending, visit.go(pending.page())));
        }
        let user = match registered {
            Registered::Done(user) if !auth.config().requires_verified_email() => user,
            // The host may have changed the address.
            Registered::Done(user) => return code::wait(&pages, &visit, &user.email),
            Registered::Sent(email) => return code::wait(&pages, &visit, &email.typed),
        };
        let tx = auth.db().begin().await?;
        let way = (Method::PASSWORD.into(), Transport::Cookie);
        Ok(match session::log_in(auth, tx, &user, way, client, replaced).await? {
            Outcome::LoggedIn(logged_in) => {
                let onward = onward::after_log_in(auth, &visit, &headers);
                (cookies::logged_in(auth, &logged_in), onward).into_response()
            }
            Outcome::SecondStep(pending) => {
                let page = visit.go(pending.page());
                cookies::second_step(auth, &pending, page)
            }
        })
    };
    // In a box, so that a request takes little memory while its body arrives.
    match Box::pin(registered).await {
        Ok(response) => Ok(response),
        Err(Error::EmailExists) => {
            faults.note::<()>("email", "email-taken");
            again(&pages, &visit, &faults, shown)
        }
        Err(error) => pages.form_refused(&visit, TEMPLATE.0, &error, "password", shown),
    }
}

/// Shows the form again, with the faults of its fields.
fn again(pages: &Pages, visit: &Visit, faults: &Faults, shown: Value) -> Result<Response> {
    let further = profile_fields::names(pages);
    let order: Vec<&str> =
        ["email", "password"].into_iter().chain(further.iter().map(String::as_str)).collect();
    pages.form_again(visit, TEMPLATE.0, faults, &order, shown)
}
