//! A form with one field: the address that a mail is requested for.

use axum::response::Response;
use minijinja::{Value, context};

use crate::{
    base::{email::Email, error::Result},
    model::client::Client,
    web::pages::{
        form::{Faults, FormFields},
        page::Pages,
        visit::Visit,
    },
};

/// The form of a page. It is the same whether or not the address has an account.
pub(crate) struct AddressForm {
    pub(crate) template: &'static str,
}

impl AddressForm {
    /// Shows the form for the first time.
    ///
    /// # Errors
    /// [`Error::MailNotConfigured`](crate::base::error::Error::MailNotConfigured).
    pub(crate) fn show(&self, pages: &Pages, visit: &Visit) -> Result<Response> {
        pages.auth.require_mail()?;
        pages.form(visit, self.template, "email", context! {})
    }

    /// Answers the form. `ask` requests the mail, and `done` answers after that. It gets the typed address for its page.
    ///
    /// # Errors
    /// Errors of `ask` that have no alert.
    pub(crate) async fn submit(
        &self,
        pages: &Pages,
        visit: &Visit,
        (sent, client): (&FormFields, Client),
        ask: impl AsyncFnOnce(&Email, &Client) -> Result<()>,
        done: impl FnOnce(Value) -> Result<Response>,
    ) -> Result<Response> {
        let mut faults = Faults::new(&visit.words);
        let shown = context! { email => &*sent.email };
        let Some(email) = sent.email(&mut faults) else {
            return pages.form_again(visit, self.template, &faults, &["email"], shown);
        };
        match ask(&email, &sent.answered(client)).await {
            Ok(()) => done(shown),
            Err(error) => pages.form_refused(visit, self.template, &error, "email", shown),
        }
    }
}
