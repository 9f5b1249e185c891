//! The form for a proof from a mail. The link in the mail opens it with a token, or the user types the code.
//!
//! The link only shows a page with a button. The button does the work, because programs that scan mail open every link.
//! A user who reads the mail on another device types its code instead.

use axum::response::Response;
use minijinja::context;

use crate::{
    accounts::one_time::proof::Proof,
    base::error::{Error, Result},
    web::pages::{
        form::{Faults, FormFields},
        page::Pages,
        visit::Visit,
    },
};

const TEMPLATE: &str = "pages/mailed.html";

/// Shows the form of a page. The name of the page also names its texts.
pub(crate) fn show(pages: &Pages, visit: &Visit, page: &str, email: &str) -> Result<Response> {
    let focus = if email.is_empty() { "email" } else { "code" };
    let shown = context! { wish => page, token => visit.token.as_deref(), email };
    pages.form(visit, TEMPLATE, focus, shown)
}

/// Shows the page `verify-email` to a user who waits for the mail to this address.
pub(crate) fn wait(pages: &Pages, visit: &Visit, email: &str) -> Result<Response> {
    show(pages, &visit.with_done("verify-email"), "verify-email", email)
}

/// Shows the form of a page again, with the faults of its fields.
pub(crate) fn show_again(
    pages: &Pages,
    visit: &Visit,
    page: &str,
    sent: &FormFields,
    faults: &Faults,
) -> Result<Response> {
    let shown = context! { wish => page, email => &*sent.email };
    pages.form_again(visit, TEMPLATE, faults, &["email", "code"], shown)
}

/// Shows the form of a page again, with an alert for this error. Returns an error that has no alert.
pub(crate) fn refused(
    pages: &Pages,
    visit: &Visit,
    page: &str,
    sent: &FormFields,
    error: &Error,
) -> Result<Response> {
    let shown = context! { wish => page, email => &*sent.email };
    pages.form_refused(visit, TEMPLATE, error, "email", shown)
}

/// Answers the form of a page. `proved` is the result of its feature, and `done` names the text that reports success.
/// After a refused code, the form is shown again with the fault.
pub(crate) async fn submit(
    pages: &Pages,
    visit: &Visit,
    (page, done): (&str, &str),
    sent: &FormFields,
    prove: impl AsyncFnOnce(&Proof) -> Result<()>,
) -> Result<Response> {
    let mut faults = Faults::new(&visit.words);
    let Some(proof) = sent.proof(&mut faults) else {
        return show_again(pages, visit, page, sent, &faults);
    };
    let shown = context! { wish => page, email => &*sent.email };
    match (prove(&proof).await, proof) {
        (Ok(()), _) => Ok(visit.go_done("login", done)),
        (Err(Error::InvalidLink), Proof::Code { .. }) => {
            faults.note::<()>("code", "wrong-code");
            show_again(pages, visit, page, sent, &faults)
        }
        (Err(Error::TooManyAttempts(seconds)), Proof::Code { .. }) => {
            pages.code_refused(visit, TEMPLATE, seconds, shown)
        }
        (Err(error), Proof::Code { .. }) => pages.form_refused(visit, TEMPLATE, &error, "code", shown),
        (Err(error), Proof::Link(_)) => Err(error),
    }
}
