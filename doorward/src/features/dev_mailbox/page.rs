//! `GET /dev/mailbox`: the mails that would have been sent, for the developer at this machine.
//!
//! Their links open every account, so the page is there only if `dev_mailbox` is on, which needs a `public_url` of this
//! machine, and only for who connects from this machine and calls it by a name of its own: another site can give its
//! name the address 127.0.0.1, and have a browser here fetch its pages from us (DNS rebinding).

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{Extensions, HeaderMap, header, uri::Authority},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use minijinja::{Value, context};
use serde_json::json;

use crate::{
    auth::Auth,
    base::{
        error::{Error, Result},
        mail::{
            mailbox::{Kept, Mailbox},
            transport::Mail,
        },
        site::is_loopback,
        text::{language::Language, template::BuiltIn},
        time::Timestamp,
    },
    web::client,
};

/// Styles may stand in the page: those of a mail do, and its frame is held to the policy of the page. Scripts may not.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) const TEMPLATE: BuiltIn = ("dev_mailbox.html", include_str!("page.html"));

/// The page, if mails go into the mailbox.
pub(super) fn routes(auth: &Auth) -> Router {
    match &**auth.mail() {
        Mail::Development(mailbox) => {
            Router::new().route("/dev/mailbox", get(show)).with_state((auth.clone(), Arc::clone(mailbox)))
        }
        _ => Router::new(),
    }
}

async fn show(
    State((auth, mailbox)): State<(Auth, Arc<Mailbox>)>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Result<Response> {
    let is_here = client::peer(&extensions).is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    if !is_here || !names_this_machine(&headers) {
        return Err(Error::NotFound);
    }
    let mails = mailbox.mails();
    let accepted =
        headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    if accepted.contains("application/json") {
        let mails: Vec<_> = mails.iter().map(as_json).collect();
        return Ok(Json(json!({ "mails": mails })).into_response());
    }
    let shown: Vec<_> = mails.iter().map(as_value).collect();
    let page = auth.templates().render(TEMPLATE.0, Language::English, context! { mails => shown })?;
    Ok(([(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)], Html(page)).into_response())
}

/// Whether `Host` is a name of this machine, whatever the port.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let host: Option<Authority> = headers.get(header::HOST).and_then(|host| host.as_bytes().try_into().ok());
    host.is_some_and(|host| is_loopback(host.host()))
}

fn as_json(Kept { number, message }: &Kept) -> serde_json::Value {
    json!({
        "number": number,
        "sent_at": Timestamp(message.at),
        "to": message.to.typed,
        "subject": message.subject,
        "link": message.link,
        "text": message.text,
        "html": message.html,
    })
}

fn as_value(Kept { number, message }: &Kept) -> Value {
    context! {
        number => number,
        sent_at => Timestamp(message.at).to_string(),
        to => &*message.to.typed,
        subject => &*message.subject,
        text => &*message.text,
        // A link opens beside the page and not in the frame.
        html => message.html.replacen("<head>", "<head><base target=\"_blank\">", 1),
    }
}
