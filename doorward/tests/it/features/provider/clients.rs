//! The clients: those of the configuration, and those that operators add while nodes run.

use axum::http::StatusCode;
use doorward::{
    Config, Error,
    provider::{ClientConfig, Origin},
};

use super::parties::{
    VERIFIER, WIKI, access_token, address, ann_in_a_browser, code_for, is_accepted, told, with_apps,
};
use crate::app::{App, refusal};

fn added() -> ClientConfig {
    ClientConfig {
        name: "Added".into(),
        redirect_uris: vec!["https://added.example.org/cb".into()],
        ..ClientConfig::default()
    }
}

/// Exchanges a code of an added client with this secret.
async fn works_with(app: &App, id: &str, secret: &str) -> bool {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("redirect_uri", "x"),
        ("code_verifier", VERIFIER),
        ("client_id", id),
        ("client_secret", secret),
    ];
    let answer = app.anonymous().form("/auth/oauth/token", &form).await;
    assert!([400, 401].contains(&answer.status.as_u16()));
    answer.json()["error"] == "invalid_grant"
}

#[tokio::test]
async fn an_operator_adds_a_client_and_changes_its_secret() {
    let app = App::with(with_apps()).await;
    app.stop_clock();
    let other = app.sibling(with_apps()).await;
    let client = app.add_client(added()).await.unwrap();
    let (id, first) = (client.id, client.secret.unwrap());
    assert!(id.starts_with("client_") && first.starts_with("dw_x_"));
    assert!(works_with(&other, &id, &first).await && !works_with(&other, &id, "wrong").await);
    let second = app.renew_client_secret(&id, false).await.unwrap().unwrap();
    assert!(works_with(&app, &id, &first).await && works_with(&other, &id, &second).await);
    app.advance(std::time::Duration::from_secs(24 * 3600));
    assert!(!works_with(&app, &id, &first).await && works_with(&app, &id, &second).await);
    let third = app.renew_client_secret(&id, true).await.unwrap().unwrap();
    assert!(!works_with(&app, &id, &second).await && works_with(&app, &id, &third).await);
    assert_eq!(app.renew_client_secret("unknown", true).await, Ok(None));

    let listed = app.clients_after("").await.unwrap();
    let ids: Vec<_> = listed.iter().map(|client| (&*client.id, client.origin)).collect();
    assert!(ids.contains(&(&id, Origin::Admin)) && ids.contains(&(WIKI, Origin::Config)), "{ids:?}");
    assert_eq!(app.find_client(&id).await.unwrap().unwrap().name, "Added");
    assert!(app.delete_client(&id).await.unwrap());
    assert!(!works_with(&other, &id, &third).await);
    assert!(!app.delete_client(&id).await.unwrap());
    for kind in ["client_added", "client_secret_renewed", "client_deleted"] {
        assert!(app.count(&format!("events WHERE kind = '{kind}'")).await >= 1, "{kind}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_work_is_not_added() {
    let app = App::with(with_apps()).await;
    for (client, field) in [
        (ClientConfig { name: String::new(), ..added() }, "name"),
        (ClientConfig { redirect_uris: vec![], ..added() }, "redirect_uris"),
        (ClientConfig { redirect_uris: vec!["http://a.example/".into()], ..added() }, "redirect_uris"),
        (ClientConfig { scopes: vec!["unknown".into()], ..added() }, "scopes"),
        (ClientConfig { secret: Some("x".repeat(40).as_str().into()), ..added() }, "secret"),
        (ClientConfig { id: "a b".into(), ..added() }, "id"),
        (ClientConfig { id: WIKI.into(), ..added() }, "id"),
    ] {
        // The clients of the configuration are there from the first use on.
        app.anonymous().get(&address(&[])).await;
        let Err(Error::Invalid(fields)) = app.add_client(client).await else { panic!("{field}") };
        assert_eq!(fields[0].field, field);
    }
}

#[tokio::test]
async fn a_disabled_client_and_its_tokens_are_refused_on_every_node() {
    let app = App::with(with_apps()).await;
    let other = app.sibling(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let kept = access_token(&app, &mut browser).await;
    let client = app.add_client(ClientConfig { public: true, ..added() }).await.unwrap();
    assert_eq!(client.secret, None);
    let id = client.id;
    let own = [("client_id", &*id), ("redirect_uri", "https://added.example.org/cb")];
    let exchange = async |code: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", VERIFIER),
            own[0],
            own[1],
        ];
        app.anonymous().form("/auth/oauth/token", &form).await
    };
    let code = code_for(&mut browser, &own).await;
    let token = exchange(&code).await.token();
    let accepted =
        async |app: &App| app.bearer(&token).get("/auth/oauth/userinfo").await.status == StatusCode::OK;
    assert!(accepted(&app).await && accepted(&other).await);
    assert!(app.disable_client(&id).await.unwrap());
    assert!(!accepted(&other).await && !accepted(&app).await);
    assert!(is_accepted(&other, &kept).await, "other clients go on");
    assert_eq!(browser.get(&address(&own)).await.status, StatusCode::BAD_REQUEST);
    // It has shown who it is, so it learns only that its code does not work.
    assert_eq!(exchange("x").await.json()["error"], "invalid_grant");
    assert!(app.enable_client(&id).await.unwrap());
    assert!(!accepted(&app).await && !accepted(&other).await, "its tokens do not come back");
    assert!(told(&browser.get(&address(&own)).await).contains_key("code"), "it is still allowed");
}

#[tokio::test]
async fn the_configuration_decides_about_its_clients() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let token = access_token(&app, &mut browser).await;
    for refused in [
        app.disable_client(WIKI).await,
        app.enable_client(WIKI).await,
        app.delete_client(WIKI).await,
        app.renew_client_secret(WIKI, true).await.map(|secret| secret.is_some()),
    ] {
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    // Another node starts with a configuration without the wiki.
    let mut config = with_apps();
    config.client.retain(|client| client.id != WIKI);
    let other = app.sibling(config).await;
    assert!(is_accepted(&app, &token).await, "until its first use of the provider");
    // Its first look at a token is such a use.
    for node in [&other, &app] {
        let status = node.bearer(&token).get("/auth/oauth/userinfo").await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(other.browser().get(&address(&[])).await.status, StatusCode::BAD_REQUEST);
    assert!(app.delete_client(WIKI).await.unwrap(), "a client that is not declared any more can be deleted");
}

#[tokio::test]
async fn each_mistake_in_a_client_is_told_at_the_start_and_no_secret_is_shown() {
    let with = |client: ClientConfig| Config { client: vec![client], ..with_apps() };
    let wiki = || ClientConfig { id: "wiki".into(), secret: Some("x".repeat(40).as_str().into()), ..added() };
    for (client, expected) in [
        (
            ClientConfig { secret: Some("hunter2".into()), ..wiki() },
            "secret: expected at least 32 characters",
        ),
        (ClientConfig { secret: None, ..wiki() }, "secret: expected one"),
        (ClientConfig { public: true, ..wiki() }, "secret: expected none"),
        (ClientConfig { id: String::new(), ..wiki() }, "id: expected"),
        (ClientConfig { redirect_uris: vec!["https://*.example.org/".into()], ..wiki() }, "no wildcard"),
    ] {
        let error = refusal(with(client)).await;
        assert!(error.contains("client: ") && error.contains(expected), "{error}");
        assert!(!error.contains("hunter2"));
    }
}
