//! `/account/email`: the owner enters the password again and requests another address.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

use crate::{
    base::{
        email::Email, error::Result, http::input::Form, passwords::password::Password,
        text::template::BuiltIn,
    },
    features::change_email::{
        confirm_page,
        flow::{self, Asked},
        undo_page,
    },
    model::client::Client,
    web::{
        cookies,
        pages::{
            form::{Faults, FormFields},
            of_feature::PagesOf,
            owner_form::OwnerForm,
            page::Pages,
            visit::Member,
        },
    },
};

const TEMPLATE: BuiltIn = ("pages/change_email.html", include_str!("page.html"));

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new()
            .route("/account/email", get(show).post(submit))
            .route("/account/email-undo", get(undo_page::show_end).post(undo_page::submit_end))
            .route("/confirm-email", get(confirm_page::show))
            .route("/undo-email-change", get(undo_page::show))
            .route("/undo-email-change/request", get(undo_page::show_request))
    },
    forms: &[
        ("/confirm-email", || post(confirm_page::submit)),
        ("/undo-email-change", || post(undo_page::submit)),
        ("/undo-email-change/request", || post(undo_page::submit_request)),
    ],
    templates: &[TEMPLATE, undo_page::REQUEST, undo_page::END],
    ..PagesOf::NONE
};

const FORM: OwnerForm = OwnerForm { template: TEMPLATE.0, fields: &["email", "password"] };

async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    FORM.show(&pages, &member)
}

async fn submit(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let client = sent.answered(client);
    let mut faults = Faults::new(&member.visit.words);
    let email = sent.new_email(&mut faults);
    let password = sent.password("wrong-password", &mut faults);
    let answer = match (email, password) {
        (Some(email), Some(password)) => Some(ask(&pages, &member, &email, password, &client).await),
        _ => None,
    };
    FORM.finish(&pages, &member, &sent, faults, answer)
}

async fn ask(
    pages: &Pages,
    Member { session, visit }: &Member,
    email: &Email,
    password: Password,
    client: &Client,
) -> Result<Response> {
    let auth = &pages.auth;
    let (asked, renewed) = flow::ask(auth, session, password, email, client).await?;
    let answer = match asked {
        Asked::Done(_) => visit.go_done("account", "email"),
        Asked::Sent => visit.go_done("confirm-email", "confirm-email"),
    };
    Ok(cookies::renewed(auth, renewed.as_ref(), answer))
}
