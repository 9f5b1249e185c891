//! A token that is shown again: lost answers, slow tabs, several nodes, and copies.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::RefreshReuse};
use futures_util::future::join_all;

use super::super::parties::{
    ann_in_a_browser, as_wiki, assert_ended, is_accepted, lasting, refresh, refresh_token, refreshed,
    with_apps,
};
use crate::app::{ANN, App};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn access(tokens: &serde_json::Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// Another node. Both clocks stand at the same second.
async fn second_node(app: &App) -> App {
    let other = app.sibling(with_apps()).await;
    app.stop_clock();
    other.stop_clock();
    other
}

/// The number of events of this kind.
async fn events(app: &App, kind: &str) -> i64 {
    app.count(&format!("events WHERE kind = 'refresh_token_{kind}'")).await
}

#[tokio::test]
async fn two_nodes_give_the_same_successor_at_once() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let asked = (0..8).map(|number| refresh(if number % 2 == 0 { &app } else { &other }, &token));
    let answers = join_all(asked).await;
    let mut successors: Vec<String> = answers.iter().map(|answer| refresh_token(&answer.json())).collect();
    for answer in &answers {
        assert!(is_accepted(&other, &answer.token()).await && is_accepted(&app, &answer.token()).await);
    }
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert_eq!(app.count("refresh_tokens").await, 2);
    assert_eq!((events(&app, "repeated").await, events(&app, "reused").await), (0, 0));
}

#[tokio::test]
async fn a_lost_answer_can_be_repeated_after_days() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let lost = refreshed(&app, &token).await;
    for days in [0, 1, 12] {
        app.advance(seconds(days * 24 * 3600));
        app.clean_up().await.unwrap();
        assert_eq!(refreshed(&app, &token).await, lost);
    }
    assert_eq!((events(&app, "repeated").await, events(&app, "reused").await), (2, 0));
    refreshed(&app, &lost).await;
}

#[tokio::test]
async fn a_node_that_dies_after_the_commit_loses_nothing() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = refresh_token(&lasting(&app, &mut browser).await);
    let dying = app.sibling(with_apps()).await;
    drop(refresh(&dying, &token).await);
    drop(dying);
    let restarted = app.sibling(with_apps()).await;
    let second = refreshed(&restarted, &token).await;
    assert_eq!(app.count("refresh_tokens").await, 2, "the successor was stored before the end");
    refreshed(&app, &second).await;
}

#[tokio::test]
async fn a_request_that_is_given_up_loses_nothing() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let mut token = refresh_token(&lasting(&app, &mut browser).await);
    app.stop_clock();
    for patience in 0..8 {
        app.advance(seconds(15));
        // The client hangs up at some moment, before the commit or after it.
        let given_up =
            tokio::time::timeout(Duration::from_micros(400 * patience), refresh(&app, &token)).await;
        drop(given_up);
        token = refreshed(&app, &token).await;
    }
    assert_eq!(events(&app, "reused").await, 0);
}

#[tokio::test]
async fn slow_tabs_get_the_newest_token_for_a_minute() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let second = refreshed(&app, &first).await;
    app.advance(seconds(3600));
    let third = refreshed(&app, &second).await;
    app.advance(seconds(30));
    let fourth = refreshed(&app, &third).await;
    app.advance(seconds(29));
    assert_eq!(refreshed(&app, &first).await, fourth, "59 seconds after the second was exchanged");
    assert_eq!(refreshed(&app, &second).await, fourth);
    app.advance(seconds(1));
    assert_eq!(refreshed(&app, &second).await, fourth);
    assert_eq!(events(&app, "reused").await, 0);
    assert_ended(&app, &first, "after a minute").await;
    assert_ended(&app, &fourth, "it was a copy").await;
    assert_eq!(events(&app, "reused").await, 1);
}

#[tokio::test]
async fn a_copy_ends_its_chain_on_every_node_and_no_other() {
    let app = App::with(with_apps()).await;
    let other = second_node(&app).await;
    let mut browser = ann_in_a_browser(&app).await;
    let kept = lasting(&app, &mut browser).await;
    let first = lasting(&app, &mut browser).await;
    let second = refresh(&app, &refresh_token(&first)).await.json();
    let third = refresh(&other, &refresh_token(&second)).await.json();
    let all = [&first, &second, &third].map(access);
    app.advance(seconds(60));
    other.advance(seconds(60));
    for token in &all {
        assert!(is_accepted(&app, token).await && is_accepted(&other, token).await);
    }
    assert_ended(&app, &refresh_token(&first), "a copy").await;
    for token in &all {
        assert!(!is_accepted(&other, token).await && !is_accepted(&app, token).await);
    }
    for tokens in [&first, &second, &third] {
        assert_ended(&other, &refresh_token(tokens), "the chain has ended").await;
    }
    assert_eq!(events(&app, "reused").await, 1, "the end is told once");
    // Nothing else has ended.
    assert!(is_accepted(&other, &access(&kept)).await && browser.is_logged_in().await);
    refreshed(&other, &refresh_token(&kept)).await;
}

#[tokio::test]
async fn a_copy_is_noticed_even_by_one_who_asks_too_often() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let mut token = refreshed(&app, &first).await;
    token = refreshed(&app, &token).await;
    app.advance(seconds(60));
    for _ in 0..10 {
        token = refreshed(&app, &token).await;
    }
    assert_eq!(refresh(&app, &token).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_ended(&app, &first, "a copy").await;
    assert_ended(&app, &token, "the chain has ended").await;
}

#[tokio::test]
async fn clocks_that_differ_by_seconds_move_a_window_by_no_more() {
    let app = App::with(with_apps()).await;
    let ahead = second_node(&app).await;
    ahead.advance(seconds(2));
    let mut browser = ann_in_a_browser(&app).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let second = refreshed(&ahead, &first).await;
    assert_eq!(refreshed(&app, &first).await, second, "it was exchanged in the future of this node");
    let third = refreshed(&ahead, &second).await;
    assert_eq!(refreshed(&app, &first).await, third);
    for node in [&app, &ahead] {
        node.advance(seconds(59));
    }
    assert_eq!(refreshed(&ahead, &first).await, third, "59 seconds by the clock that wrote the time");
    app.advance(seconds(2));
    assert_eq!(refreshed(&app, &first).await, third, "59 seconds by the other clock");
    app.advance(seconds(1));
    assert_ended(&app, &first, "after a minute of the row's own time").await;
}

#[tokio::test]
async fn a_strict_server_notices_two_copies_at_the_next_exchange() {
    let strict = || Config { refresh_reuse: RefreshReuse::Strict, ..with_apps() };
    let app = App::with(strict()).await;
    app.stop_clock();
    let mut browser = ann_in_a_browser(&app).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let second = refreshed(&app, &first).await;
    app.advance(seconds(59));
    assert_eq!(refreshed(&app, &first).await, second, "for a minute, tabs are tolerated");
    app.advance(seconds(1));
    let instead = refreshed(&app, &first).await;
    assert_ne!(instead, second);
    assert_eq!(refreshed(&app, &first).await, instead, "the other tabs get the same one");
    assert_eq!((events(&app, "repeated").await, events(&app, "reused").await), (1, 0));
    let third = refreshed(&app, &instead).await;
    assert_ended(&app, &second, "the first successor was replaced").await;
    assert_ended(&app, &third, "the chain has ended").await;
    assert_eq!(events(&app, "reused").await, 1);
    // A copy whose successor is in use already.
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let second = refreshed(&app, &first).await;
    app.advance(seconds(70));
    refreshed(&app, &second).await;
    assert_ended(&app, &first, "a copy").await;
    assert_eq!(events(&app, "reused").await, 2);
}

#[tokio::test]
async fn a_replay_after_the_end_of_a_chain_ends_nothing_more() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    app.register(ANN).await;
    for end in 0..3 {
        let mut browser = app.browser_of(ANN).await;
        let first = refresh_token(&lasting(&app, &mut browser).await);
        let second = refreshed(&app, &first).await;
        let third = refreshed(&app, &second).await;
        app.advance(seconds(61));
        match end {
            0 => drop(as_wiki(&app, "/auth/oauth/revoke", &[("token", &third)]).await),
            1 => drop(app.end_sessions(app.id_of(ANN).await).await.unwrap()),
            _ => drop(app.browser_of(ANN).await.delete("/auth/sessions", None).await),
        }
        let mut later = app.browser_of(ANN).await;
        let kept = lasting(&app, &mut later).await;
        for token in [&first, &second, &third] {
            assert_ended(&app, token, "a replay").await;
        }
        assert!(later.is_logged_in().await && is_accepted(&app, &access(&kept)).await, "{end}");
        refreshed(&app, &refresh_token(&kept)).await;
    }
    assert_eq!((events(&app, "repeated").await, events(&app, "reused").await), (0, 0));
}
