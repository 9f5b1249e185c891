//! A passkey as the second step of a log-in, and as another proof of a user who is logged in.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::assert_refused;
use crate::app::{ANN, App, BOB, PASSWORD, Passkey, Phone, config, with_key};

#[tokio::test]
async fn a_passkey_takes_the_second_step_of_its_own_log_in_alone() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let (phone, _) = Phone::add(&app, &mut ann).await;
    let mut browser = app.browser();
    let answer = browser.log_in(ANN, PASSWORD).await;
    assert_refused(&answer, StatusCode::FORBIDDEN, "second_step_required");
    assert_eq!(answer.json()["methods"], json!(["passkey", "totp", "recovery_code"]));
    let mut other = app.browser();
    other.log_in(ANN, PASSWORD).await;

    let path = "/auth/login/second-step";
    let options = browser.post(&format!("{path}/options"), json!({})).await.json();
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    // The challenge of another log-in that waits, and one for a log-in without an address.
    let foreign = other.post(&format!("{path}/options"), json!({})).await.json();
    let without = browser.post("/auth/login/passkey/options", json!({})).await.json();
    for wrong in [foreign, without] {
        let answer = browser.post(path, json!({"credential": passkey.answer(&wrong)})).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");
    }
    // The passkey of another user.
    let mut bob = app.user(BOB).await;
    let (of_bob, _) = Passkey::add(&mut bob).await;
    let answer = browser.post(path, json!({"credential": of_bob.answer(&options)})).await;
    assert_refused(&answer, StatusCode::BAD_REQUEST, "passkey_refused");

    let options = browser.post(&format!("{path}/options"), json!({})).await.json();
    let answer = browser.post(path, json!({"credential": passkey.answer(&options)})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let sessions = browser.sessions().await;
    let current = sessions.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!(current["amr"], json!(["pwd", "hwk", "mfa"]));
    let gone = app.browser().post(&format!("{path}/options"), json!({})).await;
    assert_refused(&gone, StatusCode::BAD_REQUEST, "login_expired");
    let both = json!({"credential": passkey.answer(&options), "otp": phone.code()});
    assert_eq!(other.post(path, both).await.wrong_fields(), ["otp"]);
}

#[tokio::test]
async fn a_program_takes_the_second_step_with_a_passkey() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    Phone::add(&app, &mut ann).await;
    let mut program = app.anonymous();
    let answer = program.form("/auth/token", &[("username", ANN), ("password", PASSWORD)]).await.json();
    assert_eq!(answer["mfa_methods"], json!(["passkey", "totp", "recovery_code"]));
    let token = answer["mfa_token"].as_str().unwrap();
    let options = program.post("/auth/login/second-step/options", json!({"mfa_token": token})).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.text);
    let credential = passkey.answer(&options.json()).to_string();
    let form = [("grant_type", "urn:doorward:grant:mfa"), ("mfa_token", token), ("credential", &*credential)];
    let answer = program.form("/auth/token", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    for wrong in ["", "dw_p_x", "x"] {
        let answer = program.post("/auth/login/second-step/options", json!({"mfa_token": wrong})).await;
        assert_refused(&answer, StatusCode::BAD_REQUEST, "login_expired");
    }
}

#[tokio::test]
async fn a_user_steps_up_with_a_passkey() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let without = ann.post("/auth/step-up/options", json!({})).await;
    assert_refused(&without, StatusCode::NOT_FOUND, "not_found");
    let (passkey, id) = Passkey::add(&mut ann).await;
    app.auth.advance(Duration::from_secs(400));
    let mut other = app.bearer(&app.token(ANN).await);
    let foreign = other.post("/auth/step-up/options", json!({})).await.json();
    let wrong = ann.post("/auth/step-up", json!({"credential": passkey.answer(&foreign)})).await;
    assert_refused(&wrong, StatusCode::BAD_REQUEST, "passkey_refused");
    let options = ann.post("/auth/step-up/options", json!({})).await.json();
    let answer = ann.post("/auth/step-up", json!({"credential": passkey.answer(&options)})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut ann = app.bearer(&answer.token());
    let sessions = ann.sessions().await;
    let current = sessions.iter().find(|one| one["current"] == true).unwrap();
    assert_eq!((&current["acr"], &current["amr"]), (&json!("aal2"), &json!(["pwd", "hwk", "mfa"])));
    assert_eq!(app.count("events WHERE kind = 'stepped_up' AND detail LIKE '%passkey%'").await, 1);
    assert_eq!(ann.delete(&format!("/auth/passkeys/{id}"), None).await.status, StatusCode::NO_CONTENT);
}
