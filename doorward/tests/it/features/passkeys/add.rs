//! Adding, listing and renaming passkeys.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::assert_refused;
use crate::{
    app::{ANN, App, BACKED_UP, BOB, ELIGIBLE, NEW_PASSWORD, PASSWORD, Passkey, VERIFIED, config, with_key},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn a_passkey_is_added_listed_and_renamed() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let mut passkey = Passkey { flags: VERIFIED | ELIGIBLE | BACKED_UP, ..Passkey::new() };
    // 1Password.
    passkey.aaguid = 0xbada5566_a7aa_401f_bd96_45619a55120d_u128.to_be_bytes();
    let answer = passkey.try_to_add(&mut ann).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let added = answer.json();
    assert_eq!((&added["name"], &added["synced"]), (&json!("1Password"), &json!(true)));
    assert_eq!((&added["second_step_only"], &added["last_used_at"]), (&json!(false), &json!(null)));
    assert!(added.get("recovery_codes").is_none() && added.get("made_for").is_none(), "{added}");

    let mut named = Passkey::new();
    let options = ann.post("/auth/passkeys/options", json!({})).await.json();
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], ANN);
    assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(options["excludeCredentials"][0]["transports"], json!(["hybrid", "internal"]));
    let credential = named.make(&options);
    let answer = ann.post("/auth/passkeys", json!({"credential": credential, "name": " My phone "})).await;
    assert_eq!(answer.json()["name"], "My phone", "{}", answer.text);

    let list = ann.get("/auth/passkeys").await.json();
    let names: Vec<_> = list["passkeys"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["1Password", "My phone"]);
    let signal = &list["signal"];
    assert_eq!((&signal["rpId"], &signal["name"]), (&json!("localhost"), &json!(ANN)));
    assert_eq!(signal["allAcceptedCredentialIds"].as_array().unwrap().len(), 2);
    assert_eq!(signal["userId"], options["user"]["id"]);

    let id = added["id"].as_i64().unwrap();
    let renamed = ann.patch(&format!("/auth/passkeys/{id}"), json!({"name": "Work"})).await;
    assert_eq!(renamed.status, StatusCode::NO_CONTENT, "{}", renamed.text);
    assert_eq!(ann.get("/auth/passkeys").await.json()["passkeys"][0]["name"], "Work");
    for kind in ["passkey_added", "passkey_renamed"] {
        let of_this = format!("events WHERE kind = '{kind}' AND detail LIKE '%{id}%'");
        assert_eq!(app.count(&of_this).await, 1, "{kind}");
    }
}

#[tokio::test]
async fn names_are_numbered_and_checked() {
    let app = App::new().await;
    let mut ann =
        app.ann().await.header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0");
    for name in ["Firefox on Linux", "Firefox on Linux 2", "Firefox on Linux 3"] {
        assert_eq!(Passkey::new().try_to_add(&mut ann).await.json()["name"], name);
    }
    let id = ann.get("/auth/passkeys").await.json()["passkeys"][0]["id"].as_i64().unwrap();
    for wrong in [json!(""), json!("x".repeat(65)), json!("a\nb"), json!("a\u{202e}b"), json!(7), json!(null)]
    {
        let answer = ann.patch(&format!("/auth/passkeys/{id}"), json!({ "name": wrong })).await;
        assert_eq!(answer.wrong_fields(), ["name"], "{wrong}");
    }
    for missing in ["1", "x", "-7"] {
        let answer = ann.patch(&format!("/auth/passkeys/{missing}"), json!({"name": "a"})).await;
        assert_refused(&answer, StatusCode::NOT_FOUND, "not_found");
    }
}

#[tokio::test]
async fn a_credential_of_another_user_is_refused_and_not_moved() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let mut bob = app.user(BOB).await;
    let mut copy = Passkey { handle: None, ..passkey.clone() };
    assert_refused(&copy.try_to_add(&mut bob).await, StatusCode::CONFLICT, "passkey_exists");
    assert_refused(&copy.try_to_add(&mut ann).await, StatusCode::CONFLICT, "passkey_exists");
    let mut browser = app.browser();
    assert_eq!(passkey.log_in(&mut browser).await.json()["email"], ANN);
}

#[tokio::test]
async fn a_challenge_for_adding_works_in_its_session_alone_and_once() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let mut other = app.bearer(&app.token(ANN).await);
    let mut bob = app.user(BOB).await;
    let options = async |client: &mut crate::app::Actor<'_>| {
        client.post("/auth/passkeys/options", json!({})).await.json()
    };
    let mut passkey = Passkey::new();
    // Another session of the same user, and another user.
    for wrong in [&mut other, &mut bob] {
        let credential = passkey.make(&options(&mut ann).await);
        let answer = wrong.post("/auth/passkeys", json!({"credential": credential})).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
        // The wrong answer has used the challenge up.
        let answer = ann.post("/auth/passkeys", json!({"credential": credential})).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    }
    // One for a log-in.
    let log_in = ann.post("/auth/login/passkey/options", json!({})).await.json();
    let credential = passkey.make(&log_in);
    let answer = ann.post("/auth/passkeys", json!({"credential": credential})).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    // After ten minutes.
    let credential = passkey.make(&options(&mut ann).await);
    app.auth.advance(Duration::from_secs(601));
    let answer = ann.post("/auth/passkeys", json!({"credential": credential})).await;
    assert_refused(&answer, StatusCode::UNAUTHORIZED, "step_up_required");
    let renewed = ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await;
    let mut ann = app.bearer(&renewed.token());
    let answer = ann.post("/auth/passkeys", json!({"credential": credential})).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    // Once.
    let credential = passkey.make(&options(&mut ann).await);
    let answer = ann.post("/auth/passkeys", json!({"credential": credential})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let mut second = Passkey { id: vec![1; 16], ..Passkey::new() };
    let mut again = second.make(&json!({"challenge": "AAAA"}));
    again["response"]["clientDataJSON"] = credential["response"]["clientDataJSON"].clone();
    let answer = ann.post("/auth/passkeys", json!({"credential": again})).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    assert_eq!(app.count("passkeys").await, 1);
    // Nothing that was asked stays.
    app.auth.advance(Duration::from_secs(1200));
    app.auth.clean_up().await.unwrap();
    assert_eq!(app.count("passkey_challenges").await, 0);
}

#[tokio::test]
async fn adding_and_removing_need_a_proof_of_the_last_five_minutes() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (_, id) = Passkey::add(&mut ann).await;
    app.auth.advance(Duration::from_secs(301));
    for answer in [
        ann.post("/auth/passkeys/options", json!({})).await,
        ann.delete(&format!("/auth/passkeys/{id}"), None).await,
    ] {
        assert_refused(&answer, StatusCode::UNAUTHORIZED, "step_up_required");
        assert_eq!(answer.json()["methods"], json!(["passkey", "password"]));
    }
    assert_eq!(ann.get("/auth/passkeys").await.status, StatusCode::OK);
}

#[tokio::test]
async fn there_may_be_25() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for _ in 0..25 {
        Passkey::add(&mut ann).await;
    }
    let answer = ann.post("/auth/passkeys/options", json!({})).await;
    assert_refused(&answer, StatusCode::CONFLICT, "limit_reached");
}

#[tokio::test]
async fn a_key_that_only_serves_as_second_step_is_asked_for_and_brings_recovery_codes() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let mut key = Passkey::second_step_only();
    let answer = key.try_to_add(&mut ann).await;
    let added = answer.json();
    assert_eq!(added["second_step_only"], true, "{added}");
    assert_eq!(added["recovery_codes"].as_array().unwrap().len(), 10);
    let mut browser = app.browser();
    let answer = browser.log_in(ANN, PASSWORD).await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "second_step_required");
    assert_eq!(answer.json()["methods"], json!(["passkey", "recovery_code"]));
    // One that logs in by itself does not make a second step of every log-in.
    let mut bob = app.user(BOB).await;
    Passkey::add(&mut bob).await;
    let mut browser = app.browser();
    assert_eq!(browser.log_in(BOB, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_malformed_or_too_large_is_refused_with_the_reason() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for wrong in [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!({}),
        json!({"id": "AA", "type": "password", "response": {}}),
        json!({"id": "AA", "type": "public-key", "response": {"clientDataJSON": "!", "attestationObject": "AA"}}),
    ] {
        for path in ["/auth/passkeys", "/auth/login/passkey"] {
            let answer = ann.post(path, json!({"credential": wrong})).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", answer.text);
            assert_eq!(answer.wrong_fields(), ["credential"], "{wrong}");
        }
    }
    let large = json!({"credential": {"id": "A".repeat(1_000_000)}});
    for path in ["/auth/passkeys", "/auth/login/passkey"] {
        assert_refused(&ann.post(path, large.clone()).await, StatusCode::PAYLOAD_TOO_LARGE, "too_large");
    }
    let mut wrong_origin = Passkey { origin: "https://evil.example".into(), ..Passkey::new() };
    let answer = wrong_origin.try_to_add(&mut ann).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    assert!(answer.text.contains("the origin is not accepted"), "{}", answer.text);
    let mut unverified = Passkey { flags: 0, ..Passkey::new() };
    let answer = unverified.try_to_add(&mut ann).await;
    assert!(answer.text.contains("the user was not verified"), "{}", answer.text);
    let mut framed = Passkey { cross_origin: true, ..Passkey::new() };
    assert_refused(&framed.try_to_add(&mut ann).await, StatusCode::BAD_REQUEST, "passkey_refused");
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn a_flood_of_options_is_refused() {
    let app = App::new().await;
    let mut stranger = app.anonymous().from("192.0.2.9");
    for _ in 0..60 {
        assert_eq!(stranger.post("/auth/login/passkey/options", json!({})).await.status, StatusCode::OK);
    }
    let answer = stranger.post("/auth/login/passkey/options", json!({})).await;
    assert_refused(&answer, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts");
    let mut other = app.anonymous().from("192.0.2.10");
    assert_eq!(other.post("/auth/login/passkey/options", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_owner_learns_of_each_change_and_no_event_has_a_credential() {
    let app = App::with(with_mail()).await;
    app.add_verified(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let (passkey, id) = Passkey::add(&mut ann).await;
    assert_eq!(ann.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
    let subjects: Vec<_> = app.mails().await.into_iter().map(|mail| mail.subject).collect();
    for subject in ["A passkey was added", "A passkey was removed"] {
        assert!(subjects.iter().any(|one| one == subject), "{subject}: {subjects:?}");
    }
    let told = app.outside().await.contents_of(&["events", "mails"]).await;
    for secret in [hex(&passkey.id), base64(&passkey.id)] {
        assert!(!told.contains(&secret), "{told}");
    }
    assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
