//! The box at the second step and the page with the list, without a script.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, PASSWORD, Phone, config, with_key},
    visitor::{leads_to, visitor},
};

#[tokio::test]
async fn a_person_ticks_the_box_and_later_ends_the_trust() {
    let app = App::with(with_key(config())).await;
    let mut owner = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut owner).await;
    let mut ann = visitor(&app);
    let login = [("email", ANN), ("password", PASSWORD)];
    ann.form("/auth/login?next=%2Fdeep", &login).await;
    let page = ann.get("/auth/login/second-step?next=%2Fdeep").await;
    assert!(page.text.contains("name=\"trust_browser\"") && page.text.contains("30 days"), "{}", page.text);
    assert!(!page.text.contains(" checked"));
    let wrong = [("code", &*phone.wrong_code()), ("trust_browser", "1")];
    let again = ann.form("/auth/login/second-step?next=%2Fdeep", &wrong).await;
    assert!(again.text.contains(" checked"), "the box stays as it was: {}", again.text);
    let right = [("code", &*phone.next(&app)), ("trust_browser", "1")];
    assert_eq!(leads_to(&ann.form("/auth/login/second-step?next=%2Fdeep", &right).await), "/deep");
    ann.form("/auth/logout", &[]).await;
    assert_eq!(leads_to(&ann.form("/auth/login?next=%2Fdeep", &login).await), "/deep");

    assert!(ann.get("/auth/account").await.text.contains("Trusted browsers"));
    let list = ann.get("/auth/account/trusted-browsers").await;
    assert!(list.text.contains("This device") && list.text.contains("trusted until"), "{}", list.text);
    let text = list.text.replace("&#x2f;", "/");
    let action = text.split("action=\"/auth/account/trusted-browsers/").nth(1).unwrap();
    let path = format!("/auth/account/trusted-browsers/{}", action.split('"').next().unwrap());
    let mut other = ann.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(other.form(&path, &[]).await.status, StatusCode::FORBIDDEN);
    let ended = ann.form(&path, &[]).await;
    assert!(leads_to(&ended).contains("done=trusted-browser"));
    let list = ann.get(leads_to(&ended)).await;
    assert!(list.text.contains("asks for a code again") && list.text.contains("You trust no browser"));
    ann.form("/auth/logout", &[]).await;
    assert_eq!(leads_to(&ann.form("/auth/login", &login).await), "/auth/login/second-step");
}

#[tokio::test]
async fn the_box_is_missing_if_the_settings_allow_no_trust() {
    let trust_browser_for = std::time::Duration::ZERO;
    let app = App::with(with_key(Config { trust_browser_for, ..config() })).await;
    let mut owner = app.ann().await;
    Phone::add(&app, &mut owner).await;
    let mut ann = visitor(&app);
    ann.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    let page = ann.get("/auth/login/second-step").await;
    assert!(!page.text.contains("trust_browser"), "{}", page.text);
}
