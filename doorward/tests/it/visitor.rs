//! A visitor of the pages, in a browser without JavaScript.

use axum::http::{StatusCode, header};

use crate::app::{Actor, Answer, App, PASSWORD};

/// The pages that need no token, and one that does not exist.
pub(crate) const PAGES: [&str; 13] = [
    "login",
    "register",
    "confirm",
    "account",
    "account/trusted-browsers",
    "account/details",
    "account/email",
    "account/email-undo",
    "account/password",
    "account/data",
    "account/delete",
    "logout",
    "nothing",
];

/// Those of [`PAGES`] for visitors without a session.
pub(crate) const NEED_NO_SESSION: [&str; 2] = ["login", "register"];

/// A browser that asks for pages.
pub(crate) fn visitor(app: &App) -> Actor<'_> {
    app.browser().header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// A browser of this user after a log-in on the page.
pub(crate) async fn visitor_of<'a>(app: &'a App, email: &str) -> Actor<'a> {
    let mut browser = visitor(app);
    let answer = browser.form("/auth/login", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    browser
}

/// The target of a redirect.
#[track_caller]
pub(crate) fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap()
}

/// The error beside a field, if there is one.
pub(crate) fn error_of<'a>(answer: &'a Answer, field: &str) -> Option<&'a str> {
    let mark = format!("id=\"{field}-error\"");
    let (start, text) = answer.text.split_once(&mark)?.1.split_once('>').unwrap();
    let wrong = answer.text.split("<input").any(|input| {
        input.contains(&format!("id=\"{field}\""))
            && input.split('>').next().unwrap().contains("aria-invalid=\"true\"")
    });
    assert_eq!(wrong, !start.contains("hidden"));
    wrong.then(|| text.split('<').next().unwrap())
}

/// The name of the field with the focus.
pub(crate) fn focus(answer: &Answer) -> Option<&str> {
    let input =
        answer.text.split("<input ").find(|input| input.split('>').next().unwrap().contains(" autofocus"))?;
    input.strip_prefix("id=\"")?.split('"').next()
}

/// The value of a field in the form of a page, also of a hidden one.
pub(crate) fn filled(answer: &Answer, name: &str) -> Option<String> {
    let input = answer
        .text
        .split("<input ")
        .find(|input| input.split('>').next().unwrap().contains(&format!("name=\"{name}\"")))?;
    Some(input.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}
