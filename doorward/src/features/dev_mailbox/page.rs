//! `GET /dev/mailbox`: the mails that would have been sent, for the developer at this machine.
//!
//! Their links open every account. So the page exists only if `dev_mailbox` is on, which needs a `public_url` of this
//! machine. It answers only clients on this machine, and only if `Host` names this machine. Otherwise an attacker could
//! give the name of their site the address 127.0.0.1, and read the page through a browser here (DNS rebinding).

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
            mailbox::{Mailbox, StoredMail},
            transport::Mail,
        },
        site::is_dialled_here,
        text::{language::Language, template::BuiltIn},
        time::Timestamp,
    },
    web::client,
};

/// Allows inline styles, because mails contain them and this policy also holds for the frame of a mail. Allows no
/// scripts.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) const TEMPLATE: BuiltIn = ("dev_mailbox.html", include_str!("page.html"));

/// Returns the route of the page if mails go into the mailbox.
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
    if !is_here || !names_this_machine(&auth, &headers) {
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

/// Returns `true` if `Host` is `localhost`, a loopback address, or the host of `public_url`, with any port. Other names
/// below `localhost` are not enough: some browsers ask a name server for them.
fn names_this_machine(auth: &Auth, headers: &HeaderMap) -> bool {
    let host: Option<Authority> = headers.get(header::HOST).and_then(|host| host.as_bytes().try_into().ok());
    host.is_some_and(|host| {
        is_dialled_here(host.host()) || host.host().eq_ignore_ascii_case(auth.site().host())
    })
}

fn as_json(StoredMail { number, message }: &StoredMail) -> serde_json::Value {
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

fn as_value(StoredMail { number, message }: &StoredMail) -> Value {
    context! {
        number => number,
        sent_at => Timestamp(message.at).to_string(),
        to => &*message.to.typed,
        subject => &*message.subject,
        text => &*message.text,
        // A link opens in a new tab, not in the frame.
        html => message.html.replacen("<head>", "<head><base target=\"_blank\">", 1),
    }
}
