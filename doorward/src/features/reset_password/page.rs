//! `/forgot-password` sends a mail to a user who forgot the password. `/reset-password` sets the new password.

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use minijinja::{Value, context};

use crate::{
    accounts::{limit::new_passwords, one_time::proof::Proof, ways_in::Way},
    base::{
        email::Email,
        error::{Error, Result},
        http::input::Form,
        passwords::queue::Class,
        text::template::BuiltIn,
        time::Timestamp,
    },
    features::reset_password::flow::{self, Reset},
    model::{client::Client, purpose::Purpose},
    web::{
        cookies,
        pages::{
            address_form::AddressForm,
            form::{Faults, FormFields},
            of_feature::PagesOf,
            page::{Link, Pages},
            visit::Visit,
        },
    },
};

const FORGOT: BuiltIn = ("pages/forgot_password.html", include_str!("forgot_page.html"));
const RESET: BuiltIn = ("pages/reset_password.html", include_str!("page.html"));

const FORGOT_FORM: AddressForm = AddressForm { template: FORGOT.0 };

pub(super) const PAGES: PagesOf = PagesOf {
    routes: || {
        Router::new().route("/forgot-password", get(show_forgot)).route("/reset-password", get(show_reset))
    },
    forms: &[("/forgot-password", || post(submit_forgot)), ("/reset-password", || post(submit_reset))],
    templates: &[FORGOT, RESET],
    links: &[Link {
        page: "forgot-password",
        text: "forgot-password-question",
        shown: |auth| auth.mail().works() && auth.config().password_login,
    }],
};

async fn show_forgot(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    pages.auth.require_passwords()?;
    FORGOT_FORM.show(&pages, &visit)
}

/// Shows the form for the code. It is the same whether or not the address has an account.
async fn submit_forgot(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let ask = async |email: &Email, client: &Client| flow::ask(&pages.auth, email, client).await;
    let done = |shown| pages.form(&visit.with_done("sent"), RESET.0, "code", shown);
    FORGOT_FORM.submit(&pages, &visit, (&sent, client), ask, done).await
}

async fn show_reset(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    pages.auth.require_passwords()?;
    let Some(token) = &visit.token else {
        return pages.form(&visit, RESET.0, "email", context! {});
    };
    // This does not use up the link. The holder of the link may learn the address.
    let email = Proof::Link(token.clone()).address(&pages.auth, Purpose::RESET_PASSWORD).await?;
    let shown = context! { token, user => context! { email }, ..others(&pages, &visit, token).await? };
    pages.form(&visit, RESET.0, "new_password", shown)
}

/// What else logs in to the account of this link, and whether the button removes some of it.
async fn others(pages: &Pages, visit: &Visit, token: &str) -> Result<Value> {
    let ways = flow::others(&pages.auth, token).await?;
    let removable = ways.iter().any(|way| way.is_new(&pages.auth));
    let line = |way: &Way| {
        let variables =
            [("count", way.count.into()), ("date", visit.words.date(Timestamp(way.added_at)).into())];
        visit.words.text(way.text, &variables)
    };
    Ok(context! { ways => ways.iter().map(line).collect::<Vec<_>>(), removable })
}

async fn submit_reset(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(&visit.words);
    let attempt = new_passwords::count(auth, &client).await?;
    let proof = sent.proof(&mut faults);
    let address = match &proof {
        Some(proof) => proof.address(auth, Purpose::RESET_PASSWORD).await?,
        None => String::new(),
    };
    let new = sent.new_password(auth, &address, client.caller(Class::Register), &mut faults).await?;
    let shown = match &proof {
        Some(Proof::Link(token)) => {
            let others = others(&pages, &visit, token).await?;
            context! { token, user => context! { email => address }, ..others }
        }
        _ => context! { email => &*sent.email },
    };
    if let (Some(proof), Some(new)) = (proof, new) {
        match (flow::reset(auth, attempt, &proof, (new, sent.remove_others), &client).await, proof) {
            (Ok(Reset { device, removed, left }), _) => {
                let done = match (removed, left) {
                    (true, false) => "reset-removed",
                    (false, false) => "reset",
                    (_, true) => "reset-left",
                };
                return Ok(cookies::remembered(auth, &device, visit.go_done("login", done)));
            }
            (Err(Error::InvalidLink), Proof::Code { .. }) => faults.note::<()>("code", "wrong-code"),
            (Err(Error::TooManyAttempts(seconds)), Proof::Code { .. }) => {
                return pages.code_refused(&visit, RESET.0, seconds, shown);
            }
            (Err(error), _) => return pages.form_refused(&visit, RESET.0, &error, "new_password", shown),
        };
    }
    pages.form_again(&visit, RESET.0, &faults, &["email", "code", "new_password"], shown)
}
