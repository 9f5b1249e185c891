//! Failures of clients that proved nothing: gathered by account and minute, and read with the other events.

use std::{collections::BTreeMap, sync::mpsc, time::Duration};

use axum::http::StatusCode;
use doorward::{
    Config, Timestamp,
    config::{LimitConfig, Registration},
    event::{Event, EventKind},
};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    accounts::event::{all, count, fail},
    app::{ANN, App, BOB, PASSWORD, WRONG, patient},
    mail::mailbox::with_mail,
};

/// Stops the clock at the beginning of an hour.
pub(crate) async fn stop_at_hour(app: &App) {
    app.stop_clock();
    let now = app.add_user("clock@example.org", PASSWORD).await.unwrap().created_at.as_second();
    app.advance(Duration::from_secs(u64::try_from(3600 - now.rem_euclid(3600)).unwrap()));
}

async fn fail_from(app: &App, ip: &str, email: &str) {
    let answer = app.anonymous().from(ip).request_token(email, WRONG).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
}

/// The gathered failures, oldest first.
async fn failures(app: &App) -> Vec<Event> {
    all(app).await.into_iter().filter(|event| event.id < 0).collect()
}

#[tokio::test]
async fn failures_of_an_account_in_one_minute_are_one_event() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    let (ann, bob) = (app.add(ANN).await, app.add(BOB).await);
    for second in 0..5 {
        fail_from(&app, &format!("192.0.2.{}", second % 3), ANN).await;
        fail_from(&app, "192.0.2.9", BOB).await;
        app.advance(Duration::from_secs(10));
    }
    app.advance(Duration::from_secs(10));
    fail_from(&app, "192.0.2.7", ANN).await;
    let events = failures(&app).await;
    let told: Vec<_> = events.iter().map(|event| (i64::from(event.user_id.unwrap()), count(event))).collect();
    let mut first: Vec<_> = told[..2].to_vec();
    first.sort_unstable();
    assert_eq!((first, &told[2..]), (vec![(ann, 5), (bob, 5)], &[(ann, 1)][..]));
    let of_ann = events.iter().find(|event| event.user_id.map(i64::from) == Some(ann)).unwrap();
    assert_eq!(of_ann.ip.as_deref(), Some("192.0.2.0"));
    assert_eq!(of_ann.detail["addresses"], "192.0.2.0 192.0.2.1 192.0.2.2");
    assert_eq!(of_ann.detail["reason"], "wrong_password");
    let last: Timestamp = of_ann.detail["last_at"].parse().unwrap();
    assert_eq!(last.as_second() - of_ann.at.as_second(), 40);
    let keys: Vec<_> = events[2].detail.keys().collect();
    assert_eq!(keys, ["method", "reason"], "a single failure is an event like others");
}

#[tokio::test]
async fn failures_with_unknown_addresses_are_one_event_and_hold_no_address() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    let before = all(&app).await.len();
    for number in 0..60 {
        fail_from(&app, &format!("2001:db8:{number:x}::{number:x}"), &format!("u{number}@example.net")).await;
        app.advance(Duration::from_secs(9));
    }
    let events = all(&app).await;
    assert_eq!(events.len(), before + 1);
    let event = events.last().unwrap();
    assert_eq!((event.kind, event.user_id, count(event)), (EventKind::LogInFailed, None, 60));
    let addresses = event.detail["addresses"].split(' ').count();
    assert!((3..=10).contains(&addresses), "{addresses} addresses");
    assert!(!format!("{events:?}").contains("example.net"));
    assert_eq!(app.count("failures").await, 1);
    app.advance(Duration::from_secs(60));
    fail(&app, "another@example.net", WRONG).await;
    assert_eq!(app.count("failures").await, 2);
}

#[tokio::test]
async fn strangers_leave_no_rows_in_the_table_of_events() {
    let config = Config { registration: Some(Registration::Private), ..with_mail() };
    let app = App::with(config).await;
    app.add_verified(ANN).await;
    let before = app.count("events").await;
    let mut stranger = app.anonymous();
    for email in [ANN, "nobody@example.org"] {
        for _ in 0..8 {
            stranger.request_token(email, WRONG).await;
        }
        for _ in 0..4 {
            let forgotten = stranger.post("/auth/forgot-password", json!({"email": email})).await;
            assert_eq!(forgotten.status, StatusCode::ACCEPTED);
        }
    }
    let repeated = stranger.post("/auth/register", json!({"email": ANN, "password": PASSWORD})).await;
    assert_eq!(repeated.status, StatusCode::ACCEPTED);
    let code = json!({"email": BOB, "code": "AAAA-AAAA"});
    assert_eq!(stranger.post("/auth/verify-email", code).await.code(), "invalid_link");
    assert_eq!(app.count("events").await, before);
    let mut kinds: BTreeMap<_, i64> = BTreeMap::new();
    for event in failures(&app).await {
        *kinds.entry(event.kind.to_string()).or_default() += count(&event);
    }
    let expected = [
        ("code_failed", 1),
        ("log_in_failed", 10),
        ("password_reset_requested", 6),
        ("registration_repeated", 1),
        // Of each address: its guesses, and its mails.
        ("throttled", 4),
    ];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
}

#[tokio::test]
async fn a_listener_hears_each_failure_by_itself() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    let (hear, heard) = mpsc::channel();
    app.on_event(move |live| hear.send(live.event.clone()).unwrap());
    for number in 1..=3 {
        fail_from(&app, &format!("192.0.2.{number}"), "nobody@example.org").await;
    }
    let told: Vec<Event> = (0..3).map(|_| heard.recv_timeout(Duration::from_secs(15)).unwrap()).collect();
    let ips: Vec<_> = told.iter().map(|event| event.ip.as_deref().unwrap()).collect();
    assert_eq!(ips, ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    let gathered = failures(&app).await;
    assert_eq!(gathered.len(), 1);
    assert!(told.iter().all(|event| event.id == gathered[0].id && !event.detail.contains_key("count")));
}

#[tokio::test]
async fn failures_stand_among_the_events_of_their_second() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    app.add(ANN).await;
    fail(&app, ANN, WRONG).await;
    app.token(ANN).await;
    fail(&app, "nobody@example.org", WRONG).await;
    app.token(ANN).await;
    let kinds: Vec<_> = all(&app).await[1..].iter().map(|event| event.kind.as_str()).collect();
    let expected = ["registered", "log_in_failed", "logged_in", "log_in_failed", "logged_in"];
    assert_eq!(kinds, expected);
    // Any length of a page gives the same list.
    for length in 1..5 {
        let (mut reading, mut paged) = (app.events(), Vec::new());
        loop {
            let page = reading.next_page(length).await.unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        paged.reverse();
        assert_eq!(paged, all(&app).await, "{length}");
    }
}

#[tokio::test]
async fn failures_are_found_by_the_time_of_the_last_one() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    app.add(ANN).await;
    fail(&app, ANN, WRONG).await;
    app.advance(Duration::from_secs(30));
    fail(&app, ANN, WRONG).await;
    let first = failures(&app).await[0].at.as_second();
    for (since, found) in [(first, 1), (first + 30, 1), (first + 31, 0)] {
        let mut reading = app.events().of_kind(EventKind::LogInFailed).since(Timestamp::from_second(since));
        assert_eq!(reading.next_page(10).await.unwrap().len(), found, "{}", since - first);
    }
}

#[tokio::test]
async fn failures_at_the_same_moment_are_all_counted() {
    let config = Config {
        limit: LimitConfig { failures_per_address: u32::MAX.try_into().unwrap(), ..patient().limit },
        ..patient()
    };
    let app = App::with(config).await;
    let other = app.sibling(patient()).await;
    app.add(ANN).await;
    let (nodes, all) = ([&app, &other], (0..120).collect::<Vec<_>>());
    // So many may wait for a hashing thread at once.
    for some in all.chunks(12) {
        let tries = some.iter().map(async |number| {
            let email = if number % 2 == 0 { ANN.to_owned() } else { format!("u{number}@example.net") };
            fail_from(nodes[number % 3 / 2], &format!("192.0.2.{number}"), &email).await;
        });
        join_all(tries).await;
    }
    assert_eq!(app.number("SELECT CAST(SUM(count) AS BIGINT) FROM failures").await, 120);
    // The tries took at most a few minutes.
    assert!(app.count("failures").await <= 10);
}

#[tokio::test]
async fn in_a_full_table_the_failures_of_all_accounts_are_counted_together() {
    let app = App::with(patient()).await;
    stop_at_hour(&app).await;
    let ann = app.add(ANN).await;
    app.add(BOB).await;
    app.execute(&format!(
        "INSERT INTO failures (id, kind, user_id, first_at, last_at, count, after_event, addresses, detail)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
         SELECT n, 'log_in_failed', {ann}, n, n, 1, 0, '', '{{}}' FROM numbers"
    ))
    .await;
    for _ in 0..3 {
        for email in [ANN, BOB, "nobody@example.org"] {
            fail_from(&app, "192.0.2.1", email).await;
            app.advance(Duration::from_secs(40));
        }
    }
    assert_eq!(app.count("failures").await, 100_001);
    let newest = app.events().of_kind(EventKind::LogInFailed).next_page(1).await.unwrap();
    assert_eq!((newest[0].user_id, count(&newest[0])), (None, 9));
    assert_eq!(newest[0].detail["of"], "everybody");
    let throttled = app.events().of_kind(EventKind::Throttled).next_page(10).await.unwrap();
    assert_eq!(throttled.len(), 1, "{throttled:?}");
    assert_eq!(throttled[0].detail["limit"], "failures");
    // A few rows fewer are not enough: it would be full again at once.
    app.execute("DELETE FROM failures WHERE id > 99000").await;
    app.advance(Duration::from_secs(70));
    fail(&app, ANN, WRONG).await;
    assert_eq!(app.count("failures WHERE id < 0").await, 1);
    app.execute("DELETE FROM failures WHERE id > 80000").await;
    app.advance(Duration::from_secs(70));
    fail(&app, ANN, WRONG).await;
    assert_eq!(app.count("failures WHERE id < 0").await, 2);
}
