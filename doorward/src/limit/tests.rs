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

fn to(name: impl std::fmt::Display) -> Email {
    Email::parse(&format!("{name}@example.org")).unwrap()
}

fn from(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), ..Client::default() }
}

#[tokio::test]
async fn nobody_gets_more_than_three_mails_in_a_quarter_of_an_hour() {
    let (_folder, auth) = auth().await;
    // Asked for from everywhere at once.
    let asked = (0..200).map(async |number| {
        let client = from(&format!("192.0.2.{}", number % 100));
        may_mail(&auth, &Email::parse(" ANN@Example.org").unwrap(), &client).await.unwrap()
    });
    assert_eq!(join_all(asked).await.iter().filter(|may| **may).count(), 3);
    assert!(!may_mail(&auth, &to("ann"), &Client::default()).await.unwrap());
    assert!(may_mail(&auth, &to("bob"), &Client::default()).await.unwrap());
    auth.advance(Duration::from_secs(15 * 60 + 2));
    for expected in [true, true, true, false] {
        assert_eq!(may_mail(&auth, &to("ann"), &Client::default()).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn nobody_asks_for_more_than_ten_mails_an_hour() {
    let (_folder, auth) = auth().await;
    let asked = (0..40).map(async |number| may_mail(&auth, &to(number), &from("192.0.2.1")).await.unwrap());
    let sent = join_all(asked).await;
    assert_eq!(sent.iter().filter(|may| **may).count(), 10);
    assert!(!may_mail(&auth, &to("last"), &from("192.0.2.1")).await.unwrap());
    // Mails that were not sent do not count for those who did not get them.
    let refused = sent.iter().position(|may| !may).unwrap();
    for expected in [true, true, true, false] {
        assert_eq!(may_mail(&auth, &to(refused), &from("192.0.2.2")).await.unwrap(), expected);
    }
    auth.advance(Duration::from_secs(3602));
    assert!(may_mail(&auth, &to("last"), &from("192.0.2.1")).await.unwrap());
    // Asking for mails takes away no guesses.
    assert!(reserve(&auth, "ann@example.org", &from("192.0.2.1")).await.is_ok());
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
