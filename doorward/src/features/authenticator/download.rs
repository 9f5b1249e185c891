//! Gives new recovery codes as a file, to a browser that shows them at this moment. The page sends the codes along:
//! they are not stored, and a page cannot make a file without a script.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    base::{
        error::{Error, Result},
        http::input::Form,
        secret,
        time::Timestamp,
    },
    web::pages::{form::FormFields, page::Pages, visit::Member},
};

/// The most codes of a file.
const MOST: usize = 10;

/// `POST /account/second-factor/codes/download`.
pub(super) async fn download(
    State(pages): State<Pages>,
    Member { session, visit }: Member,
    Form(sent): Form<FormFields>,
) -> Result<Response> {
    let codes: Vec<&str> = sent.recovery_codes.split_whitespace().collect();
    // Only codes get into the file, whatever was sent.
    let is_code = |code: &&str| secret::recovery_number(code).is_some() && code.len() == 14;
    if codes.is_empty() || codes.len() > MOST || !codes.iter().all(is_code) {
        return Err(Error::field("recovery_codes", "expected the codes of the page"));
    }
    let (words, auth) = (&visit.words, &pages.auth);
    let title = words.text(
        "recovery-codes-file",
        &[
            ("service", auth.config().service_name.as_str().into()),
            ("email", session.user.email.as_str().into()),
            ("date", words.date(Timestamp(auth.now())).into()),
        ],
    );
    let text = format!("{title}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"recovery-codes.txt\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::OK, headers, text).into_response())
}
