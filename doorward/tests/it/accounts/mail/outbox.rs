//! Mails arrive, once, whatever happens to the mail server or to us.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::Auth;
use mail_parser::MessageParser;

use crate::{
    app::{ANN, App, BOB, PASSWORD, fresh_database, with_many_mails},
    mail::{
        mailbox::{link_token, text, with_smtp},
        smtp::{Manner, Smtp},
    },
    waiting::{promptly, until},
};

/// Puts a mail into the outbox, as a request does.
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

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_mail_goes_to_the_address_of_its_user_and_to_nobody_else() {
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
    // It is sent, and gone from the outbox.
    assert_eq!(app.count("mails").await, 0);
    assert_eq!(app.count("one_time_tokens").await, 1);
    assert!(!app.contents().await.contains(&link_token(&mails[0])));
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 1);
}

#[tokio::test]
async fn letters_beyond_ascii_before_the_at_reach_a_server_that_knows_them() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let jose = app.add_verified("Jos\u{e9}@example.org").await;
    post(&app, 1, "password_changed", &jose.to_string()).await;
    app.send_mails().await;
    assert_eq!(smtp.mails()[0].to, ["TO:<Jos\u{e9}@example.org>"]);
    assert_eq!(smtp.mails()[0].from, "FROM:<no-reply@example.org> SMTPUTF8");
}

#[tokio::test]
async fn a_mail_about_an_address_goes_to_its_owner_as_they_wrote_it_or_to_nobody() {
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
async fn a_user_who_is_gone_gets_one_last_mail_and_no_link() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    // The user is gone before the mail is sent.
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
async fn a_mail_waits_for_its_server_and_its_secret_lives_from_the_first_attempt_that_takes_it() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add(ANN).await;
    smtp.be(Manner::RefuseConnection("421 4.3.2 closed"));
    post(&app, 1, "reset_password", &ann.to_string()).await;
    let mut tried = 0;
    for pause in [0, 5, 10, 20, 40, 80, 160, 320, 640] {
        // The time that the test itself takes counts too.
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
    // Nothing lives that nobody was sent.
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
async fn each_attempt_has_a_secret_of_its_own_and_only_the_newest_lives() {
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
    // The server took the first and did not say so: there are two, and not three.
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
async fn what_is_refused_for_good_is_kept_as_dead_and_not_tried_again() {
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
    // What the server says of the message may hold its link.
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
async fn a_server_that_does_not_take_our_own_address_may_do_so_later() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    smtp.be(Manner::RefuseConnection("554 5.7.1 not you"));
    post(&app, 1, "password_changed", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!(app.count("mails WHERE due_at IS NOT NULL").await, 1);
}

#[tokio::test]
async fn a_letter_of_a_newer_version_is_left_to_it() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ann = app.add(ANN).await;
    post(&app, 1, "birthday_wishes", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!((smtp.connections(), app.count("mails WHERE due_at IS NOT NULL").await), (0, 1));
}

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
async fn a_user_who_goes_while_the_mail_server_is_waited_for_gets_no_link_and_no_further_attempt() {
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
        let sending = tokio::spawn({
            let auth = app.auth.clone();
            async move { auth.send_mails().await }
        });
        until("connected", || async { smtp.connections() == 1 }).await;
        assert!(app.delete_user(ann.to_string().parse().unwrap()).await.unwrap());
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

#[tokio::test]
async fn a_clock_that_was_far_ahead_for_a_while_delays_no_mail() {
    const TEN_YEARS: u64 = 10 * 365 * 24 * 3600;
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let ahead = app.sibling(with_smtp(&smtp)).await;
    let ann = app.add_verified(ANN).await;
    // One that could not be sent, and one that was claimed by a node that died.
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
    // An ordinary pause is kept.
    post(&app, 3, "password_changed", &ann.to_string()).await;
    app.execute("UPDATE mails SET due_at = (SELECT MAX(at) FROM events) + 3600").await;
    app.send_mails().await;
    assert_eq!(smtp.mails().len(), 2);
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
