//! Mails are sent in the background, by several nodes together.

use axum::http::StatusCode;
use doorward::Auth;

use super::outbox::{post, seconds};
use crate::{
    app::{ANN, App, fresh_database, with_many_mails},
    mail::{
        mailbox::with_smtp,
        smtp::{Manner, Smtp},
    },
    waiting::{promptly, until},
};

#[tokio::test]
async fn two_nodes_send_each_mail_once() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let other = app.sibling(with_smtp(&smtp)).await;
    for number in 1..=30 {
        let user = app.add(&format!("a{number}@example.org")).await;
        post(&app, number, "verify_email", &user.to_string()).await;
    }
    until("sent", || async {
        tokio::join!(app.send_mails(), other.send_mails());
        app.count("mails").await == 0
    })
    .await;
    let mut recipients: Vec<_> = smtp.mails().into_iter().flat_map(|mail| mail.to).collect();
    recipients.sort_unstable();
    assert_eq!(recipients.len(), 30);
    recipients.dedup();
    assert_eq!(recipients.len(), 30);
}

#[tokio::test]
async fn a_mail_of_a_node_that_died_is_sent_by_another_when_its_claim_runs_out() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let other = app.sibling(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::Slow);
    post(&app, 1, "password_changed", &ann.to_string()).await;
    // The server has taken it when the node dies, which has not noted it yet.
    let node = tokio::spawn({
        let auth = app.auth.clone();
        async move { auth.send_mails().await }
    });
    until("taken", || async { smtp.mails().len() == 1 }).await;
    node.abort();
    let _ = node.await;
    smtp.be(Manner::Polite);
    for _ in 0..3 {
        other.advance(seconds(60));
        other.send_mails().await;
        assert_eq!(smtp.mails().len(), 1);
    }
    for _ in 0..3 {
        other.advance(seconds(60));
        other.send_mails().await;
    }
    assert_eq!(smtp.mails().len(), 2);
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_silent_mail_server_slows_nobody() {
    let smtp = Smtp::start();
    smtp.be(Manner::Silent);
    let app = App::with(with_many_mails(with_smtp(&smtp))).await;
    let ann = app.add_verified(ANN).await;
    for number in 1..=50 {
        post(&app, number, "password_changed", &ann.to_string()).await;
    }
    let sending = tokio::spawn({
        let auth = app.auth.clone();
        async move { auth.send_mails().await }
    });
    until("full", || async { smtp.connections() == 4 }).await;
    for number in 0..20 {
        let email = format!("b{number}@example.org");
        app.add(&email).await;
        let token = promptly(app.token(&email)).await;
        assert_eq!(promptly(app.bearer(&token).get("/auth/me")).await.status, StatusCode::OK);
    }
    // It never has more than a few at a time.
    assert_eq!(smtp.connections(), 4);
    smtp.be(Manner::Polite);
    sending.await.unwrap();
    assert_eq!(smtp.mails().len(), 50);
}

#[tokio::test]
async fn mails_are_sent_in_the_background_until_the_accounts_are_closed() {
    let smtp = Smtp::start();
    let folder = tempfile::tempdir().unwrap();
    let database = fresh_database(&folder).await;
    // Another handle registers and posts, as another node would.
    let app = App::on(&database, with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    post(&app, 1, "password_changed", &ann.to_string()).await;
    let auth = Auth::open_with(&database, with_smtp(&smtp)).await.unwrap();
    let _router = auth.router();
    drop(auth.router());
    until("sent", || async { smtp.mails().len() == 1 }).await;
    smtp.be(Manner::Silent);
    post(&app, 2, "password_changed", &ann.to_string()).await;
    // It does not look often: what is found at the end is left to the next start.
    let _ = promptly(tokio::time::timeout(seconds(10), auth.close())).await;
    drop(auth);
    smtp.be(Manner::Polite);
    assert_eq!(smtp.mails().len(), 1);
    app.advance(seconds(600));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 2);
}
