//! A form that asks the owner of the account for the password again.

use axum::response::Response;
use minijinja::context;

use crate::{
    base::{
        error::{Error, Result},
        passwords::password::Password,
    },
    web::pages::{
        form::{Faults, FormFields},
        page::Pages,
        visit::Member,
    },
};

/// A form on a page of the account.
pub(crate) struct OwnerForm {
    pub(crate) template: &'static str,
    /// Its fields in their order. The cursor stands in the first one.
    pub(crate) fields: &'static [&'static str],
}

impl OwnerForm {
    /// Shows the form for the first time.
    pub(crate) fn show(&self, pages: &Pages, member: &Member) -> Result<Response> {
        let shown = context! { user => context! { email => &member.session.user.email } };
        pages.form(&member.visit, self.template, self.fields[0], shown)
    }

    /// Answers a form that has no other field. `act` does what the page is for.
    ///
    /// # Errors
    /// Those of `act` that are no fault of a field.
    pub(crate) async fn submit(
        &self,
        pages: &Pages,
        member: &Member,
        sent: &FormFields,
        act: impl AsyncFnOnce(Password) -> Result<Response>,
    ) -> Result<Response> {
        let mut faults = Faults::new(&member.visit.words);
        let answer = match sent.password("wrong-password", &mut faults) {
            Some(password) => Some(act(password).await),
            None => None,
        };
        self.finish(pages, member, sent, faults, answer)
    }

    /// Returns the answer of the feature, or shows the form again with its faults. There is no answer if a field was not
    /// well-formed.
    ///
    /// # Errors
    /// Errors of the answer that are not the fault of a field.
    pub(crate) fn finish(
        &self,
        pages: &Pages,
        member: &Member,
        sent: &FormFields,
        mut faults: Faults,
        answer: Option<Result<Response>>,
    ) -> Result<Response> {
        match answer {
            Some(Err(Error::WrongPassword)) => faults.note::<()>("password", "wrong-password"),
            Some(Err(Error::EmailExists)) => faults.note("email", "email-taken"),
            Some(Err(
                error @ (Error::AttemptRefused | Error::RefusedByHost { .. } | Error::ChallengeRequired(_)),
            )) => {
                let user = context! { email => &member.session.user.email };
                let shown = context! { email => &*sent.email, user };
                return pages.form_refused(&member.visit, self.template, &error, self.fields[0], shown);
            }
            Some(answer) => return answer,
            None => None,
        };
        let user = context! { email => &member.session.user.email };
        let shown = context! { email => &*sent.email, user };
        pages.form_again(&member.visit, self.template, &faults, self.fields, shown)
    }
}
