//! Letters: their language and details, and text from requests that must not get into them.

use std::time::Duration;

use axum::http::StatusCode;
use mail_parser::MessageParser;
use serde_json::json;

use crate::{
    app::{ANN, Actor, App, NEW_PASSWORD, PASSWORD},
    mail::{
        mailbox::{link_token, text, with_smtp},
        smtp::Smtp,
    },
};

/// Changes the password and changes it back, which sends two mails.
async fn change_twice(app: &App, user: &mut Actor<'_>) {
    for (current, new) in [(PASSWORD, NEW_PASSWORD), (NEW_PASSWORD, PASSWORD)] {
        let answer = user.change_password(current, new).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    app.send_mails().await;
}

#[tokio::test]
async fn links_lead_to_the_public_address_despite_forged_headers() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    app.add_verified(ANN).await;
    let mut logged_in = app.bearer(&app.token(ANN).await);
    let poisons: [&[(&str, &str)]; 12] = [
        &[("host", "evil.example")],
        &[("host", "accounts.example.org@evil.example")],
        &[("host", "accounts.example.org:evil.example")],
        &[("host", "accounts.example.org"), ("x-forwarded-host", "evil.example")],
        &[("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http")],
        &[("x-forwarded-prefix", "//evil.example")],
        &[("x-forwarded-server", "evil.example"), ("x-forwarded-port", "1")],
        &[("forwarded", "host=evil.example;proto=http")],
        &[("x-original-url", "https://evil.example/"), ("x-rewrite-url", "//evil.example")],
        &[("x-host", "evil.example"), ("x-http-host-override", "evil.example")],
        &[("referer", "https://evil.example/")],
        &[("user-agent", "https://evil.example/ href=\"https://evil.example\"")],
    ];
    for poison in poisons {
        let (mut ann, mut anyone) = (logged_in.clone(), app.anonymous());
        for (name, value) in poison {
            (ann, anyone) = (ann.header(name, value), anyone.header(name, value));
        }
        // The limits allow one such round in this time.
        app.advance(Duration::from_secs(900));
        let answer = anyone.post("/auth/forgot-password", json!({"email": ANN})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        app.send_mails().await;
        change_twice(&app, &mut ann).await;
        logged_in = ann.without(poison.iter().map(|(name, _)| *name));
    }
    let mails = smtp.mails();
    assert_eq!(mails.len(), 36);
    let with_secrets =
        mails.iter().filter(|mail| text(mail).contains("auth/reset-password?lang=en&token=dw_r_"));
    assert_eq!(with_secrets.count(), 12);
    for mail in mails {
        let parsed = MessageParser::default().parse(&mail.data).unwrap();
        let html = parsed.body_html(0).unwrap();
        let links: Vec<_> = html.split("href=\"").skip(1).collect();
        assert!(!links.is_empty());
        for link in links {
            assert!(link.starts_with("https://accounts.example.org/auth/"), "{link}");
        }
        // The mail holds no other text from the request.
        assert!(!text(&mail).contains("evil") && !mail.data.contains("evil"), "{}", mail.data);
        assert_eq!(mail.to, ["TO:<ann@example.org>"]);
    }
}

#[tokio::test]
async fn letters_are_in_the_language_of_the_client_and_name_its_browser() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    app.add_verified(ANN).await;
    let ann = app.bearer(&app.token(ANN).await);
    let mut ann = ann.header("accept-language", "de-AT, en;q=0.5").header("user-agent", browser);
    change_twice(&app, &mut ann).await;
    let mail = &smtp.mails()[0];
    let parsed = MessageParser::default().parse(&mail.data).unwrap();
    assert_eq!(parsed.subject(), Some("Ihr Passwort wurde geändert"));
    let text = text(mail);
    assert!(text.contains("Womit: Firefox, Linux") && text.contains(" UTC"), "{text}");
    assert!(parsed.body_html(0).unwrap().contains("lang=\"de\""));
}

#[tokio::test]
async fn the_language_of_a_page_is_kept_in_its_letters_and_their_links() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    app.add_verified(ANN).await;
    let mut browser = app.browser().header("accept-language", "fr");
    let page = browser.get("/auth/forgot-password?lang=de").await;
    assert!(page.text.contains("action=\"&#x2f;auth&#x2f;forgot-password?lang=de\""), "{}", page.text);
    browser.form("/auth/forgot-password?lang=de", &[("email", ANN)]).await;
    app.send_mails().await;
    let mail = &smtp.mails()[0];
    let parsed = MessageParser::default().parse(&mail.data).unwrap();
    assert_eq!(parsed.subject(), Some("Wählen Sie ein neues Passwort"));
    assert!(parsed.body_html(0).unwrap().contains("/auth/reset-password?lang=de&amp;token=dw_r_"));
    let text = text(mail);
    let link = text.lines().find(|line| line.contains("/auth/reset-password")).unwrap();
    let page = browser.get(link.strip_prefix("https://accounts.example.org").unwrap()).await;
    assert!(page.text.contains("<html lang=\"de\""), "{}", page.text);
    // An unknown language is ignored, and the browser decides.
    browser.form("/auth/forgot-password?lang=xx", &[("email", ANN)]).await;
    app.send_mails().await;
    let parsed = MessageParser::default().parse(&smtp.mails()[1].data).unwrap().into_owned();
    assert_eq!(parsed.subject(), Some("Choisissez un nouveau mot de passe"));
}

#[tokio::test]
async fn no_address_that_an_attacker_chose_becomes_a_link() {
    let smtp = Smtp::start();
    let app = App::with(with_smtp(&smtp)).await;
    app.add_verified(ANN).await;
    let mut thief = app.bearer(&app.token(ANN).await);
    let chosen = "www.evil.example/log-in@evil.example";
    assert_eq!(thief.change_email(chosen).await.status, StatusCode::ACCEPTED);
    app.send_mails().await;
    let token = link_token(&smtp.mails()[0]);
    let answer = app.anonymous().post("/auth/confirm-email", json!({"token": token})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    // A stranger registers an address that reaches Ann.
    app.anonymous().register("ann+www.evil.example/pay@example.org", PASSWORD).await;
    app.send_mails().await;
    let mails = smtp.mails();
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        let parsed = MessageParser::default().parse(&mail.data).unwrap();
        let html = parsed.body_html(0).unwrap();
        for part in [&*text(mail), &*html] {
            assert!(!part.contains("evil.") && !part.contains("www.") && !part.contains("@evil"), "{part}");
            assert!(part.replace('\n', " ").contains("www . evil . example"), "{part}");
        }
        assert!(html.contains("name=\"format-detection\""));
    }
    let notice = mails.iter().find(|mail| mail.to == [format!("TO:<{ANN}>")]).unwrap();
    let shown = text(notice).replace('\n', " ");
    assert!(shown.contains("www . evil . example / log-in @ evil . example"), "{shown}");
}
