//! `/undo-email-change` is behind the link in the mail to a former address. `/undo-email-change/request` sends that mail
//! again. `/account/email-undo` ends what former addresses can do.

use axum::{extract::State, response::Response};

use crate::{
    accounts::one_time::proof::Proof,
    base::{
        email::Email,
        error::{Error, Result},
        http::input::Form,
        text::template::BuiltIn,
    },
    features::change_email::flow::{self, Undone},
    model::client::Client,
    web::{
        cookies,
        pages::{
            address_form::AddressForm,
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

const REQUEST_FORM: AddressForm = AddressForm { template: REQUEST.0 };
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
    REQUEST_FORM.show(&pages, &visit)
}

/// Answers the same for every address.
pub(super) async fn submit_request(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let ask = async |former: &Email, client: &Client| flow::ask_for_undo(&pages.auth, former, client).await;
    let done = |_| Ok(visit.go_done("login", "undo-asked"));
    REQUEST_FORM.submit(&pages, &visit, (&sent, client), ask, done).await
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
