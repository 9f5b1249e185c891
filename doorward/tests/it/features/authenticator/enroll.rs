//! Who must have a second factor adds one inside the log-in.

use axum::http::StatusCode;
use doorward::{
    Config,
    config::SecondFactorPolicy,
    session::{LogInOutcome, LogInRequest, Transport},
};
use serde_json::json;

use crate::{
    app::{ANN, Actor, Answer, App, PASSWORD, Phone, config, refusal, with_key},
    visitor::{error_of, leads_to, visitor},
};

fn required() -> Config {
    with_key(Config { second_factor: SecondFactorPolicy::Required, ..config() })
}

const CONFIRM: &str = "/auth/login/enroll/confirm?next=%2Fdeep";

fn secret(page: &Answer) -> String {
    let code = page.text.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    code.replace(' ', "")
}

/// Takes the first step, and begins to add an app.
async fn begin<'a>(app: &'a App) -> (Actor<'a>, Phone) {
    app.stop_clock();
    let mut ann = visitor(app);
    let first = ann.form("/auth/login?next=%2Fdeep", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&first), "/auth/login/enroll?next=%2Fdeep");
    let page = ann.get(leads_to(&first)).await;
    assert!(page.text.contains("One more step") && page.text.contains(ANN), "{}", page.text);
    let begun = ann.form("/auth/login/enroll?next=%2Fdeep", &[]).await;
    assert_eq!(leads_to(&begun), CONFIRM);
    let page = ann.get(CONFIRM).await;
    assert!(page.text.contains("<svg ") && page.headers["cache-control"] == "no-store");
    let phone = Phone::with(app, &secret(&page)).await;
    (ann, phone)
}

#[tokio::test]
async fn a_person_is_led_from_the_password_to_an_app_and_from_there_into_the_account() {
    let app = App::with(required()).await;
    app.add(ANN).await;
    let (mut ann, phone) = begin(&app).await;
    let shown = secret(&ann.get(CONFIRM).await);
    for wrong in [&*phone.wrong_code(), ""] {
        let again = ann.form(CONFIRM, &[("code", wrong)]).await;
        assert!(error_of(&again, "code").is_some() && secret(&again) == shown, "{}", again.text);
    }
    assert_eq!(app.count("sessions").await, 0);
    assert!(!ann.cookies.contains_key("doorward"));
    assert_eq!(app.count("events WHERE kind = 'logged_in'").await, 0);
    let codes = ann.form(CONFIRM, &[("code", &phone.code())]).await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.text);
    assert_eq!(codes.text.matches("<li><code>").count(), 10);
    assert!(codes.text.replace("&#x2f;", "/").contains("name=\"next\" value=\"/deep\""), "{}", codes.text);
    assert_eq!(leads_to(&ann.get("/auth/login?next=%2Fdeep&lang=en").await), "/deep");
    let session =
        ann.clone().header("accept", "application/json").get("/auth/sessions").await.json()[0].clone();
    assert_eq!((&session["acr"], &session["amr"]), (&json!("aal2"), &json!(["pwd", "otp", "mfa"])));
    assert!(!ann.cookies.contains_key("doorward-login"));
    assert_eq!(app.count("pending_logins").await, 0);
    assert_eq!(app.count("events WHERE kind = 'second_factor_added'").await, 1);
    // From now on there is a second step, and the code that confirmed the app is used.
    let mut other = visitor(&app);
    let first = other.form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&first), "/auth/login/second-step");
    let used = other.form("/auth/login/second-step", &[("code", &phone.code())]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_program_learns_where_a_person_adds_one() {
    let app = App::with(Config { public_url: "https://accounts.example.org".into(), ..required() }).await;
    app.add(ANN).await;
    let answer = app.anonymous().request_token(ANN, PASSWORD).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["error"]), (StatusCode::BAD_REQUEST, &json!("mfa_required")));
    assert_eq!(
        (&told["mfa_methods"], &told["enroll"]),
        (&json!([]), &json!("https://accounts.example.org/login"))
    );
    assert!(told.get("mfa_token").is_none() && told.get("expires_in").is_none(), "{told}");
    assert!(told["error_description"].as_str().unwrap().contains("add one"));
    let form = [("username", ANN), ("password", PASSWORD), ("otp", "123456")];
    assert_eq!(app.anonymous().form("/auth/token", &form).await.json()["error"], "mfa_required");
    let outcome = app.log_in(app.id_of(ANN).await, Transport::Bearer, LogInRequest::unknown()).await;
    let LogInOutcome::SecondStep(step) = outcome.unwrap() else { panic!("no second step") };
    assert_eq!((step.token(), step.enroll()), (None, Some("https://accounts.example.org/login")));
    assert_eq!(app.count("pending_logins").await, 0, "nothing waits for a program");

    let mut browser = app.browser();
    let answer = browser.log_in(ANN, PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "second_step_required"));
    let told = answer.json();
    assert_eq!(
        (&told["methods"], &told["enroll"]),
        (&json!([]), &json!("https://accounts.example.org/login/enroll"))
    );
    // The usual second step cannot be taken.
    let refused = browser.post("/auth/login/second-step", json!({"otp": "123456"})).await;
    assert_eq!((refused.status, &*refused.code()), (StatusCode::BAD_REQUEST, "login_expired"));
    let mut page = browser.header("accept", "text/html");
    assert_eq!(leads_to(&page.get("/auth/login/second-step").await), "/auth/login/enroll");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn only_those_with_a_role_of_the_setting_must_have_one() {
    let roles = vec!["admin".into(), "editor".into()];
    let config = Config { roles, second_factor_roles: vec!["admin".into()], ..config() };
    let app = App::with(with_key(config)).await;
    app.add(ANN).await;
    let id = app.id_of(ANN).await;
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    app.set_roles(id, &["editor"]).await.unwrap();
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    app.set_roles(id, &["admin", "editor"]).await.unwrap();
    assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.json()["error"], "mfa_required");
}

#[tokio::test]
async fn a_new_account_adds_one_too() {
    let app = App::with(required()).await;
    app.stop_clock();
    let mut ann = visitor(&app);
    let registered = ann.form("/auth/register", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(leads_to(&registered), "/auth/login/enroll");
    assert_eq!((app.count("users").await, app.count("sessions").await), (1, 0));
}

#[tokio::test]
async fn two_who_know_the_password_never_see_the_secret_of_each_other() {
    let app = App::with(required()).await;
    app.add(ANN).await;
    let (mut thief, of_thief) = begin(&app).await;
    let (mut ann, of_ann) = begin(&app).await;
    // The app of the thief is gone, and the code of Ann's opens nothing for him.
    assert_eq!(leads_to(&thief.get(CONFIRM).await), "/auth/login/enroll?next=%2Fdeep");
    for code in [of_thief.code(), of_ann.code()] {
        assert!(leads_to(&thief.form(CONFIRM, &[("code", &code)]).await).contains("done=login-expired"));
    }
    let (_, again) = begin(&app).await;
    assert_eq!(leads_to(&ann.get(CONFIRM).await), "/auth/login/enroll?next=%2Fdeep", "never his secret");
    assert!(leads_to(&ann.form(CONFIRM, &[("code", &again.code())]).await).contains("done=login-expired"));
    assert_eq!(app.count("totp WHERE state = 'active'").await, 0);
    // The one who finishes ends the others.
    let (mut ann, of_ann) = begin(&app).await;
    assert_eq!(ann.form(CONFIRM, &[("code", &of_ann.code())]).await.status, StatusCode::OK);
    assert!(leads_to(&thief.get("/auth/login/enroll").await).contains("done=login-expired"));
    assert!(leads_to(&thief.form("/auth/login/enroll", &[]).await).contains("done=login-expired"));
    assert_eq!((app.count("sessions").await, app.count("totp").await), (1, 1));
}

#[tokio::test]
async fn the_log_in_waits_for_ten_minutes_and_a_new_password_ends_it() {
    let app = App::with(required()).await;
    app.add(ANN).await;
    let id = app.id_of(ANN).await;
    let (mut ann, phone) = begin(&app).await;
    phone.wait(&app, 601);
    assert!(leads_to(&ann.form(CONFIRM, &[("code", &phone.code())]).await).contains("done=login-expired"));
    let (mut ann, phone) = begin(&app).await;
    app.set_password(id, PASSWORD).await.unwrap();
    assert!(leads_to(&ann.form(CONFIRM, &[("code", &phone.code())]).await).contains("done=login-expired"));
    let mut other = visitor(&app);
    assert!(leads_to(&other.get("/auth/login/enroll").await).contains("done=login-expired"));
    let (ann, _) = begin(&app).await;
    let mut elsewhere = ann.header("sec-fetch-site", "cross-site");
    assert_eq!(elsewhere.form("/auth/login/enroll", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn settings_that_could_lock_everybody_out_are_refused() {
    let policy = SecondFactorPolicy::Required;
    for (config, expected) in [
        (Config { second_factor: policy, ..config() }, "secret_key"),
        (Config { second_factor: policy, pages: false, ..with_key(config()) }, "pages"),
        (with_key(Config { second_factor_roles: vec!["admin".into()], ..config() }), "roles"),
    ] {
        let error = refusal(config).await;
        assert!(error.contains("second_factor") && error.contains(expected), "{error}");
    }
}
