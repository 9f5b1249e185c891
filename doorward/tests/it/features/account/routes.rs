//! `GET` and `DELETE /me`, and the routes that need a session.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD, WRONG},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn me_is_the_user_who_registered() {
    let app = App::new().await;
    let id = app.register("Ann@Example.org").await;
    let me = app.bearer(&app.token(ANN).await).get("/auth/me").await;
    assert_eq!(me.headers["content-type"], "application/json");
    let me = me.json();
    let moment = &me["created_at"];
    assert_eq!(
        me,
        json!({"id": id, "email": "Ann@Example.org", "email_verified_at": null, "created_at": moment, "updated_at": moment,
               "display_name": null, "roles": [], "attributes": {}, "profile": {}})
    );
    let moment = moment.as_str().unwrap();
    assert!(moment.len() == 20 && moment.ends_with('Z') && moment.parse::<jiff::Timestamp>().is_ok());
}

#[tokio::test]
async fn deleting_an_account_takes_its_password() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let answer = ann.delete_account(WRONG).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    assert_eq!(ann.delete("/auth/me", Some(json!({}))).await.wrong_fields(), ["current_password"]);
    assert_eq!(ann.delete("/auth/me", None).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    let mut browser = app.browser_of(ANN).await;
    let other = browser.clone();
    let answer = browser.delete_account(PASSWORD).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!browser.cookies.contains_key("doorward"));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(other.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let gone = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    app.register(ANN).await;
}

/// RFC 9110, section 9.3.5: the content of a `DELETE` has no meaning, and some proxies refuse it.
#[tokio::test]
async fn an_account_is_deleted_by_post_too() {
    let app = App::new().await;
    let ann = app.ann().await;
    let mut browser = app.browser_of(ANN).await;
    let path = "/auth/me/delete";
    let with = |password| json!({"current_password": password});
    for mut actor in [ann.clone(), browser.clone()] {
        assert_eq!(actor.post(path, with(WRONG)).await.code(), "wrong_password");
        assert_eq!(actor.post(path, json!({})).await.wrong_fields(), ["current_password"]);
        assert_eq!(
            actor.post(path, json!({"password": PASSWORD})).await.wrong_fields(),
            ["current_password", "body"]
        );
    }
    let mut other_site = browser.clone().header("sec-fetch-site", "cross-site");
    assert_eq!(other_site.post(path, with(PASSWORD)).await.code(), "cross_site");
    let answer = browser.post(path, with(PASSWORD)).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    assert!(!browser.cookies.contains_key("doorward"));
    assert!(!ann.is_logged_in().await);
    assert_eq!(app.count("users").await, 0);
    // A program of an earlier version.
    let mut ann = app.ann().await;
    let both = json!({"password": PASSWORD, "current_password": PASSWORD});
    assert_eq!(ann.delete("/auth/me", Some(both)).await.wrong_fields(), ["body"]);
    let answer = ann.delete("/auth/me", Some(json!({"password": PASSWORD}))).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_body_that_asks_for_the_password_has_no_unknown_field() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for (method, path, body) in [
        ("DELETE", "/auth/me", json!({})),
        ("POST", "/auth/me/delete", json!({})),
        ("POST", "/auth/password", json!({"new_password": NEW_PASSWORD})),
        ("PATCH", "/auth/me", json!({"email": "new@example.org"})),
        ("DELETE", "/auth/undo-email-change", json!({})),
    ] {
        for (name, shown) in
            [("dry_run", true), ("Current_password", true), ("a\" b", false), (&*"x".repeat(99), false)]
        {
            for value in [json!("1"), json!(null), json!(false), json!(["1"])] {
                let mut body = body.clone();
                body["current_password"] = PASSWORD.into();
                body[name] = value;
                let sent =
                    ann.send(method.parse().unwrap(), path, Some("application/json"), body.to_string()).await;
                assert_eq!(sent.wrong_fields(), ["body"], "{method} {path} {name}");
                let message = sent.json()["errors"][0]["message"].as_str().unwrap().to_owned();
                assert!(
                    message.starts_with("expected only ") && message.contains("current_password"),
                    "{message}"
                );
                assert_eq!(message.contains(&format!("not {name:?}")), shown, "{message}");
            }
        }
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
    assert_eq!(ann.delete_account(PASSWORD).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_body_with_a_proof_from_a_mail_has_no_unknown_field() {
    let app = App::with(with_mail()).await;
    let mut ann = app.ann().await;
    let link = json!({"token": "dw_r_unknown"});
    let code = json!({"email": ANN, "code": "K7WM-2QXD"});
    let with = |proof: &Value, name: &str, value: &str| {
        let mut body = proof.clone();
        body[name] = value.into();
        body
    };
    for (path, proofs) in [
        ("/auth/verify-email", vec![link.clone(), code.clone()]),
        ("/auth/confirm-email", vec![link.clone(), code.clone()]),
        ("/auth/undo-email-change", vec![link.clone()]),
        (
            "/auth/reset-password",
            [&link, &code].map(|proof| with(proof, "new_password", NEW_PASSWORD)).into(),
        ),
    ] {
        for proof in proofs {
            let sent = ann.post(path, proof.clone()).await;
            assert_eq!((sent.status, &*sent.code()), (StatusCode::BAD_REQUEST, "invalid_link"), "{path}");
            // An undo sets no password. A program that sends one gets an error.
            for name in ["new_pasword", "password"] {
                let sent = ann.post(path, with(&proof, name, NEW_PASSWORD)).await;
                assert_eq!(sent.wrong_fields(), ["body"], "{path} {name}");
                let message = sent.json()["errors"][0]["message"].as_str().unwrap().to_owned();
                assert!(
                    message.contains("token") && message.ends_with(&format!("not {name:?}")),
                    "{message}"
                );
            }
        }
    }
    // A client with a token may send the address and the code along.
    let both = json!({"token": "dw_v_unknown", "email": ANN, "code": ""});
    assert_eq!(ann.post("/auth/verify-email", both).await.code(), "invalid_link");
    let misspelt = json!({"token": "dw_r_unknown", "new_pasword": NEW_PASSWORD});
    assert_eq!(ann.post("/auth/reset-password", misspelt).await.wrong_fields(), ["new_password", "body"]);
}

#[tokio::test]
async fn the_routes_of_an_account_need_a_session() {
    let app = App::new().await;
    let body = json!({"email": ANN, "current_password": PASSWORD, "new_password": NEW_PASSWORD});
    for (method, path) in [
        ("GET", "/auth/me"),
        ("PATCH", "/auth/me"),
        ("DELETE", "/auth/me"),
        ("POST", "/auth/me/delete"),
        ("POST", "/auth/password"),
        ("GET", "/auth/sessions"),
        ("DELETE", "/auth/sessions"),
        ("DELETE", "/auth/sessions/1"),
    ] {
        let method: axum::http::Method = method.parse().unwrap();
        let sent =
            app.anonymous().send(method.clone(), path, Some("application/json"), body.to_string()).await;
        assert_eq!(
            (sent.status, &*sent.code()),
            (StatusCode::UNAUTHORIZED, "not_authenticated"),
            "{method} {path}"
        );
        // Without a session the answer does not describe the body.
        let sent = app.anonymous().send(method.clone(), path, None, "").await;
        assert_eq!(sent.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}
