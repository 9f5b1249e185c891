//! The attempts in memory, and the windows of the table.

use futures_util::future::join_all;
use tempfile::TempDir;

use super::*;
use crate::{
    Config,
    accounts::{
        credential,
        limit::table::{Counter, Spacing, Window},
    },
    base::passwords::password::Password,
    config::PasswordConfig,
};

const MINUTE: i64 = 60;

async fn auth() -> (TempDir, Auth) {
    let folder = tempfile::tempdir().unwrap();
    let password = PasswordConfig { hashing_threads: 1, hashing_queue: 1000, ..PasswordConfig::default() };
    let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
    let auth = Auth::builder(&url)
        .config(Config { password, ..Config::default() })
        .hash_cost_for_tests(64, 1)
        .open()
        .await
        .unwrap();
    (folder, auth)
}

fn from(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), ..Client::default() }
}

#[tokio::test]
async fn memory_only_holds_attempts_that_are_being_checked() {
    let (_folder, auth) = auth().await;
    let guesses = (0..300).map(async |number| {
        let client = from(&format!("2001:db8:{:x}::1", number / 3));
        let password = Password::claimed("not the password").unwrap();
        let email = format!("u{}@example.org", number % 50);
        credential::use_password(&auth, &email, password, &client, None).await.map(drop)
    });
    for outcome in join_all(guesses).await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::WrongCredentials | Error::TooManyAttempts(_)), "{error}");
    }
    assert!(auth.under_way().is_empty());
    let held = reserve(&auth, "v@example.org", &from("192.0.2.1")).await.unwrap();
    assert!(!auth.under_way().is_empty());
    drop(held);
    assert!(auth.under_way().is_empty());
}

/// A window of two attempts in a minute.
fn window() -> Counter {
    let rule = Window { most: 2, length: MINUTE };
    Counter { key: table::key("address", b"192.0.2.1"), rule: Rule::Window(rule) }
}

async fn count(auth: &Auth, counter: Counter, now: i64) -> Option<Counted> {
    // This flushes, so that a read sees all writes.
    auth.db().close().await;
    let states = table::look(auth.db(), [counter.key; 3], now).await.unwrap();
    table::count(auth.db(), counter, &states, now).await.unwrap()
}

async fn wait(auth: &Auth, counter: Counter, now: i64) -> Option<i64> {
    auth.db().close().await;
    let states = table::look(auth.db(), [counter.key; 3], now).await.unwrap();
    table::blocked([counter], &states, now).first().map(|blocked| blocked.wait)
}

async fn take_back(auth: &Auth, counted: &Counted) {
    let mut tx = auth.db().begin().await.unwrap();
    table::take_back(&mut tx, counted).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_late_request_does_not_move_a_window() {
    let (_folder, auth) = auth().await;
    let (window, now) = (window(), 1000);
    let first = count(&auth, window, now).await.unwrap();
    let late = count(&auth, window, now - 2).await.unwrap();
    assert_eq!(late.count, 2);
    assert_eq!(wait(&auth, window, now - 3).await, Some(MINUTE + 4));
    take_back(&auth, &first).await;
    take_back(&auth, &late).await;
    // Both were given back.
    assert_eq!(count(&auth, window, now).await.unwrap().count, 1);
    // A clock that was set back moves the window.
    count(&auth, window, now).await.unwrap();
    assert_eq!(wait(&auth, window, now - 3600).await, Some(MINUTE + 1));
    assert_eq!(wait(&auth, window, now - 3600 + MINUTE).await, None);
}

#[tokio::test]
async fn an_attempt_that_is_taken_back_leaves_no_trace() {
    let (_folder, auth) = auth().await;
    let rule = Spacing { free: 2, first: 10, longest: 40 };
    let counter = Counter { key: table::key("account", b"ann@example.org"), rule: Rule::Spacing(rule) };
    let state = async |now| {
        let states = table::look(auth.db(), [counter.key; 3], now).await.unwrap();
        format!("{:?}", counter.state(&states, now))
    };
    let mut now = 1000;
    for attempts in 1..8 {
        count(&auth, counter, now).await.unwrap();
        auth.db().close().await;
        now += rule.delay(attempts) + 1;
        let before = state(now).await;
        let attempt = count(&auth, counter, now).await.unwrap();
        auth.db().close().await;
        assert_ne!(state(now).await, before);
        take_back(&auth, &attempt).await;
        assert_eq!(state(now).await, before, "after {attempts} attempts");
    }
    // Another attempt keeps its time if an earlier one is taken back.
    let first = count(&auth, counter, now).await.unwrap();
    let later = now + rule.delay(8) + 1;
    count(&auth, counter, later).await.unwrap();
    let with_both = wait(&auth, counter, later).await;
    take_back(&auth, &first).await;
    assert_eq!(wait(&auth, counter, later).await, with_both);
}

#[tokio::test]
async fn a_changed_setting_holds_at_once() {
    let (_folder, auth) = auth().await;
    let now = 1000;
    let with = |most| Counter { rule: Rule::Window(Window { most, length: MINUTE }), ..window() };
    for _ in 0..5 {
        count(&auth, with(30), now).await.unwrap();
    }
    for (most, expected) in
        [(30, None), (5, Some(MINUTE + 1)), (3, Some(MINUTE + 1)), (1, Some(MINUTE + 1)), (6, None)]
    {
        assert_eq!(wait(&auth, with(most), now).await, expected, "{most}");
        let counted = count(&auth, with(most), now).await;
        assert_eq!(counted.is_some(), expected.is_none(), "{most}");
        if let Some(counted) = counted {
            take_back(&auth, &counted).await;
        }
    }
    let with = |free, first, longest| Counter {
        key: table::key("account", b"ann@example.org"),
        rule: Rule::Spacing(Spacing { free, first, longest }),
    };
    for _ in 0..5 {
        count(&auth, with(30, 1, 900), now).await.unwrap();
    }
    for (free, first, longest, expected) in [
        (30, 1, 900, None),
        (6, 600, 900, None),
        (5, 600, 900, Some(601)),
        (4, 1, 900, Some(3)),
        (1, 1, 900, Some(17)),
        (1, 1, 10, Some(11)),
        (1, 500, 86_400, Some(8001)),
    ] {
        let counter = with(free, first, longest);
        assert_eq!(wait(&auth, counter, now).await, expected, "{free} {first} {longest}");
        // The wait ends, whatever the settings were when the attempts were counted.
        let after = now + expected.unwrap_or(0);
        assert_eq!(wait(&auth, counter, after).await, None, "{free} {first} {longest}");
        let counted = count(&auth, counter, after).await.unwrap();
        take_back(&auth, &counted).await;
    }
}

#[test]
fn delays_double_up_to_the_longest() {
    let rule = Spacing { free: 5, first: 1, longest: 900 };
    let delays: Vec<_> =
        [0, 4, 5, 6, 14, 15, 16, 100, i64::from(u32::MAX), i64::MAX].map(|count| rule.delay(count)).into();
    assert_eq!(delays, [0, 0, 1, 2, 512, 900, 900, 900, 900, 900]);
}
