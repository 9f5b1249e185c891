//! The letters of the provider: the owner of an account learns that an app has access.

use axum::http::StatusCode;
use doorward::Config;

use super::parties::{
    OWN, OWN_CALLBACK, TOOL, TOOL_CALLBACK, address, code_for, consent_of, exchange, location, told,
    with_apps,
};
use crate::{
    app::{ANN, App, BOB},
    mail::mailbox::with_mail,
};

/// The settings of an application with apps and a mail server.
fn apps_and_mail() -> Config {
    let Config { smtp_url, mail_from, registration, .. } = with_mail();
    Config { smtp_url, mail_from, registration, ..with_apps() }
}

const SUBJECT: &str = "An app has access to your account";

/// The letters about apps that were sent so far, newest first.
async fn letters(app: &App) -> Vec<String> {
    let mails = app.mails().await.into_iter();
    mails.filter(|mail| mail.subject == SUBJECT).map(|mail| mail.text).collect()
}

#[tokio::test]
async fn the_owner_learns_of_the_first_access_of_an_app() {
    let app = App::with(apps_and_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let code = code_for(&mut browser, &[]).await;
    assert_eq!(exchange(&app, &code).await.status, StatusCode::OK);
    let sent = letters(&app).await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    let flat = sent[0].split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "App: The <b>wiki</b>",
        "At: wiki . example . org",
        "It may: See your e-mail address; Know that it is you; See your name",
        "http://localhost:8000/auth/account/apps?lang=en",
        "end the access of the app",
    ] {
        assert!(flat.contains(told), "{told}: {}", sent[0]);
    }
    // The next log-in is no news, and neither is more access: the page of the apps shows it.
    code_for(&mut browser, &[]).await;
    code_for(&mut browser, &[("scope", "openid groups")]).await;
    assert_eq!(letters(&app).await.len(), 1);
    // After the access was ended, it is.
    let page = browser.get("/auth/account/apps").await;
    let id = page.text.split("&#x2f;account&#x2f;apps&#x2f;").nth(1).unwrap().split('"').next().unwrap();
    assert!(location(&browser.form(&format!("/auth/account/apps/{id}"), &[]).await).ends_with("done=app"));
    code_for(&mut browser, &[]).await;
    assert_eq!(letters(&app).await.len(), 2);
}

#[tokio::test]
async fn no_letter_tells_of_an_app_of_the_operator_or_goes_to_an_unverified_address() {
    let app = App::with(apps_and_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let own = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK)]);
    assert!(told(&browser.get(&own).await).contains_key("code"));
    assert_eq!(letters(&app).await, [""; 0]);
    app.add(BOB).await;
    let mut browser = app.browser_of(BOB).await;
    code_for(&mut browser, &[]).await;
    assert_eq!(letters(&app).await, [""; 0]);
    // An app on the computer shows its host too.
    let mut browser = app.browser_of(ANN).await;
    let tool = consent_of(&address(&[("client_id", TOOL), ("redirect_uri", TOOL_CALLBACK)]));
    assert!(told(&browser.form(&tool, &[("decision", "allow")]).await).contains_key("code"));
    assert!(letters(&app).await[0].contains("127 . 0 . 0 . 1 : 4711"));
    // Without a mail server nothing waits for one.
    let silent = App::with(Config { registration: None, ..with_apps() }).await;
    silent.add_verified(ANN).await;
    code_for(&mut silent.browser_of(ANN).await, &[]).await;
    assert_eq!(silent.count("mails").await, 0);
}

#[tokio::test]
async fn a_code_that_is_used_twice_is_an_event_and_no_letter() {
    let app = App::with(apps_and_mail()).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let code = code_for(&mut browser, &[]).await;
    exchange(&app, &code).await;
    assert_eq!(exchange(&app, &code).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.count("events WHERE kind = 'code_reused'").await, 1);
    assert_eq!(app.mails().await.iter().filter(|mail| mail.subject != SUBJECT).count(), 0);
}
