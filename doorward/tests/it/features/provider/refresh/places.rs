//! What the owner of an account learns about a token that is shown again, and from where.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::Registration, event::EventKind};

use super::super::parties::{WIKI, WIKI_SECRET, lasting, refresh_token, with_apps};
use crate::{
    app::{ANN, Actor, Answer, App},
    mail::mailbox::with_mail,
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0) Version/18.0 Safari/605.1";

/// An application that sends mails, with proxies that nobody trusts.
async fn mailing() -> App {
    let Config { smtp_url, mail_from, .. } = with_mail();
    let app =
        App::with(Config { smtp_url, mail_from, registration: Some(Registration::Open), ..with_apps() })
            .await;
    app.stop_clock();
    app.add_verified(ANN).await;
    app
}

async fn refresh(actor: &mut Actor<'_>, token: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", WIKI),
        ("client_secret", WIKI_SECRET),
    ];
    actor.form("/auth/oauth/token", &form).await
}

#[tokio::test]
async fn the_owner_is_told_of_a_copy_with_both_places() {
    let app = mailing().await;
    let mut browser = app.browser_of(ANN).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    // The letter about the new app, and the one about the new browser.
    app.send_mails().await;
    let mut home = app.anonymous().from("192.0.2.7").header("user-agent", FIREFOX);
    let mut thief = app.anonymous().from("198.51.100.9").header("user-agent", SAFARI);
    let second = refresh_token(&refresh(&mut home, &first).await.json());
    refresh(&mut home, &second).await;
    app.advance(Duration::from_secs(60));
    assert_eq!(refresh(&mut thief, &first).await.status, StatusCode::BAD_REQUEST);
    let mail = app.newest_mail(ANN).await;
    assert_eq!(mail.subject, "The < b > wiki < / b > was logged out of your account");
    for shown in
        ["198.51.100.9", "Safari, macOS", "192.0.2.7", "Firefox, Linux", "/auth/account/apps?lang=en"]
    {
        assert!(mail.text.contains(shown), "{shown}: {}", mail.text);
    }
    let mut reused = app.events().of_kind(EventKind::RefreshTokenReused);
    let event = reused.next_page(1).await.unwrap().remove(0);
    assert_eq!(event.ip.as_deref(), Some("198.51.100.9"));
    assert_eq!((&*event.detail["client"], &*event.detail["earlier_ip"]), (WIKI, "192.0.2.7"));
    assert_eq!(event.detail["earlier_user_agent"], FIREFOX);
}

#[tokio::test]
async fn the_owner_is_told_of_a_late_repetition_from_another_network_and_program_alone() {
    let app = mailing().await;
    let mut browser = app.browser_of(ANN).await;
    for (address, program, told) in [
        ("192.0.2.7", FIREFOX, 0),
        ("198.51.100.9", FIREFOX, 0),
        ("192.0.2.7", SAFARI, 0),
        ("198.51.100.9", SAFARI, 1),
    ] {
        let token = refresh_token(&lasting(&app, &mut browser).await);
        let mut home = app.anonymous().from("192.0.2.7").header("user-agent", FIREFOX);
        let next = refresh(&mut home, &token).await.json()["refresh_token"].clone();
        let mut again = app.anonymous().from(address).header("user-agent", program);
        for (wait, told) in [(59, 0), (1, told)] {
            app.advance(Duration::from_secs(wait));
            app.mails().await;
            let before = app.mails_sent();
            assert_eq!(refresh(&mut again, &token).await.json()["refresh_token"], next);
            let mails = app.mails().await;
            assert_eq!(mails.len() - before, told, "{address} {program} after {wait} more seconds");
            if told == 1 {
                assert_eq!(mails[0].subject, "The < b > wiki < / b > used your account from another place");
                assert!(mails[0].text.contains("192.0.2.7") && mails[0].text.contains(address));
            }
        }
    }
    assert_eq!(app.count("events WHERE kind = 'refresh_token_repeated'").await, 4);
    assert_eq!(app.count("events WHERE kind = 'refresh_token_reused'").await, 0);
}

#[tokio::test]
async fn an_address_that_was_not_verified_gets_no_letter() {
    let app = mailing().await;
    app.execute("UPDATE users SET email_verified_at = NULL").await;
    let mut browser = app.browser_of(ANN).await;
    let first = refresh_token(&lasting(&app, &mut browser).await);
    let mut home = app.anonymous();
    let second = refresh_token(&refresh(&mut home, &first).await.json());
    refresh(&mut home, &second).await;
    app.advance(Duration::from_secs(60));
    assert_eq!(refresh(&mut home, &first).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.mails().await.len(), 0);
    assert_eq!(app.count("events WHERE kind = 'refresh_token_reused'").await, 1);
}
