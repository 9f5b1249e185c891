//! Finding the session of a token. A session that was ended is refused by every node at once.

use std::pin::pin;

use axum::http::StatusCode;
use futures_util::future::{join_all, poll_immediate};
use tokio::task::yield_now;

use crate::app::{ANN, App, NEW_PASSWORD, Outside, PASSWORD, config};

/// Asks three times, so that the node remembers the session.
async fn is_accepted(app: &App, token: &str) -> bool {
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(app.bearer(token).get("/auth/me").await.status);
    }
    statuses.dedup();
    assert_eq!(statuses.len(), 1, "{statuses:?}");
    assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&statuses[0]), "{statuses:?}");
    statuses[0] == StatusCode::OK
}

/// The number of ways to end a session.
const WAYS: usize = 8;

/// Ends the session with `token` in one of [`WAYS`], through `app`.
async fn end(app: &App, email: &str, user: i64, token: &str, way: usize) {
    let mut user_of_token = app.bearer(token);
    let id = user.to_string().parse::<doorward::UserId>().unwrap();
    let status = match way {
        0 => user_of_token.log_out().await.status,
        1 => {
            let sessions = user_of_token.get("/auth/sessions").await.json();
            let own = sessions.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
            user_of_token.delete(&format!("/auth/sessions/{}", own["id"]), None).await.status
        }
        2 => {
            let other = app.token(email).await;
            app.bearer(&other).delete("/auth/sessions", None).await.status
        }
        3 => {
            let mut other = app.bearer(&app.token(email).await);
            assert_eq!(other.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
            assert_eq!(other.change_password(NEW_PASSWORD, PASSWORD).await.status, StatusCode::OK);
            StatusCode::NO_CONTENT
        }
        4 => {
            assert!(app.disable_user(id).await.unwrap() && app.enable_user(id).await.unwrap());
            StatusCode::NO_CONTENT
        }
        5 => {
            assert!(app.set_password(id, PASSWORD).await.unwrap());
            StatusCode::NO_CONTENT
        }
        6 => {
            // Two sessions are allowed, so the oldest ends.
            app.token(email).await;
            app.token(email).await;
            StatusCode::NO_CONTENT
        }
        _ => {
            let answer = user_of_token.delete_account(PASSWORD).await;
            app.register(email).await;
            answer.status
        }
    };
    assert_eq!(status, StatusCode::NO_CONTENT, "way {way}");
}

#[tokio::test]
async fn an_ended_session_is_refused_by_every_node() {
    const PEOPLE: usize = 16;
    const ROUNDS: usize = 12;
    let settings = || doorward::Config { sessions_per_user: 2.try_into().unwrap(), ..config() };
    let app = App::with(settings()).await;
    let sibling = app.sibling(settings()).await;
    let person = |number: usize| {
        let (app, sibling) = (&app, &sibling);
        async move {
            let email = format!("user-{number}@example.org");
            app.register(&email).await;
            for round in 0..ROUNDS {
                let token = app.token(&email).await;
                let user = app.bearer(&token).get("/auth/me").await.json()["id"].as_i64().unwrap();
                assert!(is_accepted(app, &token).await && is_accepted(sibling, &token).await);
                let by = if round % 2 == 0 { app } else { sibling };
                end(by, &email, user, &token, (number + round / 2) % WAYS).await;
                for each in [app, sibling] {
                    let status = each.bearer(&token).get("/auth/me").await.status;
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "round {round} of {number}");
                }
            }
        }
    };
    join_all((0..PEOPLE).map(person)).await;
}

#[tokio::test]
async fn a_cancelled_log_out_that_is_repeated_counts_on_every_node() {
    let app = App::new().await;
    let sibling = app.sibling(config()).await;
    app.ann().await;
    let mut given_up = 0;
    for round in 0..80 {
        let token = app.token(ANN).await;
        assert!(is_accepted(&app, &token).await && is_accepted(&sibling, &token).await);
        // The client disconnects at some moment.
        let mut first = app.bearer(&token);
        {
            let mut request = pin!(first.log_out());
            let mut answered = false;
            for _ in 0..round {
                answered |= poll_immediate(&mut request).await.is_some();
                if answered {
                    break;
                }
                yield_now().await;
            }
            given_up += u64::from(!answered);
        }
        let again = sibling.bearer(&token).log_out().await.status;
        assert!([StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED].contains(&again), "{again}");
        for each in [&app, &sibling] {
            assert_eq!(each.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
        }
    }
    assert!(given_up > 5, "only {given_up} were given up");
}

#[tokio::test]
async fn a_new_address_is_seen_by_every_node_at_once() {
    let app = App::new().await;
    let sibling = app.sibling(config()).await;
    let mut ann = app.ann().await;
    let token = app.token(ANN).await;
    for round in 0..50 {
        assert!(is_accepted(&app, &token).await && is_accepted(&sibling, &token).await);
        let email = format!("ann-{round}@example.org");
        assert_eq!(ann.change_email(&email).await.status, StatusCode::OK);
        for each in [&app, &sibling] {
            assert_eq!(each.bearer(&token).get("/auth/me").await.json()["email"], email);
            assert_eq!(each.bearer(&token).get("/protected-route").await.text, email);
        }
    }
}

#[tokio::test]
async fn a_change_of_the_file_by_hand_counts_at_once() {
    let app = App::new().await;
    let token = app.ann().await;
    let database = app.outside().await;
    if let Outside::Postgres(_) = database {
        // On PostgreSQL each program that changes something must tell the nodes. SQL by hand does not.
        return;
    }
    let mut ann = token;
    for way in [
        "UPDATE users SET email = 'anna@example.org'",
        "UPDATE users SET disabled_at = 1",
        "UPDATE users SET disabled_at = NULL",
        "DELETE FROM sessions",
    ] {
        assert!(ann.get("/auth/me").await.status.is_success() || way.contains("NULL"));
        database.run(way).await;
        let answer = ann.get("/auth/me").await;
        if way.contains("anna") || way.contains("NULL") {
            assert_eq!(answer.json()["email"], "anna@example.org");
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{way}");
        }
    }
}

#[tokio::test]
async fn only_the_exact_token_works() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let refused = async |token: &str| {
        let answer = app.bearer(token).get("/auth/me").await;
        assert_eq!(
            (answer.status, &*answer.code()),
            (StatusCode::UNAUTHORIZED, "invalid_session"),
            "{token}"
        );
        assert!(answer.headers["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
        answer.text
    };
    let shape = refused("x").await;
    for length in 1..token.len() {
        assert_eq!(refused(&token[..length]).await, shape);
        assert_eq!(refused(&token[length..]).await, shape);
    }
    for position in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[position] =
            if bytes[position].is_ascii_alphabetic() { bytes[position] ^ 0x20 } else { bytes[position] ^ 1 };
        assert_eq!(refused(&String::from_utf8(bytes).unwrap()).await, shape);
    }
    for wrong in [
        format!("{token}="),
        format!("{token}=="),
        format!("{token} "),
        format!("\t{token}"),
        format!("{token}%00"),
        format!("{token}{token}"),
        format!("{token} {token}"),
        format!("{token},"),
        format!("\"{token}\""),
        token.replacen("dw_s_", "dw_r_", 1),
        token.to_uppercase(),
        format!("Bearer {token}"),
    ] {
        assert_eq!(refused(&wrong).await, shape);
    }
    assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_works_only_in_its_own_transport() {
    let app = App::new().await;
    app.register(ANN).await;
    let token = app.token(ANN).await;
    let browser = app.browser_of(ANN).await;
    let cookie = browser.cookies.values().next().unwrap();
    assert_eq!(app.bearer(cookie).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let mut thief = app.browser();
    thief.cookies.insert("doorward".into(), token);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn disabling_or_deleting_a_user_ends_their_sessions_at_once() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let id = app.register(ANN).await.to_string().parse::<doorward::UserId>().unwrap();
    let token = app.token(ANN).await;
    let mut browser = other.browser_of(ANN).await;
    assert!(app.disable_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.enable_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let token = other.token(ANN).await;
    let mut browser = other.browser_of(ANN).await;
    assert!(app.delete_user(id).await.unwrap());
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    // A new account with the same address does not revive the old token.
    app.register(ANN).await;
    assert_eq!(other.bearer(&token).get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_change_by_one_node_is_seen_by_the_other_at_once() {
    let one = App::new().await;
    let other = one.sibling(config()).await;
    let id = one.register(ANN).await;
    for round in 0..20 {
        let token = one.token(ANN).await;
        let mut ann = other.bearer(&token);
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        match round % 3 {
            0 => assert_eq!(one.bearer(&token).log_out().await.status, StatusCode::NO_CONTENT),
            1 => {
                assert!(one.disable_user(id.to_string().parse::<doorward::UserId>().unwrap()).await.unwrap())
            }
            _ => assert!(
                one.set_password(id.to_string().parse::<doorward::UserId>().unwrap(), PASSWORD)
                    .await
                    .unwrap()
            ),
        }
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED, "round {round}");
        assert!(other.enable_user(id.to_string().parse::<doorward::UserId>().unwrap()).await.unwrap());
    }
}
