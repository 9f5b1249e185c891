//! Accounts that an attacker prepares for a victim, so as to share them later: the families of "Pre-hijacked accounts"
//! (Sudhodanan and Paverd, USENIX Security 2022). In each, the victim chooses a password by mail, and afterwards nothing
//! that the attacker prepared opens the account.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::Registration, import::ForeignUser};
use doorward_password::PasswordContext;
use serde_json::json;

use super::flow::{change, confirm_with, undo, undo_token};
use crate::{
    app::{Actor, App, NEW_PASSWORD, PASSWORD, config, with_many_mails},
    mail::mailbox::with_mail,
};

const MAKER: &str = "maker@example.net";
const VICTIM: &str = "victim@example.org";

/// Settings that hide which addresses have accounts. Stricter ones would keep the attacker out before the proof.
fn private() -> Config {
    Config {
        registration: Some(Registration::Private),
        require_verified_email: Some(false),
        ..with_many_mails(with_mail())
    }
}

async fn ask_for_password(app: &App, email: &str) {
    // Mails of the same moment arrive in any order, so earlier ones are sent first.
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": email})).await;
}

/// The rows of known devices.
async fn devices(app: &App) -> Vec<String> {
    let contents = app.contents().await;
    contents.lines().filter(|line| line.starts_with("devices:")).map(str::to_owned).collect()
}

/// Chooses [`NEW_PASSWORD`] with the link of this mail.
async fn choose(app: &App, token: &str) -> StatusCode {
    let body = json!({"token": token, "new_password": NEW_PASSWORD});
    app.anonymous().post("/auth/reset-password", body).await.status
}

/// The victim chooses a password with a mail, and logs in with it.
async fn victim_takes_over(app: &App) -> Actor<'_> {
    ask_for_password(app, VICTIM).await;
    let token = app.newest_mail(VICTIM).await.token("reset-password");
    assert_eq!(choose(app, &token).await, StatusCode::NO_CONTENT);
    victim_logs_in(app).await
}

async fn victim_logs_in(app: &App) -> Actor<'_> {
    app.bearer(&app.anonymous().request_token(VICTIM, NEW_PASSWORD).await.token())
}

/// Asserts that the account is the victim's alone: none of these sessions and no password that the maker knows opens it.
async fn assert_only_the_victims(app: &App, mut victim: Actor<'_>, sessions: &[Actor<'_>]) {
    let me = victim.get("/auth/me").await.json();
    assert_eq!((&me["email"], me["email_verified_at"].is_string()), (&json!(VICTIM), true));
    for session in sessions {
        assert!(!session.is_logged_in().await);
    }
    for email in [VICTIM, MAKER] {
        let answer = app.anonymous().request_token(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
    }
    assert_eq!(victim.sessions().await.len(), 1);
}

/// An account that its maker moved to the address of the victim, who confirmed that. Returns the sessions of the maker.
async fn moved_to_victim(app: &App) -> [Actor<'_>; 2] {
    app.register(MAKER).await;
    app.verify(MAKER).await;
    let sessions = [app.bearer(&app.token(MAKER).await), app.browser_of(MAKER).await];
    change(app, &mut sessions[0].clone(), VICTIM).await;
    sessions
}

#[tokio::test]
async fn classic_merge_the_owner_of_the_address_gets_an_account_that_a_stranger_registered() {
    let app = App::with(private()).await;
    let register = json!({"email": VICTIM, "password": PASSWORD});
    app.anonymous().post("/auth/register", register.clone()).await;
    let unused = app.newest_mail(VICTIM).await.token("verify-email");
    let stranger = [app.bearer(&app.token(VICTIM).await), app.browser_of(VICTIM).await];
    let mut body = register;
    body["password"] = json!("what the victim chose first");
    assert_eq!(app.anonymous().post("/auth/register", body).await.status, StatusCode::ACCEPTED);
    let token = app.newest_mail(VICTIM).await.token("reset-password");
    let answer = app.anonymous().post("/auth/verify-email", json!({"token": unused})).await;
    assert_eq!(answer.code(), "invalid_link", "the account would be shared");
    let strangers: Vec<_> = devices(&app).await;
    assert!(!strangers.is_empty());
    assert_eq!(choose(&app, &token).await, StatusCode::NO_CONTENT);
    assert_only_the_victims(&app, victim_logs_in(&app).await, &stranger).await;
    let known = devices(&app).await;
    assert!(
        strangers.iter().all(|device| !known.contains(device)),
        "a browser of the stranger is still known"
    );
}

#[tokio::test]
async fn unexpired_session_no_session_of_the_maker_outlives_the_proof() {
    let app = App::with(private()).await;
    app.anonymous().register(VICTIM, PASSWORD).await;
    let prepared = [app.bearer(&app.token(VICTIM).await), app.browser_of(VICTIM).await];
    // The maker keeps them alive.
    for _ in 0..3 {
        app.advance(Duration::from_secs(4 * 3600));
        assert!(prepared[0].is_logged_in().await && prepared[1].is_logged_in().await);
    }
    let victim = victim_takes_over(&app).await;
    assert_only_the_victims(&app, victim, &prepared).await;

    let app = App::with(with_many_mails(with_mail())).await;
    let moved = moved_to_victim(&app).await;
    let victim = victim_takes_over(&app).await;
    assert_only_the_victims(&app, victim, &moved).await;
}

#[tokio::test]
async fn trojan_identifier_the_former_address_of_the_maker_opens_nothing() {
    let app = App::with(with_many_mails(with_mail())).await;
    app.register(MAKER).await;
    app.verify(MAKER).await;
    let maker = app.bearer(&app.token(MAKER).await);
    ask_for_password(&app, MAKER).await;
    let prepared = app.newest_mail(MAKER).await.token("reset-password");
    change(&app, &mut maker.clone(), VICTIM).await;
    let undo_link = undo_token(&app, MAKER).await;
    // Before the proof the maker asks for everything once more.
    app.anonymous().post("/auth/undo-email-change/request", json!({"email": MAKER})).await;
    let newer = undo_token(&app, MAKER).await;
    let victim = victim_takes_over(&app).await;
    for link in [&undo_link, &newer] {
        undo(&app, link).await.assert_invalid_link();
    }
    assert_eq!(choose(&app, &prepared).await, StatusCode::BAD_REQUEST);
    let mails = app.mails().await.len();
    ask_for_password(&app, MAKER).await;
    app.anonymous().post("/auth/undo-email-change/request", json!({"email": MAKER})).await;
    assert_eq!(app.mails().await.len(), mails, "the maker still gets mail about the account");
    assert_only_the_victims(&app, victim, &[maker]).await;
    assert_eq!(app.count("one_time_tokens").await, 0);
}

#[tokio::test]
async fn trojan_identifier_a_maker_who_waited_gets_nothing_either() {
    let app = App::with(with_many_mails(with_mail())).await;
    app.register(MAKER).await;
    app.verify(MAKER).await;
    app.advance(Duration::from_secs(8 * 24 * 3600));
    let maker = app.bearer(&app.token(MAKER).await);
    change(&app, &mut maker.clone(), VICTIM).await;
    let undo_link = undo_token(&app, MAKER).await;
    let victim = victim_takes_over(&app).await;
    // From here on, the rules cannot tell the maker from an owner who was robbed. So nobody gets the account.
    assert_eq!(undo(&app, &undo_link).await.status, StatusCode::ACCEPTED);
    assert!(!victim.is_logged_in().await && !maker.is_logged_in().await);
    let mails = app.mails().await.len();
    ask_for_password(&app, MAKER).await;
    assert_eq!(app.mails().await.len(), mails);
    for email in [MAKER, VICTIM] {
        for password in [PASSWORD, NEW_PASSWORD] {
            let answer = app.anonymous().request_token(email, password).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
        }
    }
    // The operator decides for the victim.
    assert!(app.enable_user(app.id_of(VICTIM).await).await.unwrap());
    app.advance(Duration::from_secs(3600));
    let victim = victim_takes_over(&app).await;
    undo(&app, &undo_link).await.assert_invalid_link();
    assert_only_the_victims(&app, victim, &[maker]).await;
}

#[tokio::test]
async fn unexpired_change_of_address_a_pending_one_dies_with_the_proof() {
    for (sent, maker_gets) in [(true, "maker-1@example.net"), (false, "maker-2@example.net")] {
        let app = App::with(private()).await;
        app.anonymous().register(VICTIM, PASSWORD).await;
        let mut maker = app.bearer(&app.token(VICTIM).await);
        ask_for_password(&app, VICTIM).await;
        let victims = app.newest_mail(VICTIM).await.token("reset-password");
        assert_eq!(maker.change_email(maker_gets).await.status, StatusCode::ACCEPTED);
        let link = if sent { Some(app.newest_mail(maker_gets).await.token("confirm-email")) } else { None };
        assert_eq!(choose(&app, &victims).await, StatusCode::NO_CONTENT);
        let letters = app.mails().await.iter().filter(|mail| mail.to == maker_gets).count();
        assert_eq!(letters, usize::from(sent), "a mail left after the proof");
        if let Some(link) = link {
            confirm_with(&app, &link).await.assert_invalid_link();
        }
        assert_only_the_victims(&app, victim_logs_in(&app).await, &[maker]).await;
    }
}

#[tokio::test]
async fn unverified_address_an_account_from_before_there_was_mail_is_the_victims() {
    // A server without mail takes every address without a proof, and so does another system whose users are imported.
    for imported in [false, true] {
        let before = App::with(config()).await;
        let app = before.sibling(private()).await;
        let mut sessions = Vec::new();
        if imported {
            let hash = PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap();
            before.import().apply().batch(&[ForeignUser::new(VICTIM, hash)]).await.unwrap();
            sessions.push(before.bearer(&before.token(VICTIM).await));
        } else {
            let mut maker = before.user(MAKER).await;
            assert_eq!(maker.change_email(VICTIM).await.status, StatusCode::OK);
            sessions.push(maker);
        }
        // The victim knows of no account, and registers.
        let answer = app.anonymous().register(VICTIM, "what the victim chose first").await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        let token = app.newest_mail(VICTIM).await.token("reset-password");
        assert_eq!(choose(&app, &token).await, StatusCode::NO_CONTENT);
        assert_only_the_victims(&app, victim_logs_in(&app).await, &sessions).await;
        assert_eq!(app.count("one_time_tokens").await, 0);
    }
}
