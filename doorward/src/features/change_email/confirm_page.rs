//! `/confirm-email`: the page behind the link in the mail to a new address.

use axum::{extract::State, response::Response};

use crate::{
    accounts::one_time::proof::Proof,
    base::{error::Result, http::input::Form},
    features::change_email::flow,
    model::client::Client,
    web::{
        current_user::CurrentUser,
        pages::{code, form::FormFields, page::Pages, visit::Visit},
    },
};

const PAGE: &str = "confirm-email";

/// Shows the page of the link. A user who has just requested the change also waits here for the mail. A code goes with
/// the former address.
pub(super) async fn show(
    State(pages): State<Pages>,
    visit: Visit,
    user: Result<Option<CurrentUser>>,
) -> Result<Response> {
    let email = user.ok().flatten().map(|CurrentUser(user)| user.email).unwrap_or_default();
    code::show(&pages, &visit, PAGE, &email)
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    visit: Visit,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let confirm = async |proof: &Proof| flow::confirm(&pages.auth, proof, &client).await;
    code::submit(&pages, &visit, (PAGE, "email"), &sent, confirm).await
}
