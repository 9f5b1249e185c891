//! The domain that passkeys are made for, and what browsers look for at the root of the host.

use axum::http::StatusCode;
use doorward::Config;
use serde_json::json;

use super::assert_refused;
use crate::app::{ANN, App, PASSWORD, Passkey, accounts, config};

#[tokio::test]
async fn a_change_of_the_domain_is_refused_while_passkeys_exist_unless_the_loss_is_accepted() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let moved = || Config { public_url: "https://accounts.example.org".into(), ..config() };
    let refused = accounts(&app.database, moved()).open().await.unwrap_err().to_string();
    assert!(refused.contains("\"localhost\"") && refused.contains("passkey_rp_id"), "{refused}");
    accounts(&app.database, moved()).accept_passkey_loss().open().await.unwrap().close().await;
    // From then on it needs no word any more, and the old passkeys do not work.
    let node = App::on(&app.database, moved()).await;
    let mut user = node.bearer(&node.token(ANN).await);
    let list = user.get("/auth/passkeys").await.json();
    assert_eq!(list["passkeys"][0]["made_for"], "localhost", "{list}");
    assert_eq!(list["signal"]["allAcceptedCredentialIds"], json!([]));
    let there = Passkey {
        rp_id: "accounts.example.org".into(),
        origin: "https://accounts.example.org".into(),
        ..passkey.clone()
    };
    assert_eq!(there.log_in(&mut node.anonymous()).await.status, StatusCode::UNAUTHORIZED);
    // They work again after a change back.
    let refused = accounts(&app.database, config()).open().await;
    let back = App::on(&app.database, config()).await;
    drop(refused);
    assert_eq!(passkey.log_in(&mut back.browser()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_number_as_public_address_has_no_passkeys() {
    let app = App::with(Config { public_url: "http://127.0.0.1:8000".into(), ..config() }).await;
    let mut ann = app.ann().await;
    for path in ["/auth/passkeys/options", "/auth/login/passkey/options"] {
        let answer = ann.post(path, json!({})).await;
        assert_refused(&answer, StatusCode::FORBIDDEN, "passkeys_not_configured");
    }
    let answer = ann.get("/auth/.well-known/passkey-endpoints").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(ann.get("/auth/passkeys").await.json(), json!({"passkeys": [], "signal": null}));
    assert!(!app.browser().get("/auth/login").await.text.contains("data-passkey"));
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn browsers_find_the_related_origins_and_the_pages() {
    let related = vec!["https://example.net".to_owned()];
    let app = App::with(Config { passkey_related_origins: related, ..config() }).await;
    let answer = app.anonymous().get("/auth/.well-known/webauthn").await;
    assert_eq!(answer.json(), json!({"origins": ["https://example.net"]}));
    assert_eq!(answer.headers["content-type"], "application/json");
    let page = "http://localhost:8000/account/passkeys";
    let answer = app.anonymous().get("/auth/.well-known/passkey-endpoints").await;
    assert_eq!(answer.json(), json!({"enroll": page, "manage": page}));
    let none = App::new().await;
    assert_eq!(none.anonymous().get("/auth/.well-known/webauthn").await.status, StatusCode::NOT_FOUND);
    // A page of the other origin may use the passkeys.
    let mut ann = app.ann().await;
    let (passkey, _) = Passkey::add(&mut ann).await;
    let there = Passkey { origin: "https://example.net".into(), ..passkey };
    assert_eq!(there.log_in(&mut app.browser()).await.status, StatusCode::OK);
}
