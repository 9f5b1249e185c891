//! The pages for passkeys, without a script. The browser tests have the script.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    app::{ANN, App, PASSWORD, Passkey, Phone, config, with_key},
    features::provider::parties::location,
};

#[tokio::test]
async fn the_list_adds_renames_and_removes() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut browser = app.browser_of(ANN).await;
    let page = browser.get("/auth/account/passkeys").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("data-passkey=\"create\"") && page.text.contains("You have no passkey yet."));
    let mut passkey = Passkey::new();
    let options = browser.post("/auth/passkeys/options", json!({})).await.json();
    let credential = passkey.make(&options).to_string();
    let added = browser.form("/auth/account/passkeys", &[("credential", &credential)]).await;
    assert!(location(&added).ends_with("done=passkey"), "{}", location(&added));
    let id = app.number("SELECT id FROM passkeys").await;
    let renamed =
        browser.form(&format!("/auth/account/passkeys/{id}"), &[("display_name", "<b>mine</b>")]).await;
    assert!(location(&renamed).ends_with("done=passkey-renamed"));
    let page = browser.get("/auth/account/passkeys").await.text;
    assert!(page.contains("&lt;b&gt;mine&lt;&#x2f;b&gt;") && page.contains("data-signal="), "{page}");
    let wrong = browser.form(&format!("/auth/account/passkeys/{id}"), &[("display_name", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = browser.form("/auth/account/passkeys", &[("credential", &credential)]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text.contains("The passkey was refused"), "{}", again.text);
    let malformed = browser.form("/auth/account/passkeys", &[("credential", "{")]).await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
    // After five minutes the page asks for a proof first.
    app.auth.advance(Duration::from_secs(301));
    let asked = browser.form(&format!("/auth/account/passkeys/{id}/remove"), &[]).await;
    assert!(location(&asked).contains("/confirm?next="), "{}", location(&asked));
    browser.form("/auth/confirm", &[("password", PASSWORD)]).await;
    let removed = browser.form(&format!("/auth/account/passkeys/{id}/remove"), &[]).await;
    assert!(location(&removed).ends_with("done=passkey-removed"));
    assert_eq!(app.count("passkeys").await, 0);
    // It is the last way in without a password.
    let (_, last) = Passkey::add(&mut browser).await;
    app.execute("DELETE FROM credentials").await;
    let refused = browser.form(&format!("/auth/account/passkeys/{last}/remove"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("last way to log in"), "{}", refused.text);
}

#[tokio::test]
async fn the_log_in_page_offers_passkeys_and_goes_on_to_next() {
    let app = App::new().await;
    app.register(ANN).await;
    let (passkey, id) = Passkey::add(&mut app.browser_of(ANN).await).await;
    let mut browser = app.browser();
    let page = browser.get("/auth/login?next=/auth/account/data").await.text;
    assert!(
        page.contains("autocomplete=\"username webauthn\"") && page.contains("data-conditional"),
        "{page}"
    );
    let options = browser.post("/auth/login/passkey/options", json!({})).await.json();
    let credential = passkey.answer(&options).to_string();
    let fields = [("credential", &*credential)];
    let answer = browser.form("/auth/login/passkey?next=/auth/account/data", &fields).await;
    assert_eq!(location(&answer), "/auth/account/data");
    assert!(browser.is_logged_in().await);
    // A wrong answer shows the page again, and one that was removed here tells the browser so.
    let mut other = app.browser();
    let refused = other.form("/auth/login/passkey", &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert!(!refused.text.contains("data-unknown"));
    assert_eq!(browser.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
    let options = other.post("/auth/login/passkey/options", json!({})).await.json();
    let credential = passkey.answer(&options).to_string();
    let unknown = other.form("/auth/login/passkey", &[("credential", &credential)]).await;
    assert_eq!(unknown.status, StatusCode::UNAUTHORIZED);
    assert!(unknown.text.contains("data-unknown=") && unknown.text.contains("was removed from the account"));
}

#[tokio::test]
async fn the_page_of_the_second_step_offers_the_passkey_first() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    Phone::add(&app, &mut ann).await;
    let mut browser = app.browser();
    let answer = browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/auth/login/second-step");
    let page = browser.get("/auth/login/second-step").await.text;
    let (button, field) = (page.find("data-passkey=\"get\"").unwrap(), page.find("name=\"code\"").unwrap());
    assert!(button < field && !page.contains("data-conditional"));
    let options = browser.post("/auth/login/second-step/options", json!({})).await.json();
    let credential = passkey.answer(&options).to_string();
    let answer = browser.form("/auth/login/second-step", &[("credential", &credential)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(browser.is_logged_in().await);
}

#[tokio::test]
async fn a_person_with_a_key_alone_sees_no_field_for_a_code() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    Passkey::second_step_only().try_to_add(&mut ann).await;
    let mut browser = app.browser();
    browser.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let page = browser.get("/auth/login/second-step").await.text;
    assert!(page.contains("data-passkey=\"get\"") && !page.contains("name=\"code\""), "{page}");
    assert!(page.contains("with=recovery_code"));
    let page = browser.get("/auth/login/second-step?with=recovery_code").await.text;
    assert!(page.contains("name=\"code\"") && !page.contains("data-passkey"), "{page}");
}
