use futures_util::future::join_all;
use tempfile::TempDir;

use super::*;
use crate::{Config, PasswordConfig, credential, password::Password};

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
async fn what_is_kept_in_memory_is_what_is_under_way() {
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
    assert!(auth.under_way.is_empty());
    let held = reserve(&auth, "v@example.org", &from("192.0.2.1")).await.unwrap();
    assert!(!auth.under_way.is_empty());
    drop(held);
    assert!(auth.under_way.is_empty());
}
