//! `/verify-email`: verifies the address with the link or the code of a mail, or sends another mail.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};

use crate::{
    accounts::{limit::mails::Asker, one_time::proof::Proof},
    base::{email::Email, error::Result, http::input::Form},
    features::verify_email::flow,
    model::client::Client,
    web::{
        cookies,
        pages::{
            code,
            form::{Faults, FormFields},
            of_feature::PagesOf,
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

const PAGE: &str = "verify-email";

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new().route("/verify-email", get(show)).route("/account/verify-email", post(ask_for_own))
    },
    forms: &[("/verify-email", || post(submit)), ("/verify-email/request", || post(ask))],
    ..PagesOf::NONE
};

async fn show(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    code::show(&pages, &visit, PAGE, "")
}

async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut device = None;
    let verify = async |proof: &Proof| {
        device = Some(flow::verify(&pages.auth, proof, &client).await?);
        Ok(())
    };
    let answer = code::submit(&pages, &visit, (PAGE, "verified"), &sent, verify).await?;
    Ok(match &device {
        Some(device) => cookies::remembered(&pages.auth, device, answer),
        None => answer,
    })
}

/// `POST /verify-email/request`: sends another mail to the owner of an address.
async fn ask(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&visit.words);
    let Some(email) = sent.email(&mut faults) else {
        return code::show_again(&pages, &visit, PAGE, &sent, &faults);
    };
    let client = sent.answered(client);
    match flow::ask(&pages.auth, &email, Asker::anybody(&client)).await {
        Ok(()) => code::wait(&pages, &visit, &sent.email),
        Err(error) => code::refused(&pages, &visit, PAGE, &sent, &error),
    }
}

/// `POST /account/verify-email`: sends a mail to the user who is logged in.
async fn ask_for_own(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
) -> Result<Response> {
    if let Ok(email) = Email::of_account(&session.user.email) {
        flow::ask(&pages.auth, &email, Asker::user(&session.user, &client)).await?;
    }
    Ok(visit.go_done("account", "verify-email"))
}
