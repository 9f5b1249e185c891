//! `/account/delete`: deleting one's account. Asks for the password once more.

use axum::{extract::State, response::Response};
use minijinja::context;

use crate::{
    base::{
        error::{Error, Result},
        http::input::Form,
    },
    features::account::flow,
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, Sent},
            page::Pages,
            visit::Member,
        },
    },
};

const TEMPLATE: &str = "pages/delete.html";

pub(crate) async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    let shown = context! { user => context! { email => &member.session.user.email } };
    pages.form(&member.visit, TEMPLATE, "password", shown)
}

pub(crate) async fn submit(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(visit.language);
    if let Some(password) = sent.password("wrong-password", &mut faults) {
        match flow::delete(auth, &session, password, &client).await {
            Ok(()) => {
                let answer = visit.go_done("login", "deleted");
                return Ok(cookies::logged_out(auth, answer));
            }
            Err(Error::WrongPassword) => faults.note::<()>("password", "wrong-password"),
            Err(error) => return Err(error),
        };
    }
    let shown = context! { user => context! { email => &session.user.email } };
    pages.form_again(&visit, TEMPLATE, &faults, &["password"], shown)
}
