//! The keys that sign ID tokens, and the key outside the database that seals them.

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::{Config, config::Secret};

use super::parties::{WIKI, access_token, ann_in_a_browser, claims_of, code_for, exchange, with_apps};
use crate::app::{App, opened};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The ids of the published keys.
pub(super) async fn published(app: &App) -> BTreeSet<String> {
    let keys = app.anonymous().get("/auth/oauth/jwks.json").await.json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn with_key(id: &str, byte: u8, retired: &[(&str, u8)]) -> Config {
    let key = |byte: u8| Secret::from(STANDARD.encode([byte; 32]));
    Config {
        secret_key_id: Some(id.into()),
        secret_key: Some(key(byte)),
        retired_secret_keys: retired.iter().map(|(id, byte)| ((*id).to_owned(), key(*byte))).collect(),
        ..with_apps()
    }
}

#[tokio::test]
async fn two_nodes_make_one_key_of_each_kind() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let (one, two) = tokio::join!(published(&app), published(&other));
    assert_eq!(one.len(), 3);
    assert_eq!(one, two);
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs_and_an_old_one_stays_for_a_while() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let first = published(&app).await;
    let signed_by = async || {
        let mut browser = app.browser_of(crate::app::ANN).await;
        let code = code_for(&mut browser, &[]).await;
        let token = exchange(&app, &code).await.json()["id_token"].as_str().unwrap().to_owned();
        // A client that knows the published keys verifies it.
        claims_of(&app, &token, WIKI).await;
        jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
    };
    app.register(crate::app::ANN).await;
    assert!(first.contains(&signed_by().await));
    // The first keys count from a day before.
    app.advance(87 * DAY - Duration::from_secs(60));
    app.clean_up().await.unwrap();
    assert_eq!(published(&app).await, first, "nothing is due");
    app.advance(Duration::from_secs(360));
    app.clean_up().await.unwrap();
    let both = published(&app).await;
    assert_eq!(both.len(), 6, "the next keys are there two days before");
    assert!(first.contains(&signed_by().await), "and do not sign yet");
    app.advance(2 * DAY);
    app.clean_up().await.unwrap();
    assert_eq!(published(&app).await, both, "the old keys still verify");
    assert!(!first.contains(&signed_by().await));
    app.advance(2 * DAY);
    app.clean_up().await.unwrap();
    let second = published(&app).await;
    assert_eq!((second.len(), second.intersection(&first).count()), (3, 0));
    assert_eq!(app.count("signing_keys").await, 3);
}

#[tokio::test]
async fn a_start_with_a_lost_or_another_key_is_refused_and_names_it() {
    let app = App::with(with_key("first", 1, &[])).await;
    published(&app).await;
    let again = async |config: Config| opened(&app.database, config).await;
    for (config, expected) in [
        (with_key("first", 2, &[]), "\"first\""),
        (with_key("second", 2, &[]), "\"first\""),
        (with_key("second", 2, &[("first", 3)]), "\"first\""),
        (Config { secret_key: None, secret_key_id: None, ..with_apps() }, "\"first\""),
    ] {
        let error = again(config).await.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("secret_key"), "{error}");
    }
    // A key is exchanged by keeping the old one for a while.
    let next = app.sibling(with_key("second", 2, &[("first", 1)])).await;
    assert_eq!(published(&next).await, published(&app).await);
    // Where nothing is sealed, nothing is needed.
    let empty = App::with(with_key("first", 1, &[])).await;
    assert!(opened(&empty.database, with_key("other", 9, &[])).await.is_ok());
}

#[tokio::test]
async fn what_a_retired_key_has_sealed_is_sealed_anew() {
    let app = App::with(with_key("first", 1, &[])).await;
    let keys = published(&app).await;
    assert_eq!((app.secrets_to_reseal().await.unwrap(), app.reseal_secrets().await.unwrap()), (0, 0));
    // A kill in the middle leaves some keys with the old seal, and some with the new one.
    let exchanged = with_key("second", 2, &[("first", 1)]);
    let next = app.sibling(exchanged.clone()).await;
    app.execute("UPDATE signing_keys SET gone_at = gone_at - 999999999 WHERE algorithm <> 'RS256'").await;
    assert_eq!((next.secrets_to_reseal().await.unwrap(), next.reseal_secrets().await.unwrap()), (1, 1));
    app.execute("UPDATE signing_keys SET gone_at = gone_at + 999999999 WHERE algorithm <> 'RS256'").await;
    assert_eq!(app.count("signing_keys WHERE sealed_with = 'second' AND sealed LIKE 'second.%'").await, 1);
    let error = opened(&app.database, with_key("second", 2, &[])).await.unwrap_err().to_string();
    assert!(error.contains("\"first\""), "{error}");
    // Two go on at once.
    let third = app.sibling(exchanged).await;
    assert_eq!(next.secrets_to_reseal().await.unwrap(), 2);
    let (one, two) = tokio::join!(next.reseal_secrets(), third.reseal_secrets());
    assert!(one.unwrap() + two.unwrap() >= 2);
    assert_eq!((next.secrets_to_reseal().await.unwrap(), next.reseal_secrets().await.unwrap()), (0, 0));
    assert_eq!(app.count("signing_keys WHERE sealed_with = 'second' AND sealed LIKE 'second.%'").await, 3);
    assert!(app.count("events WHERE kind = 'secrets_resealed' AND actor = 'operator'").await >= 2);
    // The retired key is not needed any more. The signing keys are the same.
    let alone = app.sibling(with_key("second", 2, &[])).await;
    assert_eq!((published(&alone).await, published(&app).await), (keys.clone(), keys));
    let mut browser = ann_in_a_browser(&alone).await;
    access_token(&alone, &mut browser).await;
    let off = App::with(Config { secret_key: None, secret_key_id: None, ..with_apps() }).await;
    for refused in [off.secrets_to_reseal().await, off.reseal_secrets().await] {
        assert!(format!("{:?}", refused.unwrap_err()).contains("secret_key"));
    }
}

#[tokio::test]
async fn a_damaged_seal_is_an_error_and_changes_nothing() {
    let app = App::with(with_key("first", 1, &[])).await;
    published(&app).await;
    let next = app.sibling(with_key("second", 2, &[("first", 1)])).await;
    app.execute("UPDATE signing_keys SET sealed = 'first.AAAA' WHERE algorithm = 'EdDSA'").await;
    assert!(next.reseal_secrets().await.is_err());
    assert_eq!(app.count("signing_keys WHERE sealed_with = 'first'").await, 3);
}

#[tokio::test]
async fn the_database_holds_no_secret_of_the_provider() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let code = code_for(&mut browser, &[]).await;
    let token = access_token(&app, &mut browser).await;
    let added = app
        .add_client(doorward::provider::ClientConfig {
            name: "Added".into(),
            redirect_uris: vec!["https://added.example.org/".into()],
            ..Default::default()
        })
        .await
        .unwrap();
    let outside = app.outside().await;
    let stored = outside.contents_of(&[
        "oauth_clients",
        "oauth_client_secrets",
        "grants",
        "codes",
        "access_tokens",
        "signing_keys",
        "sealing_keys",
    ]);
    let stored = stored.await;
    assert!(stored.contains("signing_keys: ") && stored.contains(&added.id));
    for secret in [&*code, &token, &added.secret.unwrap(), super::parties::WIKI_SECRET] {
        let middle = &secret[5..secret.len() - 6];
        assert!(!stored.contains(middle), "{secret}");
    }
    // PKCS #8 begins with these bytes, in hexadecimal and in base64.
    for private in ["30820", "MIIE", "MIGH", "MFMC", "PRIVATE"] {
        assert!(!stored.to_uppercase().contains(&private.to_uppercase()), "{private}");
    }
}
