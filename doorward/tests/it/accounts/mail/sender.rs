//! Mails are sent in the background, by several nodes together.

use axum::http::StatusCode;

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
    until("all mails are sent", || async {
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
async fn the_mail_of_a_dead_node_is_sent_by_another_when_its_claim_expires() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let other = app.sibling(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::Slow);
    post(&app, 1, "password_changed", &ann.to_string()).await;
    // The server has the mail, but the node dies before it notes that.
    let node = app.begin_sending();
    until("the server has the mail", || async { smtp.mails().len() == 1 }).await;
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
async fn a_silent_mail_server_delays_no_request() {
    let smtp = Smtp::start();
    smtp.be(Manner::Silent);
    let app = App::with(with_many_mails(with_smtp(&smtp))).await;
    let ann = app.add_verified(ANN).await;
    for number in 1..=50 {
        post(&app, number, "password_changed", &ann.to_string()).await;
    }
    let sending = app.begin_sending();
    until("four connections are open", || async { smtp.connections() == 4 }).await;
    for number in 0..20 {
        let email = format!("b{number}@example.org");
        app.add(&email).await;
        let token = promptly(app.token(&email)).await;
        assert_eq!(promptly(app.bearer(&token).get("/auth/me")).await.status, StatusCode::OK);
    }
    // The sender opens only a few connections at a time.
    assert_eq!(smtp.connections(), 4);
    smtp.be(Manner::Polite);
    sending.await.unwrap();
    assert_eq!(smtp.mails().len(), 50);
}

#[tokio::test]
async fn mails_are_sent_in_the_background_until_closing() {
    let smtp = Smtp::start();
    let folder = tempfile::tempdir().unwrap();
    let database = fresh_database(&folder).await;
    // This handle acts as another node. It only adds mails.
    let app = App::on(&database, with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    post(&app, 1, "password_changed", &ann.to_string()).await;
    let auth = crate::app::opened(&database, with_smtp(&smtp)).await.unwrap();
    let _router = auth.router();
    drop(auth.router());
    until("all mails are sent", || async { smtp.mails().len() == 1 }).await;
    smtp.be(Manner::Silent);
    post(&app, 2, "password_changed", &ann.to_string()).await;
    // The sender does not look often. The next start sends the mails that are left.
    let _ = promptly(tokio::time::timeout(seconds(10), auth.close())).await;
    drop(auth);
    smtp.be(Manner::Polite);
    assert_eq!(smtp.mails().len(), 1);
    app.advance(seconds(600));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 2);
}
