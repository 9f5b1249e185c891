//! A person on the pages, in a browser without JavaScript.

use axum::http::{StatusCode, header};

use crate::app::{Actor, Answer, App, PASSWORD};

/// A browser that asks for pages.
pub(crate) fn visitor(app: &App) -> Actor<'_> {
    app.browser().header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// Somebody's browser after they logged in on the page.
pub(crate) async fn visitor_of<'a>(app: &'a App, email: &str) -> Actor<'a> {
    let mut browser = visitor(app);
    let answer = browser.form("/auth/login", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    browser
}

/// Where an answer leads to.
#[track_caller]
pub(crate) fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap()
}

/// The text of the error beside a field; none if it is not wrong.
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

/// The name of the field that the cursor stands in.
pub(crate) fn focus(answer: &Answer) -> Option<&str> {
    let input =
        answer.text.split("<input ").find(|input| input.split('>').next().unwrap().contains(" autofocus"))?;
    input.strip_prefix("id=\"")?.split('"').next()
}

/// The fields of the form on a page that are filled in already, hidden ones too.
pub(crate) fn filled(answer: &Answer, name: &str) -> Option<String> {
    let input = answer
        .text
        .split("<input ")
        .find(|input| input.split('>').next().unwrap().contains(&format!("name=\"{name}\"")))?;
    Some(input.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}
