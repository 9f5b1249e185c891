//! The recipient of a mail.

use axum::http::StatusCode;
use mail_parser::MessageParser;

use super::outbox::post;
use crate::{
    app::{ANN, App, BOB, PASSWORD},
    mail::{
        mailbox::{link_token, text, with_smtp},
        smtp::{Manner, Smtp},
    },
    waiting::until,
};

#[tokio::test]
async fn a_mail_goes_only_to_the_address_of_its_user() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add("Ann@B\u{fc}cher.example").await;
    app.add(BOB).await;
    post(&app, 1, "verify_email", &ann.to_string()).await;
    app.send_mails().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["TO:<Ann@xn--bcher-kva.example>"]);
    assert_eq!(mails[0].from, "FROM:<no-reply@example.org>");
    let parsed = MessageParser::default().parse(&mails[0].data).unwrap();
    assert_eq!(parsed.to().unwrap().first().unwrap().address(), Some("Ann@xn--bcher-kva.example"));
    assert_eq!((parsed.cc(), parsed.bcc()), (None, None));
    assert_eq!(parsed.subject(), Some("Confirm your e-mail address"));
    assert!(parsed.body_html(0).unwrap().contains(&link_token(&mails[0])));
    assert!(text(&mails[0]).contains("https://accounts.example.org/auth/verify-email?lang=en&token=dw_v_"));
    // The mail was sent and deleted from the outbox.
    assert_eq!(app.count("mails").await, 0);
    assert_eq!(app.count("one_time_tokens").await, 1);
    assert!(!app.contents().await.contains(&link_token(&mails[0])));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_local_part_beyond_ascii_reaches_a_server_with_smtputf8() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let jose = app.add_verified("Jos\u{e9}@example.org").await;
    post(&app, 1, "password_changed", &jose.to_string()).await;
    app.send_mails().await;
    assert_eq!(smtp.mails()[0].to, ["TO:<Jos\u{e9}@example.org>"]);
    assert_eq!(smtp.mails()[0].from, "FROM:<no-reply@example.org> SMTPUTF8");
}

#[tokio::test]
async fn a_mail_about_an_address_goes_to_the_stored_spelling_of_its_owner() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    app.add("Ann@example.org").await;
    post(&app, 1, "reset_password", "ANN@EXAMPLE.ORG").await;
    post(&app, 2, "reset_password", "nobody@example.org").await;
    app.send_mails().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["TO:<Ann@example.org>"]);
    assert_eq!(smtp.connections(), 1);
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_deleted_user_gets_one_last_mail_without_a_link() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    // The user is deleted before the mail is sent.
    post(&app, 1, "verify_email", &ann.to_string()).await;
    let mut gone = app.bearer(&app.token(ANN).await);
    let answer = gone.delete_account(PASSWORD).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    app.send_mails().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["TO:<ann@example.org>"]);
    assert!(text(&mails[0]).contains("was deleted") && !text(&mails[0]).contains("token="));
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_user_deleted_while_a_mail_is_sent_gets_no_link() {
    for (letter, email, told) in
        [("verify_email", "NULL, NULL", 0), ("email_changed", "'old@example.org', 'old@example.org'", 1)]
    {
        let smtp = Smtp::start();
        let app = App::with(with_smtp(&smtp)).await;
        let ann = app.add(ANN).await;
        let token = if app.database.starts_with("sqlite:") { "x'78'" } else { "'x'" };
        app.execute(&format!(
            "INSERT INTO one_time_tokens (token_hash, user_id, purpose, sent_to, sent_to_key, asked_at, expires_at)
             VALUES ({token}, {ann}, 'undo_email_change', 'old@example.org', 'old@example.org', 0, 9999999999);
             INSERT INTO mails (id, letter, user_id, email, email_key, language, details, created_at, attempts, due_at)
             VALUES (1, '{letter}', {ann}, {email}, 'en', '{{}}', 0, 0, 0)"
        ))
        .await;
        smtp.be(Manner::Silent);
        let sending = app.begin_sending();
        until("the sender is connected", || async { smtp.connections() == 1 }).await;
        assert!(app.delete_user(ann.to_string().parse::<doorward::UserId>().unwrap()).await.unwrap());
        smtp.be(Manner::Polite);
        sending.await.unwrap();
        let mails = smtp.mails();
        assert_eq!((mails.len(), app.count("mails").await), (told, 0), "{letter}");
        for mail in mails {
            assert_eq!(mail.to, ["TO:<old@example.org>"]);
            assert!(text(&mail).contains("was deleted") && !text(&mail).contains("?token="));
        }
    }
}
