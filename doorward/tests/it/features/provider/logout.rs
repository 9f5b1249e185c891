//! `/oauth/logout`: an app logs a person out, if it speaks for this session or the person agrees.

use axum::http::StatusCode;

use super::parties::{
    WIKI, WIKI_GOODBYE, access_token, ann_in_a_browser, code_for, exchange, is_accepted, location, with_apps,
};
use crate::app::{ANN, Actor, App, BOB};

fn address(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/auth/oauth/logout?{query}")
}

async fn id_token(app: &App, browser: &mut Actor<'_>) -> String {
    let code = code_for(browser, &[]).await;
    exchange(app, &code).await.json()["id_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_app_that_shows_an_id_token_of_the_session_logs_out_at_once() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let access = access_token(&app, &mut browser).await;
    let hint = id_token(&app, &mut browser).await;
    // It may have expired.
    app.advance(std::time::Duration::from_secs(1200));
    let wanted =
        address(&[("id_token_hint", &hint), ("post_logout_redirect_uri", WIKI_GOODBYE), ("state", "a&b")]);
    let answer = browser.get(&wanted).await;
    assert_eq!(location(&answer), format!("{WIKI_GOODBYE}?state=a%26b"));
    assert!(!browser.is_logged_in().await && !browser.cookies.contains_key("doorward"));
    assert!(!is_accepted(&app, &access).await);
    // Nobody is logged in any more. The app gets the person back all the same.
    assert_eq!(location(&browser.get(&wanted).await), format!("{WIKI_GOODBYE}?state=a%26b"));
}

#[tokio::test]
async fn without_such_a_token_the_person_is_asked() {
    let app = App::with(with_apps()).await;
    app.register(BOB).await;
    let mut of_bob = app.browser_of(BOB).await;
    let hint_of_bob = id_token(&app, &mut of_bob).await;
    let mut browser = ann_in_a_browser(&app).await;
    let mut before = app.browser_of(ANN).await;
    let hint_of_other_session = id_token(&app, &mut before).await;
    let forged = format!("{}x", &hint_of_bob[..hint_of_bob.len() - 1]);
    let back = ("post_logout_redirect_uri", WIKI_GOODBYE);
    for parameters in [
        &[][..],
        &[("client_id", WIKI), back],
        &[("id_token_hint", &hint_of_bob), back],
        &[("id_token_hint", &hint_of_other_session), back],
        &[("id_token_hint", &forged), ("client_id", WIKI), back],
        &[("id_token_hint", "x.y.z"), ("client_id", WIKI)],
    ] {
        let page = browser.get(&address(parameters)).await;
        assert_eq!(page.status, StatusCode::OK, "{parameters:?}");
        assert!(page.text.contains("Log out here?") && page.text.contains(ANN));
        assert!(browser.is_logged_in().await, "{parameters:?}");
        // Another site cannot press the button.
        let confirm = address(parameters).replacen("/logout?", "/logout/confirm?", 1);
        let mut other = browser.clone().header("sec-fetch-site", "cross-site");
        assert_eq!(other.form(&confirm, &[]).await.status, StatusCode::FORBIDDEN);
        assert!(browser.is_logged_in().await);
    }
    let confirm = address(&[("client_id", WIKI), back]).replacen("/logout?", "/logout/confirm?", 1);
    assert_eq!(location(&browser.form(&confirm, &[]).await), WIKI_GOODBYE);
    assert!(!browser.is_logged_in().await && of_bob.is_logged_in().await);
}

#[tokio::test]
async fn nobody_is_led_to_an_address_that_is_not_registered() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let hint = id_token(&app, &mut browser).await;
    for parameters in [
        &[("post_logout_redirect_uri", WIKI_GOODBYE)][..],
        &[("client_id", "unknown"), ("post_logout_redirect_uri", WIKI_GOODBYE)],
        &[("client_id", "own-app"), ("post_logout_redirect_uri", WIKI_GOODBYE)],
        &[("id_token_hint", &hint), ("client_id", "own-app")],
        &[("id_token_hint", &hint), ("post_logout_redirect_uri", "https://wiki.example.org/goodbye/")],
        &[("id_token_hint", &hint), ("post_logout_redirect_uri", "https://evil.example/")],
        &[("id_token_hint", &hint), ("post_logout_redirect_uri", "https://wiki.example.org/callback")],
        &[("state", "a"), ("state", "b")],
    ] {
        let answer = browser.get(&address(parameters)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{parameters:?}");
        assert!(!answer.headers.contains_key("location"));
        assert!(browser.is_logged_in().await);
    }
    // An app may post it from its own site. That reads no cookie, and leads to the same with `GET`.
    let mut posting = browser.clone().header("sec-fetch-site", "cross-site");
    let answer = posting.form("/auth/oauth/logout", &[("id_token_hint", &hint)]).await;
    let next = location(&answer);
    assert!(next.starts_with("/auth/oauth/logout?id_token_hint=") && browser.is_logged_in().await);
    assert!(location(&browser.get(&next).await).starts_with("/auth/login"));
    assert!(!browser.is_logged_in().await);
}

#[tokio::test]
async fn a_person_changes_the_language_of_the_page_twice() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let mut page = browser.get("/auth/oauth/logout?ui_locales=es&state=a").await.text;
    for language in ["de", "fr"] {
        let links = page.split("href=\"").filter_map(|part| part.split('"').next());
        let mut links =
            links.map(|link| link.replace("&amp;", "&").replace("&#x2f;", "/").replace("&#x3d;", "="));
        let link = links.find(|link| link.contains(&format!("lang={language}"))).unwrap();
        assert!(link.contains("state=a") && link.matches("lang=").count() == 1, "{link}");
        page = browser.get(&link).await.text;
        assert!(page.contains(&format!("lang=\"{language}\"")), "{link}");
    }
}
