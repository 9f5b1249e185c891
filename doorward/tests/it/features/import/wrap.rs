//! Weak stored hashes are wrapped in argon2id while users log in.

use axum::http::StatusCode;
use doorward::import::WrappedBatch;
use doorward_password::PasswordContext;
use futures_util::future::join_all;

use crate::{
    accounts::credential::prove::MD5,
    app::{ANN, App, PASSWORD, WRONG},
};

async fn log_in(app: &App, email: &str, password: &str) -> StatusCode {
    app.anonymous().request_token(email, password).await.status
}

/// Runs all steps of a pass. Returns their sum.
async fn pass(app: &App, apply: bool) -> WrappedBatch {
    let mut wrapping = app.wrap_hashes();
    if apply {
        wrapping = wrapping.apply();
    }
    let mut sum = WrappedBatch::default();
    while let Some(step) = wrapping.next_batch().await.unwrap() {
        sum.looked_at += step.looked_at;
        sum.wrapped += step.wrapped;
        sum.unreadable += step.unreadable;
        for (scheme, count) in step.weak {
            *sum.weak.entry(scheme).or_default() += count;
        }
    }
    sum
}

#[tokio::test]
async fn wrapped_hashes_accept_the_same_passwords() {
    let app = App::new().await;
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap();
    assert_eq!(pass(&app, true).await, WrappedBatch::default());
    for number in 0..250 {
        app.add_user_with_hash(&format!("md5-{number}@example.org"), MD5).await.unwrap();
    }
    app.add_user_with_hash("bcrypt@example.org", &bcrypt).await.unwrap();
    app.register(ANN).await;
    let odd = app.register("odd@example.org").await;
    app.execute(&format!("UPDATE credentials SET secret = '!' WHERE user_id = {odd}")).await;

    let before = app.contents().await;
    let found = pass(&app, false).await;
    assert_eq!((found.looked_at, found.wrapped, found.unreadable), (253, 0, 1));
    assert_eq!(found.weak.into_iter().collect::<Vec<_>>(), [("md5", 250)]);
    assert_eq!(app.contents().await, before);

    let done = pass(&app, true).await;
    assert_eq!((done.looked_at, done.wrapped, done.unreadable), (253, 250, 1));
    let wrapped = app.contents().await;
    assert!(!wrapped.contains(MD5) && wrapped.contains(&bcrypt));
    assert_eq!(wrapped.matches("$wrap$").count(), 250);
    // A second pass changes nothing.
    let again = pass(&app, true).await;
    assert_eq!((again.looked_at, again.wrapped, again.weak.len()), (253, 0, 0));
    assert_eq!(app.contents().await, wrapped);

    assert_eq!(log_in(&app, "md5-0@example.org", WRONG).await, StatusCode::UNAUTHORIZED);
    assert_eq!(app.contents().await, wrapped);
    assert_eq!(log_in(&app, "md5-0@example.org", PASSWORD).await, StatusCode::OK);
    assert_eq!(app.contents().await.matches("$wrap$").count(), 249);
    assert_eq!(log_in(&app, "md5-0@example.org", PASSWORD).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrapping_does_not_disturb_log_ins() {
    let app = App::new().await;
    for round in 0..10 {
        let emails: Vec<_> = (0..8).map(|number| format!("user{round}-{number}@example.org")).collect();
        for email in &emails {
            app.add_user_with_hash(email, MD5).await.unwrap();
        }
        let log_ins =
            join_all(emails.iter().flat_map(|email| [email; 3]).map(|email| log_in(&app, email, PASSWORD)));
        let (statuses, done) = tokio::join!(log_ins, pass(&app, true));
        assert_eq!(statuses, [StatusCode::OK; 24]);
        assert!(done.wrapped <= 8);
        let contents = app.contents().await;
        assert!(!contents.contains(MD5) && !contents.contains("$wrap$"), "{contents}");
    }
}
