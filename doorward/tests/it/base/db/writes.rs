//! On every database, acknowledged writes are never lost, and cancelled requests leave nothing half done.

use std::{
    future::poll_fn,
    io::{BufRead, BufReader, Write},
    pin::pin,
    process::{Command, Stdio},
    task::Poll,
};

use axum::http::StatusCode;
use doorward::{Config, config::PasswordConfig};
use futures_util::future::join_all;

use crate::{
    app::{ANN, App, Outside, PASSWORD, config, patient},
    waiting::until,
};

/// Settings in which hundreds of requests may wait for a hash at once.
fn crowded() -> Config {
    let password = PasswordConfig { hashing_queue: 10_000, ..config().password };
    Config { password, ..patient() }
}

#[tokio::test]
async fn concurrent_writes_on_two_nodes_lose_nothing() {
    let one = App::with(crowded()).await;
    let other = one.sibling(crowded()).await;
    one.register("taken@example.org").await;
    let registrations = (0..120).map(|number| {
        let (app, peer) = if number % 2 == 0 { (&one, &other) } else { (&other, &one) };
        async move {
            // Every third registration is refused. The others in the same commit must succeed.
            let taken = number % 3 == 0;
            let email = if taken { "taken@example.org".to_owned() } else { format!("u{number}@example.org") };
            let answer = app.anonymous().register(&email, PASSWORD).await;
            let expected = if taken { StatusCode::BAD_REQUEST } else { StatusCode::CREATED };
            assert_eq!(answer.status, expected, "{}", answer.text);
            if taken {
                return;
            }
            let token = app.token(&email).await;
            assert_eq!(peer.bearer(&token).get("/auth/me").await.json()["email"], *email);
            if number % 5 == 0 {
                let answer = app.bearer(&token).log_out().await;
                assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
            }
        }
    });
    join_all(registrations).await;
    let database = one.outside().await;
    assert_eq!(database.number("SELECT count(*) FROM users").await, 81);
    assert_eq!(database.number("SELECT count(*) FROM credentials").await, 81);
    let logged_out = (0..120).filter(|number| number % 3 != 0 && number % 5 == 0).count() as i64;
    assert_eq!(database.number("SELECT count(*) FROM sessions").await, 80 - logged_out);
}

/// Polls `future` up to `polls` times and drops it, as a server does when the client disconnects.
async fn give_up_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 || future.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        left -= 1;
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[tokio::test]
async fn cancelled_requests_leave_nothing_half_done() {
    let app = App::with(crowded()).await;
    app.register(ANN).await;
    for round in 0..10 {
        let requests = (0..100).map(|number| {
            let app = &app;
            async move {
                let mut actor = app.anonymous();
                let email = format!("u{round}.{number}@example.org");
                let polls = 1 + number % 14;
                if number % 2 == 0 {
                    give_up_after(polls, actor.register(&email, PASSWORD)).await;
                } else {
                    give_up_after(polls, actor.request_token(ANN, PASSWORD)).await;
                }
            }
        });
        join_all(requests).await;
    }
    // All connections are free again. A log-in needs the writer, or a connection of the pool.
    join_all((0..20).map(|_| app.token(ANN))).await;
    let database = app.outside().await;
    if matches!(database, Outside::Postgres(_)) {
        until("the last transaction ended", || async {
            let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                            AND state LIKE 'idle in transaction%'";
            database.number(open).await == 0
        })
        .await;
    }
    database.run("BEGIN; UPDATE users SET updated_at = updated_at; COMMIT").await;
    let half = "SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM credentials)";
    assert_eq!(database.number(half).await, 0);
    let some = database.number("SELECT count(*) FROM users").await;
    assert!(some > 1, "every request was cancelled before it did anything");
    assert!(some < 501, "no request was cancelled in time");
}

#[tokio::test]
async fn a_killed_program_loses_nothing_it_acknowledged() {
    let app = App::new().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "base::db::writes::program_that_is_killed", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", app.database).unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        if let Some((_, email)) = line.split_once("acknowledged ") {
            acknowledged.push(email.to_owned());
        }
        if acknowledged.len() == 60 {
            // Lines that it writes before it dies count too.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(acknowledged.len() >= 60, "{acknowledged:?}");
    // The next program that opens the file recovers it.
    let again = app.sibling(config()).await;
    for email in &acknowledged {
        assert!(again.find_user(email).await.unwrap().is_some(), "{email} was lost");
        again.token(email).await;
    }
    let database = app.outside().await;
    if matches!(database, Outside::Sqlite(_)) {
        database.assert_sound();
    }
}

/// The program that the test above starts and kills. Registers users and prints their addresses.
#[tokio::test]
#[ignore = "another test runs it"]
async fn program_that_is_killed() {
    let mut database = String::new();
    std::io::stdin().read_line(&mut database).unwrap();
    if database.is_empty() {
        return;
    }
    let app = App::on(database.trim(), crowded()).await;
    for round in 0.. {
        let registrations = (0..8).map(|number| {
            let app = &app;
            async move {
                let email = format!("u{round}.{number}@example.org");
                app.register(&email).await;
                println!("acknowledged {email}");
            }
        });
        join_all(registrations).await;
    }
}
