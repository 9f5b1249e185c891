//! `GET`, `PATCH` and `DELETE /me`, `POST /password`.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{ANN, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config, patient};

#[tokio::test]
async fn me_is_who_registered() {
    let app = App::new().await;
    let id = app.register("Ann@Example.org").await;
    let me = app.bearer(&app.token(ANN).await).get("/auth/me").await;
    assert_eq!(me.headers["content-type"], "application/json");
    let me = me.json();
    let moment = &me["created_at"];
    assert_eq!(
        me,
        json!({"id": id, "email": "Ann@Example.org", "email_verified_at": null, "created_at": moment, "updated_at": moment})
    );
    let moment = moment.as_str().unwrap();
    assert!(moment.len() == 20 && moment.ends_with('Z') && moment.parse::<jiff::Timestamp>().is_ok());
}

#[tokio::test]
async fn an_address_is_changed() {
    let app = App::new().await;
    let id = app.register(ANN).await;
    let mut ann = app.bearer(&app.token(ANN).await);
    let changed = ann.change_email("Ann@b\u{fc}cher.example").await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["id"], id);
    assert_eq!(ann.get("/auth/me").await.json(), changed.json());
    app.token("ann@xn--bcher-kva.example").await;
    let old = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    // The old address is free again, and one's own may be written in another way.
    app.register(ANN).await;
    let respelled = ann.change_email("ANN@B\u{dc}CHER.example").await;
    assert_eq!(
        (respelled.status, &respelled.json()["email"]),
        (StatusCode::OK, &json!("ANN@B\u{dc}CHER.example"))
    );
}

#[tokio::test]
async fn an_address_of_another_is_not_taken_over() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    app.register(BOB).await;
    for bobs in [BOB, "BOB@EXAMPLE.ORG", " bob@example.org", "bob@\u{ff45}xample.org"] {
        let answer = ann.change_email(bobs).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::BAD_REQUEST, "email_exists"), "{bobs}");
    }
    for wrong in [json!({}), json!({"email": null}), json!({"email": "x"}), json!({"email": ["a@x.org"]})] {
        assert_eq!(ann.patch("/auth/me", wrong).await.wrong_fields(), ["email"]);
    }
    assert_eq!(ann.get("/auth/me").await.json()["email"], ANN);
}

#[tokio::test]
async fn of_many_who_change_to_an_address_at_once_one_gets_it() {
    let app = App::new().await;
    let mut users = Vec::new();
    for number in 0..20 {
        users.push(app.user(&format!("u{number}@example.org")).await);
    }
    let attempts = users.iter_mut().map(|user| user.change_email("one@example.org"));
    let answers = futures_util::future::join_all(attempts).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::BAD_REQUEST)), (1, 19));
}

#[tokio::test]
async fn a_change_sets_nothing_but_the_address() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let before = ann.get("/auth/me").await.json();
    let answer = ann
        .patch(
            "/auth/me",
            json!({"email": ANN, "id": 1, "is_admin": true, "role": "admin", "email_verified": true,
                   "email_verified_at": "2026-01-01T00:00:00Z", "disabled_at": 1, "created_at": 1, "password": NEW_PASSWORD,
                   "hashed_password": "x", "user_metadata": {"role": "admin"}, "email_key": BOB}),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut after = answer.json();
    after["updated_at"] = before["updated_at"].clone();
    assert_eq!(after, before);
    app.token(ANN).await;
}

#[tokio::test]
async fn an_account_is_deleted_by_who_knows_its_password() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let answer = ann.delete_account(WRONG).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    assert_eq!(ann.delete("/auth/me", Some(json!({}))).await.wrong_fields(), ["password"]);
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

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    let elsewhere = [other.bearer(&app.token(ANN).await), other.browser_of(ANN).await];
    let answer = ann.change_password(WRONG, NEW_PASSWORD).await;
    assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "wrong_password"));
    for actor in &elsewhere {
        assert_eq!(actor.clone().get("/auth/me").await.status, StatusCode::OK);
    }
    let answer = ann.change_password(PASSWORD, NEW_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    for actor in &elsewhere {
        assert_eq!(actor.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
    for (password, status) in [(PASSWORD, StatusCode::UNAUTHORIZED), (NEW_PASSWORD, StatusCode::OK)] {
        let answer = app.anonymous().request_token(ANN, password).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn a_new_password_takes_the_session_from_whoever_has_a_copy_of_its_token() {
    let app = App::new().await;
    let other = app.sibling(config()).await;

    let mut ann = app.ann().await;
    let mut thief = ann.clone();
    let before = ann.get("/auth/sessions").await.json();
    let answer = ann.change_password(PASSWORD, NEW_PASSWORD).await;
    let token = answer.json();
    assert_eq!((answer.status, &token["token_type"]), (StatusCode::OK, &json!("bearer")));
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(thief.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let mut elsewhere = other.bearer(token["access_token"].as_str().unwrap());
    assert_eq!(elsewhere.get("/auth/me").await.status, StatusCode::OK);
    // It is the same session still, with the same end.
    let after = elsewhere.get("/auth/sessions").await.json();
    for same in ["id", "current", "created_at", "expires_at"] {
        assert_eq!(after[0][same], before[0][same]);
    }
    assert_eq!(ann.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);

    let mut browser = app.browser_of(ANN).await;
    let thief = browser.clone();
    app.advance(std::time::Duration::from_secs(3600));
    let answer = browser.change_password(PASSWORD, NEW_PASSWORD).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::NO_CONTENT, ""));
    let set = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let session = set.into_iter().find(|line| line.starts_with("doorward=")).unwrap();
    let lives: i64 = session.split("; Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    assert!((82_700..=82_800).contains(&lives), "{session}");
    assert_ne!(browser.cookies["doorward"], thief.cookies["doorward"]);
    assert_ne!(browser.cookies["doorward-device"], thief.cookies["doorward-device"]);
    assert_eq!(thief.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn proving_oneself_again_gives_a_browser_another_token() {
    let app = App::new().await;
    app.register(ANN).await;
    let mut ann = app.browser_of(ANN).await;
    let thief = ann.clone();
    // Somebody who has just logged in need not, and then nothing is new.
    assert_eq!(ann.change_email("a@example.com").await.status, StatusCode::OK);
    assert_eq!(ann.cookies, thief.cookies);
    let change = json!({"email": "b@example.com", "current_password": PASSWORD});
    assert_eq!(ann.patch("/auth/me", change).await.status, StatusCode::OK);
    assert_eq!(thief.clone().get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.get("/auth/me").await.json()["email"], "b@example.com");
}

#[tokio::test]
async fn a_new_password_is_judged_like_the_first_one() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    for (body, fields) in [
        (json!({}), &["current_password", "new_password"][..]),
        (json!({"new_password": NEW_PASSWORD}), &["current_password"]),
        (json!({"current_password": PASSWORD}), &["new_password"]),
        (json!({"current_password": PASSWORD, "new_password": "short"}), &["new_password"]),
        (json!({"current_password": PASSWORD, "new_password": "x".repeat(257)}), &["new_password"]),
        (json!({"current_password": "x".repeat(1025), "new_password": NEW_PASSWORD}), &["current_password"]),
    ] {
        assert_eq!(ann.post("/auth/password", body.clone()).await.wrong_fields(), fields, "{body}");
    }
    app.token(ANN).await;
}

#[tokio::test]
async fn of_two_changes_of_one_password_one_counts() {
    let app = App::new().await;
    app.register(ANN).await;
    let (mut one, mut other) = (app.bearer(&app.token(ANN).await), app.bearer(&app.token(ANN).await));
    let change = |new: &str| json!({"current_password": PASSWORD, "new_password": new});
    let (first, second) = tokio::join!(
        one.post("/auth/password", change("the one of the first")),
        other.post("/auth/password", change("the one of the second")),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    // The later one was begun with a password that was right then, or by a session that had ended.
    assert_eq!(statuses[0], StatusCode::OK);
    assert!([StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED].contains(&statuses[1]), "{statuses:?}");
    let new = if first.status == StatusCode::OK { "the one of the first" } else { "the one of the second" };
    let answer = app.anonymous().request_token(ANN, new).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn the_routes_of_an_account_are_for_who_is_logged_in() {
    let app = App::new().await;
    let body = json!({"password": PASSWORD, "email": ANN, "current_password": PASSWORD, "new_password": NEW_PASSWORD});
    for (method, path) in [
        ("GET", "/auth/me"),
        ("PATCH", "/auth/me"),
        ("DELETE", "/auth/me"),
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
        // Who is not logged in does not learn what a right body would be.
        let sent = app.anonymous().send(method.clone(), path, None, "").await;
        assert_eq!(sent.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
}

#[tokio::test]
async fn logging_in_while_the_user_is_deleted_or_disabled_never_ends_in_a_live_session() {
    let app = App::with(patient()).await;
    for round in 0..12 {
        let email = format!("r{round}@example.org");
        let id: doorward::UserId = app.register(&email).await.to_string().parse().unwrap();
        let log_ins = (0..6).map(|_| async {
            let mut anyone = app.anonymous();
            anyone.request_token(&email, PASSWORD).await
        });
        let end = async {
            for _ in 0..round {
                tokio::task::yield_now().await;
            }
            if round % 2 == 0 { app.delete_user(id).await } else { app.disable_user(id).await }
        };
        let (answers, ended) = tokio::join!(futures_util::future::join_all(log_ins), end);
        assert!(ended.unwrap());
        for answer in answers {
            assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status), "{}", answer.text);
            if answer.status == StatusCode::OK {
                let token = answer.token();
                assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
            }
        }
    }
}
