//! People, operators and apps that act at the same moment, and clients that ask for too much.

use axum::http::StatusCode;
use tokio::join;

use super::parties::{
    access_token, address, ann_in_a_browser, code_for, consent_of, exchange, is_accepted, location, told,
    with_apps,
};
use crate::app::{ANN, Actor, Answer, App};

/// Allows the wiki these scopes.
async fn allow(browser: &mut Actor<'_>, scopes: &str) -> Answer {
    let address = address(&[("scope", scopes)]);
    browser.form(&consent_of(&address), &[("decision", "allow")]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_consents_at_once_none_is_lost() {
    let app = App::with(with_apps()).await;
    let mut one = ann_in_a_browser(&app).await;
    let mut other = app.browser_of(ANN).await;
    for round in 0..20 {
        app.execute("DELETE FROM grants").await;
        let answers = join!(allow(&mut one, "openid email"), allow(&mut other, "openid profile"));
        for answer in [answers.0, answers.1] {
            assert!(told(&answer).contains_key("code"), "round {round}: {}", answer.text);
        }
        assert_eq!(app.count("grants WHERE scopes = 'email openid profile'").await, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_person_ends_does_not_come_back_with_a_consent_at_the_same_moment() {
    let app = App::with(with_apps()).await;
    let mut one = ann_in_a_browser(&app).await;
    let mut other = app.browser_of(ANN).await;
    for round in 0..20 {
        app.execute("DELETE FROM grants").await;
        allow(&mut one, "openid email").await;
        let grant = app.number("SELECT id FROM grants").await;
        let end = format!("/auth/account/apps/{grant}");
        let (ended, allowed_more) = join!(other.form(&end, &[]), allow(&mut one, "openid profile"));
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "round {round}");
        assert!(told(&allowed_more).contains_key("code"), "round {round}");
        // If the consent came last, it allows what was seen, and nothing of before.
        assert_eq!(app.count("grants WHERE scopes <> 'openid profile'").await, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_while_the_access_ends_gets_a_code_or_asks_the_person() {
    let app = App::with(with_apps()).await;
    let mut one = ann_in_a_browser(&app).await;
    let mut other = app.browser_of(ANN).await;
    for round in 0..20 {
        allow(&mut one, "openid email").await;
        let grant = app.number("SELECT id FROM grants").await;
        let end = format!("/auth/account/apps/{grant}");
        let asking = address(&[("scope", "openid email")]);
        let (_, answer) = join!(other.form(&end, &[]), one.get(&asking));
        match answer.status {
            StatusCode::OK => assert!(answer.text.contains("decision"), "round {round}"),
            _ => assert!(told(&answer).contains_key("code"), "round {round}"),
        }
        assert_eq!(app.count("grants").await, 0, "round {round}: nothing brings the access back");
    }
}

#[tokio::test]
async fn a_deleted_app_is_told_on_a_page_also_to_a_person_who_allows_it() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    browser.get(&address(&[])).await;
    app.execute("DELETE FROM oauth_clients WHERE id = 'wiki'").await;
    assert_eq!(allow(&mut browser, "openid").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.count("grants").await, 0);
}

#[tokio::test]
async fn a_code_that_is_shown_again_and_again_is_one_event() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let code = code_for(&mut browser, &[]).await;
    let token = exchange(&app, &code).await.token();
    for _ in 0..5 {
        assert_eq!(exchange(&app, &code).await.json()["error"], "invalid_grant");
    }
    assert!(!is_accepted(&app, &token).await);
    assert_eq!(app.count("events WHERE kind = 'code_reused'").await, 1);
}

#[tokio::test]
async fn codes_that_nobody_exchanges_take_no_room() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let used = access_token(&app, &mut browser).await;
    let first = code_for(&mut browser, &[]).await;
    let mut last = String::new();
    for _ in 0..25 {
        app.advance(std::time::Duration::from_secs(1));
        last = code_for(&mut browser, &[]).await;
    }
    // Those that wait, and the one that was used.
    assert_eq!(app.count("codes").await, 20 + 1);
    assert_eq!(exchange(&app, &first).await.json()["error"], "invalid_grant");
    assert_eq!(exchange(&app, &last).await.status, StatusCode::OK);
    app.advance(std::time::Duration::from_secs(60));
    app.clean_up().await.unwrap();
    assert_eq!(app.count("codes").await, 2, "the used ones are kept for a day");
    assert!(is_accepted(&app, &used).await);
    app.advance(std::time::Duration::from_secs(24 * 3600));
    app.clean_up().await.unwrap();
    assert_eq!(app.count("codes").await, 0);
}

#[tokio::test]
async fn a_consent_counts_only_for_the_account_that_saw_the_page() {
    let app = App::with(with_apps()).await;
    let mut ann = ann_in_a_browser(&app).await;
    let page = ann.get(&address(&[])).await.text;
    let account =
        page.split("name=\"account\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("decision", "allow"), ("account", &*account)];
    app.register("bob@example.org").await;
    // The person has logged in with another account in another tab.
    let mut bob = app.browser_of("bob@example.org").await;
    let answer = bob.form(&consent_of(&address(&[])), &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "the page is shown again, for the other account");
    assert!(answer.text.contains("bob@example.org"));
    assert_eq!(app.count("grants").await, 0);
    assert!(told(&ann.form(&consent_of(&address(&[])), &fields).await).contains_key("code"));
}

#[tokio::test]
async fn a_time_of_ours_cannot_be_made_up() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    code_for(&mut browser, &[]).await;
    app.advance(std::time::Duration::from_secs(3600));
    for made_up in ["0", "1", "test.AAAA", "x"] {
        let asking = address(&[("prompt", "login"), ("asked_at", made_up), ("onward", "1")]);
        assert_eq!(browser.get(&asking).await.status, StatusCode::OK, "the password is asked for: {made_up}");
    }
    // Nor can one be taken from another request.
    let other = app.browser().get(&address(&[("state", "another")])).await;
    let next = location(&other);
    let asked_at = next.split("asked_at%3D").nth(1).unwrap().split('%').next().unwrap().to_owned();
    let asking = address(&[("prompt", "login"), ("asked_at", &asked_at), ("onward", "1")]);
    assert_eq!(browser.get(&asking).await.status, StatusCode::OK, "{next}");
}
