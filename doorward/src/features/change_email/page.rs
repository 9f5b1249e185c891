//! `/account/email` and `/account/password`: changing what one logs in with. Both ask for the password once more.

use axum::{extract::State, response::Response};
use minijinja::context;

use crate::{
    accounts::credential,
    base::{
        error::{Error, Result},
        http::input::Form,
    },
    features::{
        account,
        change_email::flow::{self, Asked},
    },
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, Sent},
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

const EMAIL: &str = "pages/change_email.html";
const PASSWORD: &str = "pages/change_password.html";

/// `GET /.well-known/change-password`, where password managers look
/// (<https://w3c.github.io/webappsec-change-password-url/>). They do so at the root of a host alone.
pub(crate) async fn well_known(visit: Visit) -> Response {
    visit.go("account/password")
}

pub(crate) async fn show_email(State(pages): State<Pages>, member: Member) -> Result<Response> {
    let shown = context! { user => context! { email => &member.session.user.email } };
    pages.form(&member.visit, EMAIL, "email", shown)
}

pub(crate) async fn submit_email(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(visit.language);
    let email = sent.email(&mut faults);
    let password = sent.password("wrong-password", &mut faults);
    let asked = match (email, password) {
        (Some(email), Some(password)) => {
            match credential::prove_again(auth, &session.user, password, &client).await {
                Ok(proved) => flow::ask(auth, &session, Some(&proved), &email, &client).await,
                Err(error) => Err(error),
            }
        }
        _ => Err(Error::Invalid(Vec::new())),
    };
    match asked {
        Ok((asked, renewed)) => {
            let answer = match asked {
                Asked::Done(_) => visit.go_done("account", "email"),
                Asked::Sent => visit.go_done("confirm-email", "confirm-email"),
            };
            return Ok(cookies::renewed(auth, renewed.as_ref(), answer));
        }
        Err(Error::EmailExists) => faults.note::<()>("email", "email-taken"),
        Err(Error::WrongPassword) => faults.note("password", "wrong-password"),
        Err(Error::Invalid(_)) => None,
        Err(error) => return Err(error),
    };
    let shown = context! { email => &*sent.email, user => context! { email => &session.user.email } };
    pages.form_again(&visit, EMAIL, &faults, &["email", "password"], shown)
}

pub(crate) async fn show_password(State(pages): State<Pages>, member: Member) -> Result<Response> {
    let shown = context! { user => context! { email => &member.session.user.email } };
    pages.form(&member.visit, PASSWORD, "password", shown)
}

pub(crate) async fn submit_password(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(visit.language);
    let current = sent.password("wrong-password", &mut faults);
    let new = sent.new_password(auth, &session.user.email, &mut faults).await?;
    if let (Some(current), Some(new)) = (current, new) {
        match account::flow::change_password(auth, &session, current, new, &client).await {
            Ok(renewed) => {
                let answer = visit.go_done("account", "password");
                return Ok(cookies::renewed(auth, Some(&renewed), answer));
            }
            Err(Error::WrongPassword) => faults.note::<()>("password", "wrong-password"),
            Err(error) => return Err(error),
        };
    }
    let shown = context! { user => context! { email => &session.user.email } };
    pages.form_again(&visit, PASSWORD, &faults, &["password", "new_password"], shown)
}
