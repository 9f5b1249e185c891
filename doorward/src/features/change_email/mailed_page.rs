//! `/confirm-email` and `/undo-email-change`: the pages behind the links in mails about a change of address.

use axum::{extract::State, response::Response};

use crate::{
    accounts::one_time::proof::Proof,
    base::{
        error::{Error, Result},
        http::input::Form,
    },
    features::change_email::flow,
    model::client::Client,
    web::{
        current_user::CurrentUser,
        pages::{code, form::FormFields, page::Pages, visit::Visit},
    },
};

const CONFIRM: &str = "confirm-email";
const UNDO: &str = "undo-email-change";

/// Shows the page of the link. A user who has just requested the change also waits here for the mail. A code goes with
/// the former address.
pub(super) async fn show_confirm(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    let email = user.ok().flatten().map(|CurrentUser(user)| user.email).unwrap_or_default();
    code::show(&pages, &visit, CONFIRM, &email)
}

pub(super) async fn submit_confirm(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let confirm = async |proof: &Proof| flow::confirm(&pages.auth, proof, &client).await;
    code::submit(&pages, &visit, (CONFIRM, "email"), &sent, confirm).await
}

/// Shows the page of the link. Without a token there is no page, because the mail has no code.
pub(super) async fn show_undo(State(pages): State<Pages>, visit: Visit) -> Result<Response> {
    if visit.token.is_none() {
        return Err(Error::InvalidLink);
    }
    code::show(&pages, &visit, UNDO, "")
}

pub(super) async fn submit_undo(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let undo = async |proof: &Proof| match proof {
        Proof::Link(token) => flow::undo(&pages.auth, token, &client).await,
        Proof::Code { .. } => Err(Error::InvalidLink),
    };
    code::submit(&pages, &visit, (UNDO, "undone"), &sent, undo).await
}
