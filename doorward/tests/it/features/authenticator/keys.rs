//! The secrets of the apps are sealed with a key outside the database.

use doorward::Config;
use serde_json::json;

use crate::app::{ANN, App, BOB, PASSWORD, Phone, config, opened, with_key};

fn with_another(id: &str) -> Config {
    let key = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";
    Config { secret_key_id: Some(id.into()), secret_key: Some(key.into()), ..config() }
}

#[tokio::test]
async fn a_start_without_the_key_that_an_app_needs_is_refused_with_its_name() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    Phone::add(&app, &mut ann).await;
    for config in [with_another("other"), with_another("test"), config()] {
        let error = opened(&app.database, config).await.unwrap_err().to_string();
        assert!(error.contains("\"test\"") && error.contains("secret_key"), "{error}");
    }
    // The earlier key as a retired one is enough.
    let both = Config {
        retired_secret_keys: [("test".to_owned(), with_key(config()).secret_key.unwrap())].into(),
        ..with_another("other")
    };
    let later = App::on(&app.database, both).await;
    assert!(later.find_user(ANN).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sealed_secret_cannot_be_copied_to_another_user() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let (anns, _) = Phone::add(&app, &mut ann).await;
    Phone::add(&app, &mut bob).await;
    let (ann_id, bob_id) = (app.id_of(ANN).await, app.id_of(BOB).await);
    app.execute(&format!(
        "UPDATE totp SET sealed = (SELECT sealed FROM totp WHERE user_id = {ann_id}),
             created_at = (SELECT created_at FROM totp WHERE user_id = {ann_id}) WHERE user_id = {bob_id}"
    ))
    .await;
    let form = [("username", BOB), ("password", PASSWORD), ("otp", &*anns.next(&app))];
    let answer = app.anonymous().form("/auth/token", &form).await;
    assert_eq!(answer.json()["error"], json!("server_error"));
}

#[tokio::test]
async fn after_the_key_was_exchanged_every_app_is_sealed_with_the_new_one() {
    let app = App::with(with_key(config())).await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let (anns, _) = Phone::add(&app, &mut ann).await;
    Phone::add(&app, &mut bob).await;
    let both = Config {
        retired_secret_keys: [("test".to_owned(), with_key(config()).secret_key.unwrap())].into(),
        ..with_another("other")
    };
    let later = App::on(&app.database, both).await;
    assert_eq!(later.secrets_to_reseal().await.unwrap(), 2);
    while later.reseal_secrets().await.unwrap() > 0 {}
    assert_eq!(later.secrets_to_reseal().await.unwrap(), 0);
    assert_eq!(later.count("events WHERE kind = 'secrets_resealed'").await, 1);
    // Now the old key can go.
    let only = App::on(&app.database, with_another("other")).await;
    let form = [("username", ANN), ("password", PASSWORD), ("otp", &*anns.next(&only))];
    let answer = only.anonymous().form("/auth/token", &form).await;
    assert_eq!(answer.status, axum::http::StatusCode::OK, "{}", answer.text);
}
