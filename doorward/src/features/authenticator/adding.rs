//! The page with the QR code and the page with the recovery codes. People see them in their account, or inside a
//! log-in.

use axum::response::Response;
use minijinja::{Value, context};

use crate::{
    base::{
        error::{Error, Result},
        text::template::BuiltIn,
    },
    features::authenticator::flow::Enrolment,
    web::pages::{form::Faults, page::Pages, visit::Visit},
};

pub(super) const ADDING: BuiltIn = ("pages/second_factor_new.html", include_str!("new.html"));
pub(super) const CODES: BuiltIn = ("pages/recovery_codes.html", include_str!("codes.html"));

/// What the page with the QR code shows. The secret stands in groups of four letters. The form leads to the first page,
/// and its link to the second one.
pub(super) fn enrolment(enrolment: &Enrolment, (action, cancel): (&str, &str)) -> Value {
    let letters: Vec<char> = enrolment.secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    context! {
        action,
        cancel,
        // Both have only letters that mean nothing in HTML, but for the ampersand.
        qr => Value::from_safe_string(enrolment.qr_svg.clone()),
        uri => Value::from_safe_string(enrolment.uri.replace('&', "&amp;")),
        secret => groups.join(" "),
    }
}

/// Shows the page with the QR code again, because the first code was wrong or missing. Returns an error that has no
/// text.
pub(super) fn first_code_refused(
    pages: &Pages,
    visit: &Visit,
    mut faults: Faults,
    error: &Error,
    shown: Value,
) -> Result<Response> {
    if *error != Error::WrongOtp {
        return pages.form_refused(visit, ADDING.0, error, "code", shown);
    }
    if faults.texts().is_empty() {
        faults.note::<()>("code", "wrong-otp");
    }
    pages.form_again(visit, ADDING.0, &faults, &["code"], shown)
}
