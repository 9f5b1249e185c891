//! A session that was ended is never accepted again: not once, by nobody, however often it was looked up before.

use std::{pin::pin, time::Duration};

use axum::http::StatusCode;
use futures_util::future::{join_all, poll_immediate};
use tokio::task::yield_now;

use crate::app::{ANN, App, NEW_PASSWORD, Outside, PASSWORD, config};

/// Asks until the session is remembered.
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

/// The ways in which a session ends, or a user changes.
const WAYS: usize = 8;

/// Ends the session with `token` in one of [`WAYS`], through `app`.
async fn end(app: &App, email: &str, user: i64, token: &str, way: usize) {
    let mut user_of_token = app.bearer(token);
    let id = user.to_string().parse().unwrap();
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
            // The oldest is evicted: two are allowed.
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
async fn a_session_that_was_ended_in_whatever_way_is_accepted_by_nobody() {
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
async fn a_change_whose_request_was_given_up_is_known_everywhere_once_it_is_confirmed() {
    let app = App::new().await;
    let sibling = app.sibling(config()).await;
    app.ann().await;
    let mut given_up = 0;
    for round in 0..80 {
        let token = app.token(ANN).await;
        assert!(is_accepted(&app, &token).await && is_accepted(&sibling, &token).await);
        // The client goes away at some moment.
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
async fn what_changes_about_a_user_is_seen_at_once_and_everywhere() {
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
async fn what_an_operator_changes_in_the_file_by_hand_counts_at_once() {
    let app = App::new().await;
    let token = app.ann().await;
    let database = app.outside().await;
    if let Outside::Postgres(_) = database {
        // There the nodes are told by whoever changes something, and the command line does.
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
async fn a_session_that_is_remembered_runs_out_all_the_same() {
    let settings = doorward::Config {
        session_idle_timeout: Duration::from_secs(100),
        session_lifetime: Duration::from_secs(250),
        ..config()
    };
    let app = App::with(settings).await;
    app.stop_clock();
    let mut ann = app.ann().await;
    // Used often enough, until its time is over.
    for seconds in [0, 99, 99, 51] {
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        app.advance(Duration::from_secs(seconds));
    }
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    app.advance(Duration::from_secs(1));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);

    let mut ann = app.bearer(&app.token(ANN).await);
    for _ in 0..2 {
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
    app.advance(Duration::from_secs(100));
    assert_eq!(ann.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}
