//! `/account/delete`: the owner enters the password again and deletes the account.

use axum::{extract::State, response::Response};

use crate::{
    base::{error::Result, http::input::Form, text::template::BuiltIn},
    features::account::flow,
    model::client::Client,
    web::{
        cookies,
        pages::{form::FormFields, owner_form::OwnerForm, page::Pages, visit::Member},
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/delete.html", include_str!("delete_page.html"));

const FORM: OwnerForm = OwnerForm { template: TEMPLATE.0, fields: &["password"] };

pub(super) async fn show(State(pages): State<Pages>, member: Member) -> Result<Response> {
    FORM.show(&pages, &member)
}

pub(super) async fn submit(
    State(pages): State<Pages>,
    member: Member,
    client: Client,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let auth = &pages.auth;
    let delete = async |password| {
        flow::delete(auth, &member.session, password, &client).await?;
        Ok(cookies::logged_out(auth, member.visit.go_done("login", "deleted")))
    };
    FORM.submit(&pages, &member, &sent, delete).await
}
