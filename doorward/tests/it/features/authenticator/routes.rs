//! Adding, replacing and removing an app, and the recovery codes.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::{
    app::{ANN, App, BOB, PASSWORD, Phone, WRONG, config, with_key},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn adding_shows_the_secret_in_three_forms_and_the_recovery_codes_once() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let answer = ann.post("/auth/totp", json!({"current_password": PASSWORD})).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let begun = answer.json();
    let secret = begun["secret"].as_str().unwrap();
    assert_eq!((secret.len(), &begun["expires_in"]), (32, &json!(900)));
    let uri = begun["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(&format!("secret={secret}&")), "{uri}");
    let drawn = begun["qr_svg"].as_str().unwrap();
    assert!(drawn.starts_with("<svg ") && !drawn.contains("style"), "{drawn}");
    // Before it is confirmed, nothing has changed.
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    app.stop_clock();
    let phone = Phone::with(&app, secret).await;
    let wrong = ann.post("/auth/totp/confirm", json!({"otp": phone.wrong_code()})).await;
    assert_eq!((wrong.status, &*wrong.code()), (StatusCode::FORBIDDEN, "wrong_otp"));
    let confirmed = ann.post("/auth/totp/confirm", json!({"otp": phone.code()})).await;
    let codes = confirmed.json()["recovery_codes"].as_array().unwrap().clone();
    assert_eq!((confirmed.status, codes.len()), (StatusCode::OK, 10));
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::BAD_REQUEST);
    let told = ann.get("/auth/recovery-codes").await.json();
    assert_eq!(told["left"], 10);
    assert!(told["created_at"].is_string() && told.as_object().unwrap().len() == 2, "{told}");
    let stored = app.outside().await.contents_of(&["totp", "recovery_codes", "events"]).await;
    for shown in codes.iter().map(|code| code.as_str().unwrap()).chain([secret]) {
        assert!(!stored.contains(shown) && !stored.contains(&shown.replace('-', "")), "{shown}");
    }
    assert_eq!(app.count("events WHERE kind = 'second_factor_added'").await, 1);
}

#[tokio::test]
async fn adding_needs_more_than_a_session_and_replacing_more_than_a_password() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    for (body, code) in
        [(json!({"current_password": WRONG}), "wrong_password"), (json!({"otp": "123456"}), "wrong_otp")]
    {
        let answer = ann.post("/auth/totp", body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, code));
    }
    let both = json!({"current_password": PASSWORD, "otp": "123456"});
    assert_eq!(ann.post("/auth/totp", both).await.wrong_fields(), ["current_password"]);
    let (phone, codes) = Phone::add(&app, &mut ann).await;
    let answer = ann.post("/auth/totp", json!({"current_password": PASSWORD})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
    for (path, proof) in [
        ("/auth/totp", json!({"otp": phone.wrong_code()})),
        ("/auth/recovery-codes", json!({"otp": phone.wrong_code()})),
    ] {
        assert_eq!(ann.post(path, proof).await.code(), "wrong_otp");
    }
    assert_eq!(
        ann.delete("/auth/totp", Some(json!({"recovery_code": "A"}))).await.code(),
        "wrong_recovery_code"
    );
    // With the second factor all of it works, and the old app goes on until the new one is confirmed.
    let answer = ann.post("/auth/totp", json!({"otp": phone.next(&app)})).await;
    let secret = answer.json()["secret"].as_str().unwrap().to_owned();
    let form = [("username", ANN), ("password", PASSWORD), ("otp", &*phone.next(&app))];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::OK);
    let new = Phone::with(&app, &secret).await;
    let confirmed = ann.post("/auth/totp/confirm", json!({"otp": new.code_in(30)})).await;
    assert_eq!((confirmed.status, &*confirmed.text), (StatusCode::OK, "{}"));
    let form = [("username", ANN), ("password", PASSWORD), ("otp", &*phone.next(&app))];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::UNAUTHORIZED);
    let renewed = ann.post("/auth/recovery-codes", json!({"recovery_code": codes[0]})).await;
    assert_eq!(renewed.json()["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(
        ann.delete("/auth/totp", Some(json!({"recovery_code": codes[1]}))).await.code(),
        "wrong_recovery_code"
    );
    let fresh = renewed.json()["recovery_codes"][1].clone();
    let removed = ann.delete("/auth/totp", Some(json!({"recovery_code": fresh}))).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!((app.count("totp").await, app.count("recovery_codes").await), (0, 0));
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    for path in ["/auth/totp", "/auth/recovery-codes"] {
        let method = if path == "/auth/totp" { axum::http::Method::DELETE } else { axum::http::Method::POST };
        let answer = ann.send(method, path, Some("application/json"), "{\"otp\":\"123456\"}").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::NOT_FOUND, "not_found"));
    }
}

#[tokio::test]
async fn a_proof_of_a_moment_ago_is_enough_and_an_older_one_is_not() {
    let app = App::with(with_key(config())).await;
    app.stop_clock();
    let mut ann = app.ann().await;
    app.advance(Duration::from_secs(301));
    for body in [json!({}), json!({"otp": null})] {
        let answer = ann.post("/auth/totp", body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
        let told = answer.json();
        assert_eq!((&told["max_age"], &told["methods"]), (&json!(300), &json!(["password"])));
        assert!(told.get("acr_values").is_none());
    }
    let mut ann = app.bearer(&ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await.token());
    app.advance(Duration::from_secs(299));
    let answer = ann.send(Method::POST, "/auth/totp", None, "").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let phone = Phone::with(&app, answer.json()["secret"].as_str().unwrap()).await;
    assert_eq!(ann.post("/auth/totp/confirm", json!({"otp": phone.code()})).await.status, StatusCode::OK);
    // From now on only the second factor counts. A password of a moment ago does not.
    let mut ann = app.bearer(&ann.post("/auth/step-up", json!({"current_password": PASSWORD})).await.token());
    for (method, path) in
        [(Method::POST, "/auth/totp"), (Method::DELETE, "/auth/totp"), (Method::POST, "/auth/recovery-codes")]
    {
        let answer = ann.send(method.clone(), path, None, "").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
        let told = answer.json();
        assert_eq!((&told["max_age"], &told["acr_values"]), (&json!(300), &json!("aal2")));
        assert_eq!(told["methods"], json!(["totp", "recovery_code"]));
        let body = json!({"current_password": PASSWORD}).to_string();
        let answer = ann.send(method, path, Some("application/json"), body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::UNAUTHORIZED, "step_up_required"));
    }
    let otp = json!({"otp": phone.next(&app)});
    let mut ann = app.bearer(&ann.post("/auth/step-up", otp).await.token());
    phone.wait(&app, 299);
    assert_eq!(ann.send(Method::POST, "/auth/recovery-codes", None, "").await.status, StatusCode::OK);
    phone.wait(&app, 2);
    let answer = ann.send(Method::POST, "/auth/recovery-codes", None, "").await;
    assert_eq!(answer.code(), "step_up_required");
    let otp = json!({"otp": phone.code()});
    let mut ann = app.bearer(&ann.post("/auth/step-up", otp).await.token());
    assert_eq!(ann.send(Method::DELETE, "/auth/totp", None, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.count("totp").await, 0);
}

#[tokio::test]
async fn another_site_uses_no_recent_proof() {
    let app = App::with(with_key(config())).await;
    app.register(ANN).await;
    let mut other = app.browser_of(ANN).await.header("sec-fetch-site", "cross-site");
    for (method, path) in [(Method::POST, "/auth/totp"), (Method::DELETE, "/auth/totp")] {
        let answer = other.send(method, path, None, "").await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "cross_site"));
    }
    assert_eq!(app.count("totp").await, 0);
}

#[tokio::test]
async fn an_enrolment_left_half_way_changes_nothing_and_is_gone_after_15_minutes() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let phone = Phone::begin(&app, &mut ann).await;
    let other = Phone::begin(&app, &mut ann).await;
    // The second one takes the place of the first.
    assert_eq!(app.count("totp").await, 1);
    let answer = ann.post("/auth/totp/confirm", json!({"otp": phone.code()})).await;
    assert_eq!(answer.code(), "wrong_otp");
    other.wait(&app, 900);
    let late = ann.post("/auth/totp/confirm", json!({"otp": other.code()})).await;
    assert_eq!((late.status, &*late.code()), (StatusCode::BAD_REQUEST, "login_expired"));
    app.clean_up().await.unwrap();
    assert_eq!(app.count("totp").await, 0);
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_abandoned_second_app_leaves_the_active_one() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let answer = ann.post("/auth/totp", json!({"otp": phone.next(&app)})).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(app.count("totp").await, 2);
    phone.wait(&app, 901);
    app.clean_up().await.unwrap();
    assert_eq!(app.count("totp WHERE state = 'active'").await, 1);
    assert_eq!(app.count("totp").await, 1);
}

#[tokio::test]
async fn without_a_key_nobody_can_add_an_app() {
    let app = App::with(config()).await;
    let mut ann = app.ann().await;
    let answer = ann.post("/auth/totp", json!({"current_password": PASSWORD})).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_factor_not_configured"));
}

#[tokio::test]
async fn the_owner_is_told_of_each_change() {
    let app = App::with(with_key(with_mail())).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let (phone, codes) = Phone::add(&app, &mut ann).await;
    assert_eq!(app.newest_mail(ANN).await.subject, "An authenticator app was added");
    ann.post("/auth/recovery-codes", json!({"otp": phone.next(&app)})).await;
    assert_eq!(app.newest_mail(ANN).await.subject, "You have new recovery codes");
    let codes_now = ann.post("/auth/recovery-codes", json!({"otp": phone.next(&app)})).await.json();
    drop(codes);
    let form = [
        ("username", ANN),
        ("password", PASSWORD),
        ("recovery_code", codes_now["recovery_codes"][0].as_str().unwrap()),
    ];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::OK);
    let subjects: Vec<_> = app.mails().await.into_iter().map(|mail| mail.subject).collect();
    assert!(subjects.iter().any(|subject| subject == "A recovery code was used"), "{subjects:?}");
    ann.delete("/auth/totp", Some(json!({"otp": phone.next(&app)}))).await;
    assert_eq!(app.newest_mail(ANN).await.subject, "Your authenticator app was removed");
}

#[tokio::test]
async fn the_code_of_one_user_is_none_of_another() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let (anns, codes) = Phone::add(&app, &mut ann).await;
    Phone::add(&app, &mut bob).await;
    for shown in [("otp", anns.next(&app)), ("recovery_code", codes[0].clone())] {
        let form = [("username", BOB), ("password", PASSWORD), (shown.0, &*shown.1)];
        assert_eq!(app.anonymous().form("/auth/token", &form).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_operator_takes_a_lost_second_factor_away() {
    let app = App::with(with_key(with_mail())).await;
    app.register(ANN).await;
    app.verify(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let id = app.id_of(ANN).await;
    assert!(!app.reset_second_factor(id).await.unwrap());
    Phone::add(&app, &mut ann).await;
    app.send_mails().await;
    assert!(app.reset_second_factor(id).await.unwrap());
    assert_eq!((app.count("totp").await, app.count("recovery_codes").await), (0, 0));
    assert_eq!(app.newest_mail(ANN).await.subject, "Your authenticator app was removed");
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    let by_operator = "events WHERE kind = 'second_factor_removed' AND actor = 'operator'";
    assert_eq!(app.count(by_operator).await, 1);
}
