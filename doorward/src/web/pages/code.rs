//! What people do with a mail that they got: `/verify-email`, `/confirm-email` and `/undo-email-change`.
//!
//! The link in a mail shows a page with a button, and only the button does something: programs that scan mail open every
//! link. Who reads the mail on another device types its code instead.

use axum::{extract::State, response::Response};
use minijinja::context;

use crate::{
    accounts::one_time::proof::Proof,
    base::{
        email::Email,
        error::{Error, Result},
        http::input::Form,
    },
    features::{change_email, verify_email},
    model::client::Client,
    web::{
        current_user::CurrentUser,
        pages::{
            form::{Faults, Sent},
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

const TEMPLATE: &str = "pages/mailed.html";

/// What a mail asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wish {
    VerifyEmail,
    ConfirmEmail,
    UndoEmailChange,
}

impl Wish {
    /// The page, which names its texts too.
    fn page(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ConfirmEmail => "confirm-email",
            Self::UndoEmailChange => "undo-email-change",
        }
    }
}

pub(crate) async fn show_verify(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    show(&pages, &visit, Wish::VerifyEmail, "")
}

/// Also the page for who has just asked for the change, and waits for the mail: a code is for the address until now.
pub(crate) async fn show_confirm(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    let email = user.ok().flatten().map(|CurrentUser(user)| user.email).unwrap_or_default();
    show(&pages, &visit, Wish::ConfirmEmail, &email)
}

pub(crate) async fn show_undo(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    show(&pages, &visit, Wish::UndoEmailChange, "")
}

pub(crate) async fn submit_verify(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    submit(&pages, &visit, &client, &sent, Wish::VerifyEmail).await
}

pub(crate) async fn submit_confirm(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    submit(&pages, &visit, &client, &sent, Wish::ConfirmEmail).await
}

pub(crate) async fn submit_undo(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    submit(&pages, &visit, &client, &sent, Wish::UndoEmailChange).await
}

/// The page for who waits for a mail to verify an address.
pub(crate) fn wait(pages: &Pages, visit: &Visit, email: &str) -> Result<Response> {
    show(pages, &visit.having_done("verify-email"), Wish::VerifyEmail, email)
}

fn show(pages: &Pages, visit: &Visit, wish: Wish, email: &str) -> Result<Response> {
    // Without its link there is no page: such a mail has no code.
    if wish == Wish::UndoEmailChange && visit.token.is_none() {
        return Err(Error::InvalidLink);
    }
    let focus = if email.is_empty() { "email" } else { "code" };
    pages.form(
        visit,
        TEMPLATE,
        focus,
        context! { wish => wish.page(), token => visit.token.as_deref(), email },
    )
}

async fn submit(pages: &Pages, visit: &Visit, client: &Client, sent: &Sent, wish: Wish) -> Result<Response> {
    let auth = &pages.auth;
    let mut faults = Faults::new(visit.language);
    if let Some(proof) = sent.proof(&mut faults) {
        let (answered, done) = match (wish, &proof) {
            (Wish::VerifyEmail, _) => (verify_email::flow::verify(auth, &proof, client).await, "verified"),
            (Wish::ConfirmEmail, _) => (change_email::flow::confirm(auth, &proof, client).await, "email"),
            (Wish::UndoEmailChange, Proof::Link(token)) => {
                (change_email::flow::undo(auth, token, client).await, "undone")
            }
            (Wish::UndoEmailChange, Proof::Code { .. }) => (Err(Error::InvalidLink), ""),
        };
        match (answered, proof) {
            (Ok(()), _) => return Ok(visit.go_done("login", done)),
            (Err(Error::InvalidLink), Proof::Code { .. }) => faults.note::<()>("code", "wrong-code"),
            (Err(Error::TooManyAttempts(seconds)), Proof::Code { .. }) => {
                let shown = context! { wish => wish.page(), email => &*sent.email };
                return pages.code_refused(visit, TEMPLATE, seconds, shown);
            }
            (Err(error), Proof::Code { .. }) => {
                let shown = context! { wish => wish.page(), email => &*sent.email };
                return pages.form_refused(visit, TEMPLATE, &error, "code", shown);
            }
            (Err(error), Proof::Link(_)) => return Err(error),
        };
    }
    let shown = context! { wish => wish.page(), email => &*sent.email };
    pages.form_again(visit, TEMPLATE, &faults, &["email", "code"], shown)
}

/// `POST /verify-email/request`: another mail, for whoever reads mail at an address.
pub(crate) async fn ask(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let mut faults = Faults::new(visit.language);
    let Some(email) = sent.email(&mut faults) else {
        let shown = context! { wish => Wish::VerifyEmail.page(), email => &*sent.email };
        return pages.form_again(&visit, TEMPLATE, &faults, &["email"], shown);
    };
    verify_email::flow::ask(&pages.auth, &email, &client).await?;
    wait(&pages, &visit, &sent.email)
}

/// `POST /account/verify-email`: a mail for who is logged in.
pub(crate) async fn ask_for_own(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    client: Client,
) -> Result<Response> {
    if let Ok(email) = Email::parse(&session.user.email) {
        verify_email::flow::ask(&pages.auth, &email, &client).await?;
    }
    Ok(visit.go_done("account", "verify-email"))
}
