//! `/account/password`: the owner enters the current password and a new one.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    base::{error::Result, http::input::Form, passwords::queue::Class, text::template::BuiltIn},
    features::change_password::flow,
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            owner_form::OwnerForm,
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/change_password.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/password", get(show).post(submit))
            .route("/.well-known/change-password", get(well_known))
    },
    templates: &[TEMPLATE],
    ..PagesOf::NONE
};

const FORM: OwnerForm = OwnerForm { template: TEMPLATE.0, fields: &["password", "new_password"] };

/// `GET /.well-known/change-password`: leads password managers to the page
/// (<https://w3c.github.io/webappsec-change-password-url/>). They look only at the root of a host.
async fn well_known(visit: Visit) -> Response {
    visit.go("account/password")
}

async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    pages.auth.require_passwords()?;
    FORM.show(&pages, &member)
}

async fn submit(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let (auth, session) = (&pages.auth, &member.session);
    let mut faults = Faults::new(&member.visit.words);
    let current = sent.password("wrong-password", &mut faults);
    let new =
        sent.new_password(auth, &session.user.email, client.caller(Class::Session), &mut faults).await?;
    let answer = match (current, new) {
        (Some(current), Some(new)) => {
            let renewed = flow::change_password(auth, session, current, new, &client).await;
            let answer =
                |renewed| cookies::renewed(auth, Some(&renewed), member.visit.go_done("account", "password"));
            Some(renewed.map(answer))
        }
        _ => None,
    };
    FORM.finish(&pages, &member, &sent, faults, answer)
}
