//! Guesses at the password of one account are counted before they are checked, and each has to wait longer.

use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use doorward::{
    Config,
    config::{LimitConfig, PasswordConfig},
    test_util::unstable::delete_old_attempts,
};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    app::{ANN, Answer, App, BOB, PASSWORD, WRONG, config, refusal},
    mail::mailbox::with_mail,
    waiting::until,
};

/// Settings in which the wait after the free guesses is longer than any test.
fn strict(free: u32) -> Config {
    let limit = LimitConfig {
        free_failures: free.try_into().unwrap(),
        first_delay: Duration::from_secs(600),
        ..LimitConfig::default()
    };
    Config { limit, ..config() }
}

async fn guess(app: &App, email: &str, password: &str) -> Answer {
    app.anonymous().request_token(email, password).await
}

/// The seconds to wait, from an answer that refuses a guess.
#[track_caller]
fn wait(answer: &Answer) -> u64 {
    assert_eq!((answer.status, &*answer.code()), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
    answer.retry_after()
}

/// Uses up the free guesses.
async fn block(app: &App, email: &str, free: usize) {
    for _ in 0..free {
        assert_eq!(guess(app, email, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    wait(&guess(app, email, PASSWORD).await);
}

#[tokio::test]
async fn after_five_wrong_guesses_the_wait_doubles_each_time() {
    let app = App::new().await;
    app.stop_clock();
    app.register(ANN).await;
    block(&app, ANN, 5).await;
    let mut total = 0;
    for delay in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let seconds = wait(&guess(&app, ANN, PASSWORD).await);
        // The wait is rounded up to whole seconds.
        assert!((delay..=delay + 1).contains(&seconds), "{seconds} for {delay}");
        // The wait holds for the correct password too.
        app.advance(Duration::from_secs(delay - 1));
        wait(&guess(&app, ANN, PASSWORD).await);
        app.advance(Duration::from_secs(2));
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED, "after {delay}");
        total += delay;
    }
    assert!(total > 2000);
    // The account is not locked for good. The correct password leaves the count of wrong ones.
    app.advance(Duration::from_secs(901));
    app.token(ANN).await;
    assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert!((900..=901).contains(&wait(&guess(&app, ANN, PASSWORD).await)));
}

#[tokio::test]
async fn a_few_wrong_guesses_are_forgotten_within_hours_and_many_within_days() {
    let app = App::new().await;
    app.register(ANN).await;
    for _ in 0..4 {
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    app.advance(Duration::from_secs(3601));
    block(&app, ANN, 5).await;
    app.advance(Duration::from_secs(24 * 3600));
    assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert!(wait(&guess(&app, ANN, WRONG).await) >= 2);
    app.advance(Duration::from_secs(48 * 3600 + 1));
    block(&app, ANN, 5).await;
}

#[tokio::test]
async fn every_route_and_every_spelling_counts_for_the_same_account() {
    let app = App::with(strict(10)).await;
    let ann = app.ann().await;
    let mut browser = app.browser();
    let login = |email: &str| json!({"email": email, "password": WRONG});
    assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(guess(&app, " ANN@Example.ORG ", WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(guess(&app, "ann@\u{ff45}xample\u{3002}org", WRONG).await.status, StatusCode::UNAUTHORIZED);
    for email in [ANN, "Ann@example.org", "ann@EXAMPLE.org "] {
        assert_eq!(browser.post("/auth/login", login(email)).await.status, StatusCode::UNAUTHORIZED);
    }
    for _ in 0..4 {
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    // These are ten guesses. Now every route is blocked, for the correct password too.
    wait(&guess(&app, ANN, PASSWORD).await);
    wait(&guess(&app, "ANN@EXAMPLE.ORG", PASSWORD).await);
    wait(&browser.log_in(ANN, PASSWORD).await);
    // The session of the user goes on, and other users can log in.
    assert!(ann.is_logged_in().await);
    app.user(BOB).await;
}

#[tokio::test]
async fn the_token_route_refuses_in_both_error_formats() {
    let app = App::with(strict(1)).await;
    block(&app, ANN, 1).await;
    let answer = guess(&app, ANN, WRONG).await;
    assert!((600..=601).contains(&wait(&answer)));
    let body = answer.json();
    assert_eq!(body["error"], "temporarily_unavailable");
    assert_eq!(body["error_description"], body["detail"]);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert!(!answer.headers.contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_refusal_does_not_tell_whether_an_account_exists() {
    let app = App::with(strict(3)).await;
    app.register(ANN).await;
    let disabled = app.register("disabled@example.org").await.to_string();
    app.disable_user(disabled.parse::<doorward::UserId>().unwrap()).await.unwrap();
    let without_time = |mut headers: HeaderMap| {
        headers.remove("retry-after");
        headers
    };
    let mut expected = None;
    for email in [ANN, "unknown@example.org", "disabled@example.org", "no address", "x"] {
        let mut answers = Vec::new();
        // Only the first three guesses are checked.
        for password in [WRONG, WRONG, "another", PASSWORD, WRONG] {
            answers.push(guess(&app, email, password).await);
            if answers.len() > 3 {
                answers.push(app.browser().log_in(email, WRONG).await);
            }
        }
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [401, 401, 401, 429, 429, 429, 429], "{email}");
        let answers: Vec<_> =
            answers.into_iter().map(|answer| (answer.text, without_time(answer.headers))).collect();
        assert_eq!(&answers, expected.get_or_insert_with(|| answers.clone()), "{email}");
    }
}

#[tokio::test]
async fn a_refusal_writes_nothing() {
    let app = App::with(strict(2)).await;
    app.register(ANN).await;
    block(&app, ANN, 2).await;
    let outside = app.outside().await;
    let state = "SELECT CAST(sum(count * 1000000 + delay + last_at + expires_at) AS BIGINT) FROM attempts";
    let before = outside.number(state).await;
    // A write would wait for this lock, and be refused in the end.
    outside.run("BEGIN; UPDATE attempts SET count = count; UPDATE users SET email = email").await;
    for _ in 0..20 {
        wait(&guess(&app, ANN, PASSWORD).await);
    }
    outside.run("COMMIT").await;
    assert_eq!(outside.number(state).await, before);
    assert_eq!(outside.number("SELECT count(*) FROM attempts").await, 1);
}

/// Sends 500 guesses at once, in turn to each node, and asserts that only `free` were checked. One of the last has the
/// correct password, and is refused.
async fn assert_checked(nodes: &[App], free: usize) {
    const GUESSES: usize = 500;
    // On a slow machine the delay would pass during the guesses.
    nodes.iter().for_each(|node| node.auth.stop_clock());
    let answers = join_all((0..GUESSES).map(async |number| {
        let password = if number == 400 { PASSWORD } else { WRONG };
        guess(&nodes[number % nodes.len()], ANN, password).await
    }));
    let answers = answers.await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!(answers[400].status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(count(StatusCode::UNAUTHORIZED), free);
    assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), GUESSES - free);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_guesses_do_not_exceed_the_limit() {
    for free in [1, 5, 10] {
        let app = App::with(strict(free)).await;
        app.register(ANN).await;
        assert_checked(&[app], free as usize).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_nodes_count_together() {
    let app = App::with(strict(10)).await;
    app.register(ANN).await;
    let nodes = [app.sibling(strict(10)).await, app.sibling(strict(10)).await, app];
    assert_checked(&nodes, 10).await;
}

#[tokio::test]
async fn counts_outlast_a_restart() {
    let app = App::with(strict(5)).await;
    app.register(ANN).await;
    for _ in 0..4 {
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    // The old node is not shut down.
    let restarted = app.sibling(strict(5)).await;
    assert_eq!(guess(&restarted, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    wait(&guess(&restarted, ANN, PASSWORD).await);
    wait(&guess(&app, ANN, PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_correct_log_ins_at_once_are_all_accepted() {
    let app = App::with(strict(2)).await;
    app.register(ANN).await;
    app.register(BOB).await;
    for _ in 0..3 {
        let wrong = app.anonymous().from("192.0.2.7").request_token(ANN, WRONG).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        let log_ins = (0..60).map(async |number| {
            let email = if number % 2 == 0 { ANN } else { BOB };
            app.anonymous().from("192.0.2.7").request_token(email, PASSWORD).await.status
        });
        assert_eq!(join_all(log_ins).await, [StatusCode::OK; 60]);
    }
}

#[tokio::test]
async fn a_guess_that_was_not_checked_is_not_counted() {
    const FREE: u32 = 12;
    let password =
        PasswordConfig { memory_kib: 48 * 1024, iterations: 4, hashing_queue: 1, ..config().password };
    let app = App::with(Config { password, ..strict(FREE) }).await;
    app.register(ANN).await;
    let flood = join_all((0..FREE).map(async |_| guess(&app, ANN, WRONG).await.status)).await;
    let count = |status| flood.iter().filter(|flood| **flood == status).count() as u32;
    let (wrong, unavailable) = (count(StatusCode::UNAUTHORIZED), count(StatusCode::SERVICE_UNAVAILABLE));
    assert!(wrong + unavailable == FREE && unavailable > 0, "{flood:?}");
    for _ in wrong..FREE {
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    wait(&guess(&app, ANN, WRONG).await);
}

#[tokio::test]
async fn a_clock_that_goes_back_does_not_change_the_wait() {
    for back in [1, 3600, 24 * 3600, 3650 * 24 * 3600] {
        let app = App::new().await;
        app.stop_clock();
        app.register(ANN).await;
        app.advance(Duration::from_secs(back));
        block(&app, ANN, 5).await;
        app.advance(Duration::from_secs(2));
        for _ in 0..4 {
            assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
            let seconds = wait(&guess(&app, ANN, WRONG).await);
            app.advance(Duration::from_secs(seconds));
        }
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
        let before = wait(&guess(&app, ANN, WRONG).await);
        assert!((32..=33).contains(&before), "{before}");
        let last_at = app.number("SELECT last_at FROM attempts").await;
        app.go_back(Duration::from_secs(back));
        let after = wait(&guess(&app, ANN, PASSWORD).await);
        if back > 10 {
            // This answer did not wait for the commit that moves the counter.
            let moved = || async { app.number("SELECT last_at FROM attempts").await < last_at };
            until("the counter is moved back", moved).await;
        }
        assert!((before - 1..=before + 1).contains(&after), "{after} after {before}");
        app.advance(Duration::from_secs(after - 2));
        wait(&guess(&app, ANN, PASSWORD).await);
        app.advance(Duration::from_secs(3));
        app.token(ANN).await;
    }
}

#[tokio::test]
async fn counts_from_a_clock_that_ran_ahead_are_deleted_in_time() {
    let app = App::with(strict(2)).await;
    app.advance(Duration::from_secs(3650 * 24 * 3600));
    block(&app, ANN, 2).await;
    assert_eq!(guess(&app, BOB, WRONG).await.status, StatusCode::UNAUTHORIZED);
    app.go_back(Duration::from_secs(3650 * 24 * 3600));
    assert_eq!(delete_old_attempts(&app, 100).await.unwrap(), 0);
    app.advance(Duration::from_secs(48 * 3600 + 2));
    assert_eq!(delete_old_attempts(&app, 100).await.unwrap(), 2);
}

#[tokio::test]
async fn old_counts_are_deleted_in_batches_and_current_ones_stay() {
    let app = App::with(strict(2)).await;
    for number in 0..25 {
        guess(&app, &format!("u{number}@example.org"), WRONG).await;
    }
    block(&app, ANN, 2).await;
    assert_eq!(delete_old_attempts(&app, 10).await.unwrap(), 0);
    app.advance(Duration::from_secs(3601));
    guess(&app, BOB, WRONG).await;
    for expected in [10, 10, 5, 0] {
        assert_eq!(delete_old_attempts(&app, 10).await.unwrap(), expected);
    }
    let outside = app.outside().await;
    assert_eq!(outside.number("SELECT count(*) FROM attempts").await, 2);
}

#[tokio::test]
async fn a_new_address_does_not_reset_the_counter() {
    let app = App::with(Config { limit: strict(3).limit, ..with_mail() }).await;
    let mut ann = app.ann().await;
    app.verify(ANN).await;
    let new = "ann@example.com";
    assert_eq!(ann.change_email(new).await.status, StatusCode::ACCEPTED);
    let link = json!({"token": app.newest_mail(new).await.token("confirm-email")});
    // The guesses at the old address and at the new one add up.
    for (email, times) in [(ANN, 2), (new, 1)] {
        for _ in 0..times {
            assert_eq!(guess(&app, email, WRONG).await.status, StatusCode::UNAUTHORIZED);
        }
    }
    let answer = app.anonymous().post("/auth/confirm-email", link).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(guess(&app, new, WRONG).await.status, StatusCode::UNAUTHORIZED);
    wait(&guess(&app, new, PASSWORD).await);
}

#[tokio::test]
async fn a_refused_change_of_address_moves_no_counter() {
    let app = App::with(strict(3)).await;
    let mut ann = app.ann().await;
    app.register(BOB).await;
    for _ in 0..2 {
        assert_eq!(guess(&app, ANN, WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    let answer = ann.change_email(BOB).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    app.token(BOB).await;
}

#[tokio::test]
async fn setting_a_password_unblocks_the_account() {
    let app = App::with(strict(2)).await;
    let id = app.register(ANN).await.to_string();
    block(&app, ANN, 2).await;
    assert!(app.set_password(id.parse::<doorward::UserId>().unwrap(), PASSWORD).await.unwrap());
    app.token(ANN).await;
}

#[tokio::test]
async fn another_spelling_of_a_route_does_not_bypass_the_limit() {
    let app = App::with(strict(2)).await;
    app.register(ANN).await;
    let form = format!("username={ANN}&password={WRONG}");
    let sends = async |path: &str| {
        let media = Some("application/x-www-form-urlencoded");
        app.anonymous().send(Method::POST, path, media, form.clone()).await.status
    };
    for path in [
        "/auth//token",
        "//auth/token",
        "/auth/token/",
        "/auth/TOKEN",
        "/auth/%74oken",
        "/auth/./token",
        "/auth/x/../token",
        "/auth/token;x",
        "/auth/token%00",
        "/auth/token%2f",
        "/auth/token.json",
    ] {
        assert_eq!(sends(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(sends("/auth/token?x").await, StatusCode::UNAUTHORIZED);
    assert_eq!(sends("/auth/token?x=1&y").await, StatusCode::UNAUTHORIZED);
    assert_eq!(sends("/auth/token").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sends("/auth/token?x").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn impossible_limits_are_refused() {
    for (first, longest, told) in [
        (0, 900, "limit.first_delay: expected at least 1s"),
        (60, 59, "limit.longest_delay: expected at least the first_delay"),
        (1, 24 * 3600 + 1, "limit.longest_delay: expected at most 24h"),
    ] {
        let limit = LimitConfig {
            first_delay: Duration::from_secs(first),
            longest_delay: Duration::from_secs(longest),
            ..LimitConfig::default()
        };
        let refused = refusal(Config { limit, ..config() }).await;
        assert!(refused.contains(told), "{refused}");
    }
}
