//! Strangers who guess at an account do not keep its owner out, and do not learn that it has one.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::LimitConfig};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    accounts::event::all,
    app::{ANN, Actor, Answer, App, BOB, NEW_PASSWORD, PASSWORD, WRONG, config},
    mail::mailbox::with_mail,
};

const NOBODY: &str = "nobody@example.org";

/// The address of the owner's client.
const HOME: &str = "192.0.2.1";

/// Settings in which the wait after the free guesses is longer than any test.
fn strict(config: Config) -> Config {
    let limit = LimitConfig { first_delay: Duration::from_secs(600), ..LimitConfig::default() };
    Config { limit, ..config }
}

/// A guess from an address that no other guess comes from.
async fn guess(app: &App, email: &str, number: usize) -> Answer {
    let from = format!("198.51.{}.{}", number / 250, number % 250);
    app.anonymous().from(&from).request_token(email, WRONG).await
}

/// The statuses of some guesses of strangers, and the seconds that a refusal names.
async fn answers(app: &App, email: &str, numbers: std::ops::Range<usize>) -> Vec<(StatusCode, Option<u64>)> {
    let mut answers = Vec::new();
    for number in numbers {
        let answer = guess(app, email, number).await;
        let wait = answer.headers.contains_key("retry-after").then(|| answer.retry_after());
        answers.push((answer.status, wait));
    }
    answers
}

async fn log_in(mut client: Actor<'_>, email: &str, password: &str) -> StatusCode {
    client.log_in(email, password).await.status
}

#[tokio::test]
async fn what_an_owner_does_changes_nothing_for_strangers() {
    let app = App::with(with_mail()).await;
    app.stop_clock();
    app.add_verified(ANN).await;
    app.add_verified(BOB).await;
    let mut browser = app.browser_of(ANN).await;
    // One thing after another that an owner does between the guesses of strangers.
    for (round, before) in [(0, 4), (1, 5), (2, 7), (3, 8), (4, 4)] {
        app.advance(Duration::from_secs(49 * 3600));
        let mut session = app.bearer(&app.token(ANN).await);
        let mut seen = Vec::new();
        for email in [ANN, BOB, NOBODY] {
            for number in 0..before {
                if number >= 5 {
                    app.advance(Duration::from_secs(2_u64.pow(number - 5) + 1));
                }
                assert_eq!(guess(&app, email, number as usize).await.status, StatusCode::UNAUTHORIZED);
            }
            app.advance(Duration::from_secs(if before > 5 { 2_u64.pow(before - 5) + 1 } else { 0 }));
            if email == ANN {
                match round {
                    0 => drop(app.anonymous().from(HOME).request_token(ANN, PASSWORD).await.token()),
                    1 => assert_eq!(log_in(browser.clone(), ANN, PASSWORD).await, StatusCode::OK),
                    2 => {
                        let wrong = json!({"current_password": WRONG});
                        assert_eq!(session.delete("/auth/me", Some(wrong)).await.code(), "wrong_password");
                        assert_eq!(log_in(app.browser().from(HOME), ANN, PASSWORD).await, StatusCode::OK);
                    }
                    3 => {
                        browser.log_in(ANN, WRONG).await;
                        let changed = session.change_password(PASSWORD, PASSWORD).await;
                        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
                    }
                    _ => {
                        app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
                        let mail = app.newest_mail(ANN).await;
                        let wrong = json!({"email": ANN, "code": "AAAA-AAAA", "new_password": NEW_PASSWORD});
                        let wrong = app.anonymous().from(HOME).post("/auth/reset-password", wrong).await;
                        wrong.assert_invalid_link();
                        let code = json!({"email": ANN, "code": mail.code(), "new_password": NEW_PASSWORD});
                        let mut owner = app.browser().from(HOME);
                        let reset = owner.post("/auth/reset-password", code).await;
                        assert_eq!(reset.status, StatusCode::NO_CONTENT, "{}", reset.text);
                        assert_eq!(log_in(owner, ANN, NEW_PASSWORD).await, StatusCode::OK);
                    }
                }
            }
            seen.push(answers(&app, email, 20..24).await);
        }
        assert_eq!(seen[0], seen[1], "round {round}");
        assert_eq!(seen[0], seen[2], "round {round}");
        let checked = seen[0].iter().filter(|(status, _)| *status == StatusCode::UNAUTHORIZED).count();
        assert!(checked < 4, "strangers are not limited: {seen:?}");
    }
}

#[tokio::test]
async fn a_person_who_mistypes_and_then_succeeds_starts_anew() {
    let app = App::with(strict(config())).await;
    app.register(ANN).await;
    let client = || app.anonymous().from(HOME);
    // This client has no cookie and sends no device token.
    for _ in 0..10 {
        for _ in 0..4 {
            assert_eq!(client().request_token(ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(client().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    }
    // Its own attempts are limited too, and strangers have those that it left them.
    for _ in 0..5 {
        assert_eq!(client().request_token(ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(client().request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(guess(&app, ANN, 1).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(guess(&app, ANN, 2).await.status, StatusCode::TOO_MANY_REQUESTS);
    // Strangers who block the account do not touch it.
    app.advance(Duration::from_secs(1300));
    assert_eq!(client().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    for number in 3..9 {
        guess(&app, ANN, number).await;
    }
    assert_eq!(client().request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    // After an hour without a success, the client is a stranger again.
    app.advance(Duration::from_secs(3601));
    for number in 9..12 {
        guess(&app, ANN, number).await;
    }
    assert_eq!(client().request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_guesses_of_a_client_with_its_own_counter_do_not_exceed_it() {
    let app = App::with(strict(config())).await;
    let nodes = [app.sibling(strict(config())).await, app.sibling(strict(config())).await];
    app.register(ANN).await;
    nodes.iter().chain([&app]).for_each(|node| node.auth.stop_clock());
    let client = |node: usize| [&nodes[0], &nodes[1], &app][node % 3].anonymous().from(HOME);
    assert_eq!(client(2).request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    let guesses =
        join_all((0..200).map(async |number| client(number).request_token(ANN, WRONG).await.status));
    let guesses = guesses.await;
    let checked = guesses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(checked, 5, "{guesses:?}");
}

#[tokio::test]
async fn after_a_reset_by_mail_the_same_client_gets_in_without_a_cookie() {
    let app = App::with(strict(with_mail())).await;
    app.add_verified(ANN).await;
    answers(&app, ANN, 0..20).await;
    let home = || app.anonymous().from(HOME);
    assert_eq!(log_in(home(), ANN, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    home().post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    // A link that does not work earns nothing.
    let reset = |token: &str| json!({"token": token, "new_password": NEW_PASSWORD});
    app.anonymous()
        .from("192.0.2.2")
        .post("/auth/reset-password", reset("dw_r_x"))
        .await
        .assert_invalid_link();
    assert_eq!(home().post("/auth/reset-password", reset(&token)).await.status, StatusCode::NO_CONTENT);
    answers(&app, ANN, 20..40).await;
    for _ in 0..3 {
        assert_eq!(log_in(home(), ANN, NEW_PASSWORD).await, StatusCode::OK);
    }
    // Others behind the same address have used up its attempts.
    for number in 0..40 {
        home().request_token(&format!("u{number}@example.org"), WRONG).await;
    }
    assert_eq!(log_in(home(), ANN, NEW_PASSWORD).await, StatusCode::OK);
    // Nobody else gets in, and this client has five guesses.
    assert_eq!(
        log_in(app.anonymous().from("192.0.2.2"), ANN, NEW_PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(log_in(app.anonymous(), ANN, NEW_PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..5 {
        assert_eq!(log_in(home(), ANN, PASSWORD).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(log_in(home(), ANN, NEW_PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn strangers_do_not_keep_a_person_inside_a_session_from_confirming() {
    let app = App::with(strict(config())).await;
    let mut ann = app.ann().await.from(HOME);
    answers(&app, ANN, 0..20).await;
    // Others behind the same address have used up its attempts too.
    for number in 0..40 {
        app.anonymous().from(HOME).request_token(&format!("u{number}@example.org"), WRONG).await;
    }
    assert_eq!(ann.change_password(PASSWORD, NEW_PASSWORD).await.status, StatusCode::OK);
    assert_eq!(ann.delete_account(NEW_PASSWORD).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_stolen_session_has_few_guesses_and_takes_none_from_others() {
    let app = App::with(strict(config())).await;
    app.stop_clock();
    let mut thief = app.ann().await.from(HOME);
    let owner = app.browser_of(ANN).await;
    let delete = json!({"current_password": WRONG});
    let routes = async |actor: &mut Actor<'_>, number: usize| match number % 3 {
        0 => actor.delete("/auth/me", Some(delete.clone())).await,
        1 => actor.change_password(WRONG, NEW_PASSWORD).await,
        _ => actor.patch("/auth/me", json!({"email": BOB, "current_password": WRONG})).await,
    };
    for number in 0..5 {
        assert_eq!(routes(&mut thief, number).await.code(), "wrong_password");
    }
    for number in 0..6 {
        assert_eq!(routes(&mut thief, number).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    // The correct password is refused there too. Another address does not help.
    let mut moved = thief.clone().from("192.0.2.77");
    assert_eq!(moved.delete_account(PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    // The owner confirms in another session, and strangers have their own attempts.
    let mut owner_session = owner.clone();
    let exported = owner_session.form("/auth/account/data", &[("password", PASSWORD)]).await;
    assert_eq!(exported.status, StatusCode::OK, "{}", exported.text);
    let seen = answers(&app, ANN, 0..6).await;
    assert_eq!(seen, answers(&app, NOBODY, 0..6).await);
    assert!(seen[..5].iter().all(|(status, _)| *status == StatusCode::UNAUTHORIZED));
    // A confirmed password begins anew.
    app.advance(Duration::from_secs(601));
    let changed = thief.change_password(PASSWORD, NEW_PASSWORD).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    for number in [0, 1, 0, 1, 0] {
        assert_eq!(routes(&mut thief, number).await.code(), "wrong_password");
    }
}

#[tokio::test]
async fn strangers_do_not_keep_an_owner_from_a_code() {
    let app = App::with(strict(with_mail())).await;
    app.add_verified(ANN).await;
    answers(&app, ANN, 0..20).await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let code = app.newest_mail(ANN).await.code();
    let reset = json!({"email": ANN, "code": code, "new_password": NEW_PASSWORD});
    assert_eq!(app.anonymous().post("/auth/reset-password", reset).await.status, StatusCode::NO_CONTENT);
}

/// Settings in which strangers may try again at once, up to the hundredth time.
fn hasty(config: Config) -> Config {
    let limit = LimitConfig {
        first_delay: Duration::from_secs(1),
        longest_delay: Duration::from_secs(10),
        ..LimitConfig::default()
    };
    Config { limit, ..config }
}

/// Guesses a hundred times. Every guess is checked.
async fn hundred(app: &App, email: &str) {
    for number in 0..100 {
        assert_eq!(guess(app, email, number).await.status, StatusCode::UNAUTHORIZED, "{number}");
        app.advance(Duration::from_secs(12));
    }
}

#[tokio::test]
async fn after_a_hundred_wrong_guesses_the_password_alone_opens_no_account_with_a_mail() {
    let app = App::with(hasty(Config { require_verified_email: Some(false), ..with_mail() })).await;
    app.stop_clock();
    app.add_verified(ANN).await;
    app.add(BOB).await;
    let mut known = app.browser_of(ANN).await;
    let mut answers = Vec::new();
    for email in [ANN, BOB, NOBODY] {
        hundred(&app, email).await;
        // The next attempt is due, and wrong.
        let wrong = guess(&app, email, 150).await;
        assert_eq!((wrong.status, wrong.retry_after()), (StatusCode::TOO_MANY_REQUESTS, 11), "{email}");
        // This one is not due.
        let early = guess(&app, email, 151).await;
        assert_eq!((early.status, early.retry_after()), (StatusCode::TOO_MANY_REQUESTS, 11), "{email}");
        assert_eq!((&wrong.text, &wrong.headers), (&early.text, &early.headers), "{email}");
        app.advance(Duration::from_secs(12));
        answers.push((wrong.text, wrong.headers));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // The correct password of a verified account gets the same answer as a wrong one, and counts the same.
    let right = app.anonymous().request_token(ANN, PASSWORD).await;
    assert_eq!((right.text, right.headers), answers[0]);
    assert_eq!(guess(&app, ANN, 152).await.status, StatusCode::TOO_MANY_REQUESTS);
    // An owner who cannot be reached by mail gets in after the longest delay.
    app.token(BOB).await;
    // A known device gets in, and so does a mail.
    assert_eq!(known.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    app.anonymous().post("/auth/login-attempt", json!({"email": ANN})).await;
    let link = app.newest_mail(ANN).await.token("login");
    let with_link = json!({"email": ANN, "password": PASSWORD, "attempt_token": link});
    assert_eq!(app.browser().post("/auth/login", with_link).await.status, StatusCode::OK);
    app.mails().await;
    app.anonymous().post("/auth/forgot-password", json!({"email": ANN})).await;
    let token = app.newest_mail(ANN).await.token("reset-password");
    let mut reader = app.browser();
    reader.post("/auth/reset-password", json!({"token": token, "new_password": NEW_PASSWORD})).await;
    assert_eq!(reader.log_in(ANN, NEW_PASSWORD).await.status, StatusCode::OK);
    // Both events are for the operator.
    let limits: Vec<_> =
        all(&app).await.iter().filter_map(|event| event.detail.get("limit").cloned()).collect();
    assert_eq!(limits.iter().filter(|limit| *limit == "strangers").count(), 3, "{limits:?}");
}

#[tokio::test]
async fn without_mail_an_owner_gets_in_after_the_longest_delay_or_by_an_operator() {
    let app = App::with(hasty(config())).await;
    app.stop_clock();
    app.add_verified(ANN).await;
    hundred(&app, ANN).await;
    let wrong = guess(&app, ANN, 150).await;
    assert_eq!((wrong.status, wrong.retry_after()), (StatusCode::TOO_MANY_REQUESTS, 11));
    app.advance(Duration::from_secs(11));
    app.token(ANN).await;
    guess(&app, ANN, 151).await;
    assert_eq!(log_in(app.browser(), ANN, PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    let id = app.id_of(ANN).await;
    assert!(app.unlock_user(id).await.unwrap());
    app.token(ANN).await;
    // Strangers start anew.
    assert_eq!(answers(&app, ANN, 160..166).await, answers(&app, NOBODY, 160..166).await);
}

#[tokio::test]
async fn unlocking_also_frees_the_devices_and_clients_of_a_user() {
    let app = App::with(strict(config())).await;
    app.register(ANN).await;
    let mut known = app.browser_of(ANN).await;
    let mut program = app.anonymous().from(HOME);
    program.request_token(ANN, PASSWORD).await;
    for _ in 0..5 {
        known.log_in(ANN, WRONG).await;
        program.request_token(ANN, WRONG).await;
    }
    assert_eq!(known.log_in(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(app.unlock_user(app.id_of(ANN).await).await.unwrap());
    assert_eq!(known.log_in(ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(program.request_token(ANN, PASSWORD).await.status, StatusCode::OK);
    assert!(!app.unlock_user("17".parse::<doorward::UserId>().unwrap()).await.unwrap());
}

#[tokio::test]
async fn a_limit_that_is_changed_while_attempts_are_counted_holds_at_once() {
    let with = |per_address: u32, free: u32| {
        let limit = LimitConfig {
            failures_per_address: per_address.try_into().unwrap(),
            free_failures: free.try_into().unwrap(),
            first_delay: Duration::from_secs(600),
            ..LimitConfig::default()
        };
        Config { limit, ..config() }
    };
    let app = App::with(with(30, 5)).await;
    app.stop_clock();
    for number in 0..10 {
        let from = app.anonymous().from(HOME).request_token(&format!("u{number}@example.org"), WRONG).await;
        assert_eq!(from.status, StatusCode::UNAUTHORIZED);
    }
    for number in 0..4 {
        assert_eq!(guess(&app, ANN, number).await.status, StatusCode::UNAUTHORIZED);
    }
    for (per_address, free, expected) in [
        (10, 4, StatusCode::TOO_MANY_REQUESTS),
        (3, 2, StatusCode::TOO_MANY_REQUESTS),
        (1, 1, StatusCode::TOO_MANY_REQUESTS),
        (100, 100, StatusCode::UNAUTHORIZED),
    ] {
        let node = app.sibling(with(per_address, free)).await;
        let answer = node.anonymous().from(HOME).request_token("v@example.org", WRONG).await;
        assert_eq!(answer.status, expected, "{per_address}: {}", answer.text);
        assert_eq!(guess(&node, ANN, 50).await.status, expected, "{free}");
    }
    // The first node still has its own settings.
    assert_eq!(guess(&app, ANN, 51).await.status, StatusCode::TOO_MANY_REQUESTS);
}
