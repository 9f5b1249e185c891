//! How often refresh tokens are exchanged, how long they live, and what is cleared away.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Config;

use super::super::parties::{
    ann_in_a_browser, assert_ended, lasting, refresh, refresh_token, refreshed, with_apps,
};
use crate::app::{App, refusal};

const DAY: u64 = 24 * 3600;

fn days(days: u64) -> Duration {
    Duration::from_secs(days * DAY)
}

#[tokio::test]
async fn a_chain_is_exchanged_ten_times_a_minute() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    app.stop_clock();
    other.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let mut token = refresh_token(&lasting(&app, &mut browser).await);
    for number in 0..10 {
        token = refreshed(if number % 2 == 0 { &app } else { &other }, &token).await;
    }
    for node in [&app, &other] {
        let answer = refresh(node, &token).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.json()["error"], "temporarily_unavailable", "{}", answer.text);
        assert!((1..=61).contains(&answer.retry_after()), "{}", answer.retry_after());
    }
    let apart = refresh_token(&lasting(&app, &mut browser).await);
    refreshed(&app, &apart).await;
    app.advance(Duration::from_secs(61));
    refreshed(&app, &token).await;
    assert_eq!(app.count("failures WHERE detail LIKE '%refresh_tokens%'").await, 1);
}

#[tokio::test]
async fn a_token_that_is_not_used_ends_after_thirty_days() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let mut token = refresh_token(&lasting(&app, &mut browser).await);
    let unused = refresh_token(&lasting(&app, &mut browser).await);
    app.advance(days(30) - Duration::from_secs(1));
    // To show it again is a use too.
    let next = refreshed(&app, &token).await;
    app.advance(days(29));
    assert_eq!(refreshed(&app, &token).await, next);
    app.advance(days(29));
    token = refreshed(&app, &next).await;
    assert_ended(&app, &unused, "it was not used").await;
    app.advance(days(30));
    assert_ended(&app, &token, "it was not used").await;
    assert_eq!(app.count("events WHERE kind = 'refresh_token_reused'").await, 0);
}

#[tokio::test]
async fn after_a_year_the_person_logs_in_again() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let mut token = refresh_token(&lasting(&app, &mut browser).await);
    for _ in 0..14 {
        app.advance(days(26));
        token = refreshed(&app, &token).await;
    }
    app.advance(days(1) - Duration::from_secs(60));
    let last = refresh(&app, &token).await.json();
    assert_eq!(last["expires_in"], 60, "no token outlives the chain");
    app.advance(Duration::from_secs(60));
    assert_ended(&app, &refresh_token(&last), "after a year").await;
}

#[tokio::test]
async fn shorter_lifetimes_count_for_older_tokens() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    for config in [
        Config { refresh_idle_timeout: days(2), ..with_apps() },
        Config { refresh_lifetime: days(2), ..with_apps() },
    ] {
        let other = app.sibling(config).await;
        other.stop_clock();
        other.advance(days(2) - Duration::from_secs(5));
        assert_eq!(other.count("refresh_tokens").await, 1);
        other.advance(Duration::from_secs(10));
        assert_ended(&other, &token, "the settings are stricter").await;
    }
    refreshed(&app, &token).await;
}

#[tokio::test]
async fn lifetimes_that_make_no_sense_are_refused() {
    for (config, expected) in [
        (
            Config { refresh_idle_timeout: Duration::ZERO, ..with_apps() },
            "refresh_idle_timeout: expected 1h to 366d",
        ),
        (Config { refresh_lifetime: days(3661), ..with_apps() }, "refresh_lifetime: expected 1h to 3660d"),
    ] {
        let error = refusal(config).await;
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn salts_and_dead_tokens_are_cleared_away_and_tombstones_stay() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let mut token = first.clone();
    for _ in 0..5 {
        app.advance(Duration::from_secs(3600));
        token = refreshed(&app, &token).await;
    }
    app.clean_up().await.unwrap();
    let salts = async || app.count("refresh_tokens WHERE salt IS NOT NULL").await;
    assert_eq!((app.count("refresh_tokens").await, salts().await), (6, 2), "the last exchange was just now");
    app.advance(Duration::from_secs(3600));
    app.clean_up().await.unwrap();
    assert_eq!((app.count("refresh_tokens").await, salts().await), (6, 1));
    // An old one is still recognised.
    app.advance(days(29));
    app.clean_up().await.unwrap();
    assert_ended(&app, &first, "a copy").await;
    assert_eq!(app.count("events WHERE kind = 'refresh_token_reused'").await, 1);

    let mut browser = app.browser_of(crate::app::ANN).await;
    let unused = refresh_token(&lasting(&app, &mut browser).await);
    let used = refresh_token(&lasting(&app, &mut browser).await);
    app.advance(days(20));
    let used = refreshed(&app, &used).await;
    app.advance(days(10));
    app.clean_up().await.unwrap();
    assert_eq!((app.count("refresh_chains").await, app.count("refresh_tokens").await), (1, 2));
    assert_ended(&app, &unused, "it was not used").await;
    // What has ended by a new password is not kept for the rest of its life.
    app.end_sessions(app.id_of(crate::app::ANN).await).await.unwrap();
    app.advance(Duration::from_secs(301));
    app.clean_up().await.unwrap();
    assert_eq!((app.count("refresh_chains").await, app.count("refresh_tokens").await), (0, 0));
    assert_ended(&app, &used, "it ended with the sessions").await;
}
