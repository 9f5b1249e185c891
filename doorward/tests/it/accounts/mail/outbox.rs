//! Each mail arrives once, also if the mail server or a node fails.

use std::time::Duration;

use mail_parser::MessageParser;

use crate::{
    app::{ANN, App},
    mail::{
        mailbox::{link_token, with_smtp},
        smtp::{Manner, Smtp},
    },
};

/// Adds a mail to the outbox, as a request does.
pub(crate) async fn post(app: &App, number: i64, letter: &str, to: &str) {
    let to = match to.split_once('@') {
        Some(_) => format!("NULL, '{to}', '{}'", to.to_lowercase()),
        None => format!("{to}, NULL, NULL"),
    };
    app.execute(&format!(
        "INSERT INTO mails (id, letter, user_id, email, email_key, language, details, created_at, attempts, due_at)
         VALUES ({number}, '{letter}', {to}, 'en', '{{}}', 0, 0, 0)"
    ))
    .await;
}

pub(super) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_mail_waits_for_its_server_and_its_token_begins_when_it_is_sent() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add(ANN).await;
    smtp.be(Manner::RefuseConnection("421 4.3.2 closed"));
    post(&app, 1, "reset_password", &ann.to_string()).await;
    let mut tried = 0;
    for pause in [0, 5, 10, 20, 40, 80, 160, 320, 640] {
        // The test itself takes time too.
        app.advance(seconds(pause / 2));
        if pause > 10 {
            app.send_mails().await;
            assert_eq!(smtp.connections(), tried, "tried before {pause} s were over");
        }
        app.advance(seconds(pause.div_ceil(2)));
        app.send_mails().await;
        tried += 1;
        assert_eq!(smtp.connections(), tried, "after {pause} s");
    }
    // There is no token, because no mail was sent.
    assert_eq!(app.count("one_time_tokens").await, 0);
    assert!(app.contents().await.contains("closed"));
    smtp.be(Manner::Polite);
    app.advance(seconds(1280));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 1);
    let lives = app.number("SELECT expires_at FROM one_time_tokens").await;
    let asked = app.number("SELECT asked_at FROM one_time_tokens").await;
    assert!(lives > 1_790_000_000 + 1280 && asked == 0, "{lives} {asked}");
}

#[tokio::test]
async fn each_attempt_has_its_own_token_and_only_the_newest_works() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add(ANN).await;
    smtp.be(Manner::DropAfterMessage);
    post(&app, 1, "reset_password", &ann.to_string()).await;
    app.send_mails().await;
    smtp.be(Manner::Polite);
    app.advance(seconds(5));
    app.send_mails().await;
    app.advance(seconds(3600));
    app.send_mails().await;
    // The server took the first mail without an answer. So there are two mails, and not three.
    let mails = smtp.mails();
    assert_eq!(mails.len(), 2);
    assert_ne!(link_token(&mails[0]), link_token(&mails[1]));
    let ids: Vec<_> = mails
        .iter()
        .map(|mail| MessageParser::default().parse(&mail.data).unwrap().message_id().unwrap().to_owned())
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(app.count("one_time_tokens").await, 1);
}

#[tokio::test]
async fn a_mail_that_is_cut_off_arrives_once() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::DropInMessage);
    post(&app, 1, "password_changed", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 0);
    smtp.be(Manner::Polite);
    app.advance(seconds(5));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 1);
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_mail_refused_for_good_is_kept_as_dead() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::RefuseRecipient("550 5.1.1 no\x1b[31m such\tuser"));
    post(&app, 1, "password_changed", &ann.to_string()).await;
    app.send_mails().await;
    smtp.be(Manner::RefuseMessage("554 5.7.1 spam:"));
    post(&app, 2, "reset_password", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!(smtp.connections(), 2);
    assert_eq!(app.count("events WHERE kind = 'mail_dead'").await, 2);
    assert_eq!(app.count("mails WHERE due_at IS NULL AND dead_at IS NOT NULL AND attempts = 1").await, 2);
    let contents = app.contents().await;
    assert!(contents.contains("5.1.1") && contents.contains("such"), "{contents}");
    assert!(!contents.contains('\x1b') && !contents.contains('\t'));
    // The reply of the server to the message may repeat the link.
    assert!(
        contents.contains("5.7.1") && !contents.contains("dw_r_") && !contents.contains("spam"),
        "{contents}"
    );
    smtp.be(Manner::Polite);
    app.advance(seconds(24 * 3600));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 0);
}

#[tokio::test]
async fn a_mail_is_given_up_after_a_day_of_attempts() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::RefuseRecipient("450 4.2.0 later"));
    post(&app, 1, "password_changed", &ann.to_string()).await;
    for hour in 0..24 {
        assert_eq!(app.count("mails WHERE due_at IS NOT NULL").await, 1, "after {hour} hours");
        for _ in 0..60 {
            app.send_mails().await;
            app.advance(seconds(60));
        }
    }
    for _ in 0..180 {
        app.send_mails().await;
        app.advance(seconds(60));
    }
    assert_eq!(app.count("mails WHERE dead_at IS NOT NULL AND due_at IS NULL").await, 1);
    assert_eq!(smtp.connections(), 34);
}

#[tokio::test]
async fn a_mail_whose_sender_is_refused_is_tried_again() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::RefuseConnection("554 5.7.1 not you"));
    post(&app, 1, "password_changed", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!(app.count("mails WHERE due_at IS NOT NULL").await, 1);
}

#[tokio::test]
async fn a_letter_of_a_newer_version_is_left_for_it() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add(ANN).await;
    post(&app, 1, "birthday_wishes", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!((smtp.connections(), app.count("mails WHERE due_at IS NOT NULL").await), (0, 1));
}

#[tokio::test]
async fn a_clock_that_was_far_ahead_delays_no_mail() {
    const TEN_YEARS: u64 = 10 * 365 * 24 * 3600;
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ahead = app.sibling(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    // The first mail could not be sent. The second was claimed by a node that died.
    smtp.be(Manner::RefuseConnection("421 4.3.2 closed"));
    post(&app, 1, "password_changed", &ann.to_string()).await;
    ahead.advance(seconds(TEN_YEARS));
    ahead.send_mails().await;
    post(&app, 2, "password_changed", &ann.to_string()).await;
    app.execute("UPDATE mails SET attempts = 1, due_at = due_at + 2105000000 WHERE id = 2").await;
    assert_eq!(app.count("mails WHERE due_at > 2000000000").await, 2);
    smtp.be(Manner::Polite);
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 2);
    assert_eq!(app.count("mails").await, 0);
    // An ordinary pause stays.
    post(&app, 3, "password_changed", &ann.to_string()).await;
    app.execute("UPDATE mails SET due_at = (SELECT MAX(at) FROM events) + 3600").await;
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 2);
}
