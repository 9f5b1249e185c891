//! A log-in replaces an outdated hash, unless the password was changed meanwhile.

use axum::http::StatusCode;
use doorward::{Config, config::PasswordConfig};
use doorward_password::PasswordContext;
use futures_util::future::join_all;

use crate::app::{ANN, App, NEW_PASSWORD, PASSWORD, config, patient};

/// Cheap hashes of [`PASSWORD`] as other systems store them.
fn old_hashes() -> [String; 4] {
    [
        PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap(),
        PasswordContext::builder().argon2id(32, 1, 1).build().unwrap().hash(PASSWORD).unwrap(),
        MD5.to_owned(),
        DJANGO.to_owned(),
    ]
}

pub(crate) const MD5: &str = "88e4ddd2402d92d50e1879d6ecd9ffd4";
const DJANGO: &str = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";

async fn log_in(app: &App, email: &str, password: &str) -> StatusCode {
    app.anonymous().request_token(email, password).await.status
}

async fn log_in_with_cookie(app: &App, email: &str, password: &str) -> StatusCode {
    app.browser().log_in(email, password).await.status
}

/// Returns `true` if this text is in the database.
async fn holds(app: &App, text: &str) -> bool {
    app.contents().await.contains(text)
}

const FRESH: &str = "$argon2id$v=19$m=64,t=1,p=1$";

#[tokio::test]
async fn a_log_in_replaces_an_outdated_hash() {
    for old in old_hashes() {
        for cookie in [false, true] {
            let app = App::new().await;
            app.add_user_with_hash(ANN, &old).await.unwrap();
            assert!(holds(&app, &old).await && !holds(&app, FRESH).await);
            for _ in 0..2 {
                let status = match cookie {
                    false => log_in(&app, ANN, PASSWORD).await,
                    true => log_in_with_cookie(&app, ANN, PASSWORD).await,
                };
                assert_eq!(status, StatusCode::OK, "{old}");
                assert!(!holds(&app, &old).await && holds(&app, FRESH).await, "{old}");
            }
            assert_eq!(log_in(&app, ANN, NEW_PASSWORD).await, StatusCode::UNAUTHORIZED);
        }
    }
}

#[tokio::test]
async fn a_text_that_bcrypt_accepts_does_not_become_the_password() {
    // bcrypt checks 72 bytes. The owner's password has more, or just as many.
    let checked = "0123456789".repeat(7) + "01";
    for tail in ["the end", ""] {
        let app = App::new().await;
        let owner = format!("{checked}{tail}");
        let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap();
        app.add_user_with_hash(ANN, &bcrypt.hash(&checked).unwrap()).await.unwrap();
        for text in [format!("{checked}mistyped"), owner.clone(), format!("{checked}x"), owner.clone()] {
            assert_eq!(log_in(&app, ANN, &text).await, StatusCode::OK, "{text}");
            assert_eq!(log_in_with_cookie(&app, ANN, &text).await, StatusCode::OK, "{text}");
        }
        // The hash is wrapped, and not replaced by one of the text.
        let contents = app.contents().await;
        let replaced =
            contents.matches("argon2id").count() - contents.matches("$wrap$bcrypt-password,").count();
        assert_eq!((replaced, contents.matches("$wrap$").count()), (0, 1), "{contents}");
        // A password that the owner chooses has a hash of its own.
        let mut ann = app.bearer(&app.anonymous().request_token(ANN, &owner).await.token());
        ann.change_password(&owner, NEW_PASSWORD).await;
        assert!(holds(&app, FRESH).await && !holds(&app, "$wrap$").await);
        assert_eq!(log_in(&app, ANN, &owner).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in(&app, ANN, NEW_PASSWORD).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_hash_that_is_good_enough_stays() {
    let app = App::new().await;
    app.register(ANN).await;
    let before = app.contents().await;
    let hash = &before[before.find("$argon2id$").unwrap()..][..FRESH.len() + 22 + 1 + 43];
    assert_eq!(log_in(&app, ANN, PASSWORD).await, StatusCode::OK);
    assert!(holds(&app, hash).await);

    // A node with a higher cost replaces the hash. A node with a lower cost keeps it.
    let password = PasswordConfig { memory_kib: 128, ..config().password };
    let higher = app.sibling(Config { password, ..config() }).await;
    assert_eq!(log_in(&higher, ANN, PASSWORD).await, StatusCode::OK);
    assert!(!holds(&app, hash).await && holds(&app, "$m=128,t=1,p=1$").await);
    assert_eq!(log_in(&app, ANN, PASSWORD).await, StatusCode::OK);
    assert!(holds(&app, "$m=128,t=1,p=1$").await);
}

#[tokio::test]
async fn a_failed_log_in_changes_no_account() {
    for old in old_hashes() {
        let app = App::with(patient()).await;
        let user = app.add_user_with_hash(ANN, &old).await.unwrap();
        let before = app.contents().await;
        for wrong in [NEW_PASSWORD, "", " ", &old, "correct horse batterY"] {
            assert_ne!(log_in(&app, ANN, wrong).await, StatusCode::OK);
            assert_ne!(log_in_with_cookie(&app, ANN, wrong).await, StatusCode::OK);
        }
        assert_eq!(app.contents().await, before);

        // A disabled user with the right password.
        app.disable_user(user.id).await.unwrap();
        let before = app.contents().await;
        assert_eq!(log_in(&app, ANN, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in_with_cookie(&app, ANN, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(app.contents().await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_log_ins_at_once_all_succeed_and_leave_one_fresh_hash() {
    const AT_ONCE: usize = 32;
    let app = App::new().await;
    for (number, old) in old_hashes().iter().enumerate() {
        let email = format!("user{number}@example.org");
        app.add_user_with_hash(&email, old).await.unwrap();
        let log_ins = (0..AT_ONCE).map(|turn| {
            let (app, email) = (&app, &email);
            async move {
                if turn % 2 == 0 {
                    log_in(app, email, PASSWORD).await
                } else {
                    log_in_with_cookie(app, email, PASSWORD).await
                }
            }
        });
        assert_eq!(join_all(log_ins).await, [StatusCode::OK; AT_ONCE], "{old}");
        let contents = app.contents().await;
        assert!(!contents.contains(old), "{old}");
        assert_eq!(contents.matches(FRESH).count(), number + 1);
        assert_eq!(contents.matches("sessions:").count(), number * (AT_ONCE + 1) + AT_ONCE);
        assert_eq!(log_in(&app, &email, NEW_PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in(&app, &email, PASSWORD).await, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_log_in_never_brings_an_old_password_back() {
    const AT_ONCE: usize = 12;
    let app = App::with(patient()).await;
    let [old, ..] = old_hashes();
    for round in 0..15 {
        let email = format!("user{round}@example.org");
        let user = app.add_user_with_hash(&email, &old).await.unwrap();
        let log_ins = join_all((0..AT_ONCE).map(|_| log_in(&app, &email, PASSWORD)));
        let (statuses, changed) = tokio::join!(log_ins, app.set_password(user.id, NEW_PASSWORD));
        assert!(changed.unwrap());
        for status in statuses {
            assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&status), "{status}");
        }
        // Log-ins with the old password came before the change, and the change ended their sessions.
        let contents = app.contents().await;
        assert!(!contents.contains("sessions:"), "{contents}");
        assert_eq!(log_in(&app, &email, PASSWORD).await, StatusCode::UNAUTHORIZED);
        assert_eq!(log_in(&app, &email, NEW_PASSWORD).await, StatusCode::OK);
        app.delete_user(user.id).await.unwrap();
    }
}
