//! The attempts in memory, and the windows of the table.

use futures_util::future::join_all;
use tempfile::TempDir;

use super::*;
use crate::{Config, PasswordConfig, accounts::credential, base::passwords::password::Password};

async fn auth() -> (TempDir, Auth) {
    let folder = tempfile::tempdir().unwrap();
    let cheap =
        PasswordConfig { hashing_threads: 1, memory_kib: 64, iterations: 1, ..PasswordConfig::default() };
    let password = PasswordConfig { hashing_queue: 1000, ..cheap };
    let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
    let auth = Auth::open_with(&url, Config { password, ..Config::default() }).await.unwrap();
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
        credential::use_password(&auth, &email, password, &client).await.map(drop)
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

#[tokio::test]
async fn a_late_request_does_not_move_a_window() {
    let (_folder, auth) = auth().await;
    let (key, rule, now) = (table::key("address", b"192.0.2.1"), Window { most: 2, length: MINUTE }, 1000);
    let count = |now| table::count_in(auth.db(), key, rule, now);
    let blocked = async |now| {
        // This flushes, so that a read sees all writes.
        auth.db().close().await;
        table::blocked(auth.db(), [key, key], now).await.unwrap()
    };
    let first = count(now).await.unwrap().unwrap();
    let late = count(now - 2).await.unwrap().unwrap();
    assert_eq!(late.count, 2);
    assert_eq!(blocked(now - 3).await, [Blocked { key, wait: MINUTE + 4 }]);
    let mut tx = auth.db().begin().await.unwrap();
    for counted in [first, late] {
        table::give_back(&mut tx, counted).await.unwrap();
    }
    tx.commit().await.unwrap();
    // Both were given back.
    assert_eq!(count(now).await.unwrap().unwrap().count, 1);
    // A clock that was set back moves the window.
    count(now).await.unwrap().unwrap();
    assert_eq!(blocked(now - 3600).await, [Blocked { key, wait: MINUTE + 1 }]);
    assert_eq!(blocked(now - 3600 + MINUTE).await, [Blocked { key, wait: 1 }]);
}
