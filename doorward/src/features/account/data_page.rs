//! `/account/data`: the owner enters the password again and downloads the data of the account as a file.

use axum::{Json, extract::State, http::header, response::Response};
use serde_json::json;

use crate::{
    accounts::{credential, session},
    base::{
        error::Result, http::input::Form, passwords::password::Password, text::template::BuiltIn,
        time::Timestamp,
    },
    model::{client::Client, session::Session},
    web::{
        cookies,
        pages::{form::FormFields, owner_form::OwnerForm, page::Pages, visit::Member},
    },
};

pub(super) const TEMPLATE: BuiltIn = ("pages/data.html", include_str!("data_page.html"));

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
    let download = async |password| download(&pages, &member.session, password, &client).await;
    FORM.submit(&pages, &member, &sent, download).await
}

async fn download(pages: &Pages, session: &Session, password: Password, client: &Client) -> Result<Response> {
    let auth = &pages.auth;
    let proved = credential::prove_again(auth, session, password, client).await?;
    let mut tx = credential::begin(auth, session, &proved).await?;
    let renewed = session::renew_cookie(auth, &mut tx, session).await?;
    tx.commit().await?;
    let sessions = session::list(auth, session.user.id).await?;
    let sessions = sessions.into_iter().map(|listed| {
        json!({
            "id": listed.id, "transport": listed.transport, "method": listed.method,
            "created_at": listed.created_at, "last_seen_at": listed.last_seen_at,
            "expires_at": listed.expires_at, "ip": listed.ip, "user_agent": listed.user_agent,
        })
    });
    let data = json!({
        "exported_at": Timestamp(auth.now()),
        "user": *session.user,
        "sessions": sessions.collect::<Vec<_>>(),
    });
    let name = [(header::CONTENT_DISPOSITION, "attachment; filename=\"account.json\"")];
    Ok(cookies::renewed(auth, renewed.as_ref(), (name, Json(data))))
}
