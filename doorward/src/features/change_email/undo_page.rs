//! `/undo-email-change` is behind the link in the mail to a former address. `/undo-email-change/request` sends that mail
//! again. `/account/email-undo` ends what former addresses can do.

use axum::{extract::State, response::Response};
use minijinja::context;

use crate::{
    accounts::one_time::proof::Proof,
    base::{
        error::{Error, Result},
        http::input::Form,
        text::template::BuiltIn,
    },
    features::change_email::flow::{self, Undone},
    model::client::Client,
    web::{
        cookies,
        pages::{
            code,
            form::{Faults, FormFields},
            owner_form::OwnerForm,
            page::Pages,
            visit::{Member, Visit},
        },
    },
};

pub(super) const REQUEST: BuiltIn = ("pages/request_undo.html", include_str!("request_undo_page.html"));
pub(super) const END: BuiltIn = ("pages/end_undo.html", include_str!("end_undo_page.html"));

const END_FORM: OwnerForm = OwnerForm { template: END.0, fields: &["password"] };

/// Shows the page of the link. Without a token there is no page, because the mail has no code.
pub(super) async fn show(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    if visit.token.is_none() {
        return Err(Error::InvalidLink);
    }
    code::show(&pages, &visit, "undo-email-change", "")
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let Some(Proof::Link(token)) = sent.proof(&mut Faults::new(&visit.words)) else {
        return Err(Error::InvalidLink);
    };
    Ok(match flow::undo(&pages.auth, &token, &client).await? {
        Undone::GivenBack => visit.go_done("login", "undone"),
        Undone::Frozen => visit.go_done("login", "frozen"),
    })
}

pub(super) async fn show_request(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    pages.auth.require_mail()?;
    pages.form(&visit, REQUEST.0, "email", context! {})
}

/// Answers the same for every address.
pub(super) async fn submit_request(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let mut faults = Faults::new(&visit.words);
    let Some(former) = sent.email(&mut faults) else {
        return pages.form_again(&visit, REQUEST.0, &faults, &["email"], context! { email => &*sent.email });
    };
    if let Err(error) = flow::ask_for_undo(&pages.auth, &former, &sent.answered(client)).await {
        let shown = context! { email => &*sent.email };
        return pages.form_refused(&visit, REQUEST.0, &error, "email", shown);
    }
    Ok(visit.go_done("login", "undo-asked"))
}

pub(super) async fn show_end(State(pages): State<Pages>, member: Member) -> Result<Response> {
    END_FORM.show(&pages, &member)
}

pub(super) async fn submit_end(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let end = async |password| {
        let (after, renewed) = flow::end_undo(auth, &member.session, password, &client).await?;
        let done = if after.kept == 0 { "undo-ended" } else { "undo-kept" };
        Ok(cookies::renewed(auth, renewed.as_ref(), member.visit.go_done("account", done)))
    };
    END_FORM.submit(&pages, &member, &sent, end).await
}
