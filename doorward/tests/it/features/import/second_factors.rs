//! Importing users with their authenticator apps and recovery codes.

use axum::http::StatusCode;
use doorward::import::{ForeignUser, Imported};
use serde_json::json;

use crate::{
    accounts::credential::prove::MD5,
    app::{ANN, App, BOB, PASSWORD, Phone, config, with_key},
};

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn ann() -> ForeignUser {
    let line = json!({
        "email": ANN, "password_hash": MD5,
        "totp": format!("otpauth://totp/Old:ann?secret={SECRET}&issuer=Old"),
        "recovery_codes": ["ab12-cd34", "1234567890", "ABCD-EFGH-JKLM"],
    });
    ForeignUser::from_json(line.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_user_goes_on_with_the_same_app_and_the_same_recovery_codes() {
    let app = App::with(with_key(config())).await;
    app.stop_clock();
    let imported = app.import().apply().batch(&[ann()]).await.unwrap();
    assert!(matches!(imported[..], [Imported::Added { weak_totp: None, .. }]), "{imported:?}");
    assert!(!app.contents().await.contains(SECRET) && !app.contents().await.contains("1234567890"));
    let phone = Phone::with(&app, SECRET).await;
    let step = async |field: &str, code: &str| {
        let mut browser = app.browser();
        let asked = browser.log_in(ANN, PASSWORD).await;
        assert_eq!(asked.json()["methods"], json!(["totp", "recovery_code"]), "{}", asked.text);
        browser.post("/auth/login/second-step", json!({field: code})).await.status
    };
    assert_eq!(step("otp", &phone.next(&app)).await, StatusCode::OK);
    for code in ["AB12 CD34", "1234567890", "abcd-efgh-jklm"] {
        assert_eq!(step("recovery_code", code).await, StatusCode::OK, "{code}");
        if code != "abcd-efgh-jklm" {
            assert_eq!(step("recovery_code", code).await, StatusCode::FORBIDDEN, "{code} works once");
        }
    }
    assert_eq!(app.count("recovery_codes").await, 0);
}

#[tokio::test]
async fn a_dry_run_tells_of_weak_secrets_and_changes_nothing() {
    let app = App::with(with_key(config())).await;
    let mut weak = ann();
    weak.totp = Some(doorward::import::ForeignTotp::new("JBSWY3DPEHPK3PXP", "SHA1", 6, 30).unwrap());
    let found = app.import().batch(&[weak]).await.unwrap();
    assert!(matches!(found[..], [Imported::Added { weak_totp: Some(80), .. }]), "{found:?}");
    assert_eq!(app.count("users").await + app.count("totp").await, 0);
}

#[tokio::test]
async fn an_app_needs_a_key_and_codes_must_be_codes() {
    let app = App::new().await;
    let mut hashed = ForeignUser::new(BOB, MD5);
    hashed.recovery_codes = vec!["$2b$10$abcdefghijklmnopqrstuv".into()];
    let found = app.import().batch(&[ann(), hashed]).await.unwrap();
    let fields: Vec<_> = found
        .iter()
        .map(
            |found| {
                if let Imported::Refused(error) = found { error.field.to_string() } else { "added".into() }
            },
        )
        .collect();
    assert_eq!(fields, ["totp", "recovery_codes"]);
}
