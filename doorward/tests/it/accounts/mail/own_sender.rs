//! A host sends the mails by its own hands, and letters of its own through the outbox.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use doorward::{
    Config, Error, UserId,
    config::Registration,
    event::EventKind,
    mail::{Delivery, MailSender, NewLetter, OutgoingMail, Sending},
};
use serde_json::json;

use super::outbox::{post, seconds};
use crate::{
    app::{ANN, App, PASSWORD, config, with_many_mails},
    mail::{
        mailbox::{text, with_smtp},
        smtp::{Manner, Smtp},
    },
};

/// How the sender of a test treats the next mails.
#[derive(Clone, Copy)]
enum Treat {
    Well,
    AsBusy,
    AsImpossible,
    WithPanic,
    WithSecretInReason,
}

/// A sender that keeps all mails it gets.
#[derive(Clone)]
struct Keeper {
    treat: Arc<Mutex<Treat>>,
    mails: Arc<Mutex<Vec<OutgoingMail>>>,
}

impl Keeper {
    fn new() -> Self {
        Self { treat: Arc::new(Mutex::new(Treat::Well)), mails: Arc::default() }
    }

    fn treat(&self, treat: Treat) {
        *self.treat.lock().unwrap() = treat;
    }

    fn mails(&self) -> Vec<OutgoingMail> {
        self.mails.lock().unwrap().clone()
    }
}

impl MailSender for Keeper {
    fn send(&self, mail: OutgoingMail) -> Sending<'_> {
        Box::pin(async move {
            let treat = *self.treat.lock().unwrap();
            let reason = mail.text.clone();
            self.mails.lock().unwrap().push(mail);
            match treat {
                Treat::Well => Delivery::Delivered,
                Treat::AsBusy => Delivery::Later("the API is\r\nbusy".into()),
                Treat::AsImpossible => Delivery::Never("no such mailbox".into()),
                Treat::WithPanic => panic!("this sender panics"),
                Treat::WithSecretInReason => Delivery::Later(format!("bad request: {reason}")),
            }
        })
    }
}

/// The token of the link in a mail.
fn token(mail: &OutgoingMail) -> String {
    mail.text.split("&token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_host_sends_the_mails_by_its_own_hands() {
    let keeper = Keeper::new();
    let from = Some("Example <no-reply@example.org>".to_owned());
    let app = App::with_sender(Config { mail_from: from.clone(), ..config() }, keeper.clone()).await;
    // There is mail, so the default is private.
    let registered = app.browser().post("/auth/register", json!({"email": ANN, "password": PASSWORD})).await;
    assert_eq!(registered.status, StatusCode::ACCEPTED, "{}", registered.text);
    app.send_mails().await;
    let mails = keeper.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((&*mail.to, &mail.from), (ANN, &from));
    assert!(!mail.subject.is_empty() && mail.html.contains("<html"), "{}", mail.html);
    assert!(mail.html.contains(&token(mail)));
    assert!(mail.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{}", mail.id);
    assert!(!format!("{mail:?}").contains("dw_v_"));
    let verified = app.anonymous().post("/auth/verify-email", json!({"token": token(mail)})).await;
    assert_eq!(verified.status, StatusCode::NO_CONTENT);
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_mail_that_the_host_cannot_send_yet_is_not_lost() {
    let keeper = Keeper::new();
    let app = App::with_sender(config(), keeper.clone()).await;
    let ann = app.add_verified(ANN).await;
    post(&app, 1, "reset_password", &ann.to_string()).await;
    post(&app, 2, "password_changed", &ann.to_string()).await;
    for (attempt, treat) in
        [Treat::AsBusy, Treat::WithPanic, Treat::WithSecretInReason].into_iter().enumerate()
    {
        keeper.treat(treat);
        app.advance(seconds(1000));
        app.send_mails().await;
        assert_eq!(keeper.mails().len(), 2 * (attempt + 1));
        assert_eq!(app.count("mails WHERE due_at IS NOT NULL AND last_error IS NOT NULL").await, 2);
    }
    let contents = app.contents().await;
    assert!(contents.contains("repeats a secret of the mail") && !contents.contains("dw_r_"), "{contents}");
    keeper.treat(Treat::Well);
    app.advance(seconds(1000));
    // Another process sends them as well as this one.
    let other = app.sibling_with_sender(config(), keeper.clone()).await;
    other.advance(seconds(4000));
    other.send_mails().await;
    assert_eq!(app.count("mails").await, 0);
    let mails = keeper.mails();
    assert_eq!(mails.len(), 8);
    // A letter with a link is another one each time. The same notice has the same id.
    let (links, notices): (Vec<_>, Vec<_>) = mails.iter().partition(|mail| mail.text.contains("&token="));
    let mut ids: Vec<_> = links.iter().map(|mail| &mail.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((links.len(), ids.len()), (4, 4));
    assert!(notices.iter().all(|mail| mail.id == notices[0].id && mail.text == notices[0].text));
    // Only the newest link works.
    for (link, works) in [(links[0], false), (links[3], true)] {
        let body = json!({"token": token(link), "new_password": "a better one, longer"});
        let answer = app.anonymous().post("/auth/reset-password", body).await;
        assert_eq!(answer.status.is_success(), works, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_mail_that_the_host_can_never_send_is_kept_as_dead() {
    let keeper = Keeper::new();
    let app = App::with_sender(config(), keeper.clone()).await;
    let ann = app.add_verified(ANN).await;
    keeper.treat(Treat::AsImpossible);
    post(&app, 1, "password_changed", &ann.to_string()).await;
    app.send_mails().await;
    assert_eq!(app.count("mails WHERE due_at IS NULL AND dead_at IS NOT NULL AND attempts = 1").await, 1);
    assert_eq!(app.count("events WHERE kind = 'mail_dead'").await, 1);
    assert!(app.contents().await.contains("no such mailbox"));
}

#[tokio::test]
async fn a_sender_takes_the_place_of_a_mail_server() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("app.db").display());
    let open = async |config: Config| {
        crate::app::accounts(&url, config)
            .mail_sender(Keeper::new())
            .open()
            .await
            .err()
            .map(|error| error.to_string())
    };
    let smtp = Config { smtp_url: Some("smtp://127.0.0.1".into()), mail_from: Some(ANN.into()), ..config() };
    for (config, refused) in [
        (config(), ""),
        (Config { registration: Some(Registration::Private), ..config() }, ""),
        (
            Config { registration: Some(Registration::Open), require_verified_email: Some(true), ..config() },
            "",
        ),
        (smtp, "smtp_url"),
        (Config { dev_mailbox: true, ..config() }, "dev_mailbox"),
        (Config { pages: false, ..config() }, "pages_url"),
    ] {
        let error = open(config).await;
        assert_eq!(error.is_none(), refused.is_empty(), "{refused}: {error:?}");
        assert!(error.unwrap_or_default().contains(refused));
    }
}

#[tokio::test]
async fn a_letter_of_the_host_goes_through_the_outbox() {
    let smtp = Smtp::start();
    let app = App::with(with_many_mails(with_smtp(&smtp))).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    smtp.be(Manner::RefuseConnection("421 4.3.2 closed"));
    let greeting = NewLetter::to_user(ann.id, "Invoice 7 für Ann", "Hello,\n\n<b>7</b> & more\n.\nBye");
    app.queue_letter(greeting).await.unwrap();
    let invitation =
        NewLetter::to_address("Bob@Example.org", "Come in", "Hello Bob").html("<p>Hello <i>Bob</i>");
    app.queue_letter(invitation).await.unwrap();
    app.send_mails().await;
    // Another process sends them when the server is back. The user has another address by then.
    app.set_email(ann.id, "ann@example.com").await.unwrap();
    smtp.be(Manner::Polite);
    let other = app.sibling(with_smtp(&smtp)).await;
    other.advance(seconds(10));
    other.send_mails().await;
    let mut mails = smtp.mails();
    mails.sort_by_key(|mail| mail.to.clone());
    assert_eq!(mails.len(), 2);
    let parsed: Vec<_> =
        mails.iter().map(|mail| mail_parser::MessageParser::default().parse(&mail.data).unwrap()).collect();
    assert_eq!(parsed[0].to().unwrap().first().unwrap().address(), Some("Bob@example.org"));
    assert_eq!(parsed[0].body_html(0).unwrap().trim(), "<p>Hello <i>Bob</i>");
    assert_eq!(parsed[1].to().unwrap().first().unwrap().address(), Some("ann@example.com"));
    assert_eq!(parsed[1].subject(), Some("Invoice 7 für Ann"));
    assert_eq!(text(&mails[1]).trim(), "Hello,\n\n<b>7</b> & more\n.\nBye");
    assert!(parsed[1].body_html(0).unwrap().contains("&lt;b&gt;7&lt;/b&gt; &amp; more<br>"));
    assert_eq!(app.count("mails").await, 0);
}

#[tokio::test]
async fn a_letter_without_a_recipient_is_not_sent() {
    let keeper = Keeper::new();
    let app = App::with_sender(config(), keeper.clone()).await;
    let ann = app.add_user(ANN, PASSWORD).await.unwrap();
    app.queue_letter(NewLetter::to_user(ann.id, "Hello", "Hello Ann")).await.unwrap();
    app.delete_user(ann.id).await.unwrap();
    let nobody: UserId = "7".parse().unwrap();
    app.queue_letter(NewLetter::to_user(nobody, "Hello", "Hello")).await.unwrap();
    app.send_mails().await;
    assert_eq!((keeper.mails().len(), app.count("mails").await), (0, 0));
    // A letter that is wrong is not stored, and the error names what is wrong.
    let Err(Error::Invalid(wrong)) = app.queue_letter(NewLetter::to_address("bob", "Hello\nBob", "")).await
    else {
        panic!("a wrong letter was queued");
    };
    assert_eq!(wrong.iter().map(|error| &*error.field).collect::<Vec<_>>(), ["to", "subject", "text"]);
    let without = App::new().await;
    let refused = without.queue_letter(NewLetter::to_user(nobody, "Hello", "Hello")).await;
    assert_eq!(refused, Err(Error::MailNotConfigured));
    assert_eq!((app.count("mails").await, without.count("mails").await), (0, 0));
}

#[tokio::test]
async fn a_dead_letter_of_the_host_is_reported() {
    let keeper = Keeper::new();
    let app = App::with_sender(config(), keeper.clone()).await;
    keeper.treat(Treat::AsImpossible);
    app.queue_letter(NewLetter::to_address(ANN, "Hello", "Hello Ann")).await.unwrap();
    app.send_mails().await;
    let dead = app.events().of_kind(EventKind::MailDead).next_page(10).await.unwrap();
    assert_eq!((dead.len(), dead[0].user_id), (1, None));
    assert_eq!(app.count("mails WHERE dead_at IS NOT NULL").await, 1);
}
