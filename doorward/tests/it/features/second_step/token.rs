//! The second step of a program, at `POST /token`.

use axum::http::StatusCode;
use serde_json::json;

use crate::{
    app::{ANN, Answer, App, PASSWORD, WRONG, config, with_key},
    features::second_step::routes::ann_with_app,
};

async fn token(app: &App, form: &[(&str, &str)]) -> Answer {
    app.anonymous().form("/auth/token", form).await
}

#[tokio::test]
async fn a_script_sends_the_code_beside_the_password() {
    let app = App::with(with_key(config())).await;
    let (phone, codes) = ann_with_app(&app).await;
    let code = phone.next(&app);
    let password = [("username", ANN), ("password", PASSWORD)];
    let answer = token(&app, &[&password[..], &[("otp", &code)]].concat()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(app.bearer(&answer.token()).is_logged_in().await);
    let with_recovery = [&password[..], &[("recovery_code", &codes[5])]].concat();
    assert_eq!(token(&app, &with_recovery).await.status, StatusCode::OK);
    for wrong in [[("otp", &*code)], [("recovery_code", &*codes[5])]] {
        let answer = token(&app, &[&password[..], &wrong].concat()).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (StatusCode::UNAUTHORIZED, &json!("invalid_grant"))
        );
    }
    // A wrong password never says that a second factor is missing, and leaves the code as it is.
    let next = phone.next(&app);
    let answer = token(&app, &[("username", ANN), ("password", WRONG), ("otp", &next)]).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_grant")));
    assert_eq!(token(&app, &[&password[..], &[("otp", &next)]].concat()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_program_takes_two_steps_with_our_grant_or_those_of_auth0() {
    let app = App::with(with_key(config())).await;
    let (phone, codes) = ann_with_app(&app).await;
    for (grant, field, code) in [
        ("urn:doorward:grant:mfa", "otp", None),
        ("urn:doorward:grant:mfa", "recovery_code", Some(&codes[0])),
        ("http://auth0.com/oauth/grant-type/mfa-otp", "otp", None),
        ("http://auth0.com/oauth/grant-type/mfa-recovery-code", "recovery_code", Some(&codes[1])),
    ] {
        let first = app.anonymous().request_token(ANN, PASSWORD).await;
        assert_eq!(first.status, StatusCode::BAD_REQUEST);
        let told = first.json();
        assert_eq!(told["mfa_methods"], json!(["totp", "recovery_code"]));
        let code = code.cloned().unwrap_or_else(|| phone.next(&app));
        let form =
            [("grant_type", grant), ("mfa_token", told["mfa_token"].as_str().unwrap()), (field, &code)];
        let answer = token(&app, &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{grant}: {}", answer.text);
        assert!(app.bearer(&answer.token()).is_logged_in().await);
        // It works once.
        let again = token(&app, &form).await;
        assert_eq!(
            (again.status, &again.json()["error"]),
            (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
        );
    }
}

#[tokio::test]
async fn a_malformed_second_step_names_its_fields() {
    let app = App::with(with_key(config())).await;
    let answer = token(&app, &[("grant_type", "urn:doorward:grant:mfa")]).await;
    assert_eq!(answer.wrong_fields(), ["mfa_token", "otp"]);
    let answer =
        token(&app, &[("grant_type", "urn:doorward:grant:mfa"), ("mfa_token", "x"), ("otp", "1")]).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
}
