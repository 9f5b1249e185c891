//! PostgreSQL: locked tables and rows, and servers that stall, become read-only or die.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use futures_util::future::{join, join_all};

use crate::{
    app::{ANN, Answer, App, BOB, Outside, PASSWORD, config, patient, postgres_server},
    base::db::postgres::cluster::{Cluster, Stalled},
    waiting::{promptly, until},
};

async fn register(app: &App, email: &str) -> Answer {
    promptly(app.anonymous().register(email, PASSWORD)).await
}

async fn log_in(app: &App, email: &str) -> Answer {
    promptly(app.anonymous().request_token(email, PASSWORD)).await
}

/// An application, and a connection to its database.
async fn app() -> Option<(App, Outside)> {
    postgres_server()?;
    let app = App::new().await;
    let outside = app.outside().await;
    Some((app, outside))
}

const CONNECTIONS: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'doorward'";

/// Asserts that no idle transaction is left open.
async fn assert_nothing_is_open(outside: &Outside) {
    until("every transaction ended", || async {
        outside.number(&format!("{CONNECTIONS} AND state LIKE 'idle in transaction%'")).await == 0
    })
    .await;
}

#[tokio::test]
async fn a_locked_table_is_answered_in_time_with_few_connections() {
    let Some((app, outside)) = app().await else { return };
    let (ann, mut bob) = (app.ann().await, app.user(BOB).await);
    outside.run("BEGIN; LOCK TABLE sessions").await;
    let done = Cell::new(false);
    // Requests keep coming while the first ones time out.
    let begun = Instant::now();
    let look_ups = join_all((0..250_u64).map(|number| {
        let mut ann = ann.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(number * 20)).await;
            let left = Duration::from_millis(5500).saturating_sub(begun.elapsed());
            let answer = promptly(ann.get("/auth/me")).await;
            if left > Duration::from_secs(5) || answer.status != StatusCode::OK {
                answer.assert_unavailable();
            }
        }
    }));
    let others = async {
        // Bob's log-out must not succeed after the lock is gone.
        let log_out = promptly(bob.log_out());
        let (token, left) = join(log_in(&app, ANN), log_out).await;
        token.assert_unavailable();
        left.assert_unavailable();
    };
    let unharmed = async {
        // Registrations do not need that table.
        let mut number = 0;
        while !done.get() {
            assert_eq!(app.anonymous().get("/auth/healthz").await.status, StatusCode::OK);
            let begun = Instant::now();
            let answer = register(&app, &format!("u{number}@example.org")).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            assert!(begun.elapsed() < Duration::from_secs(4));
            number += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let lock = async {
        tokio::time::sleep(Duration::from_millis(5500)).await;
        let connections = outside.number(CONNECTIONS).await;
        assert!(connections <= 30, "{connections} connections are open");
        outside.run("ROLLBACK").await;
    };
    tokio::join!(
        async {
            tokio::join!(look_ups, others);
            done.set(true);
        },
        unharmed,
        lock
    );
    assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(log_in(&app, ANN).await.status, StatusCode::OK);
    assert_nothing_is_open(&outside).await;
}

#[tokio::test]
async fn a_locked_row_delays_no_other_user() {
    let Some((app, outside)) = app().await else { return };
    let mut ann = app.ann().await;
    let mut bob = app.user(BOB).await;
    outside
        .run("BEGIN; UPDATE sessions SET ip = ip WHERE user_id = (SELECT id FROM users WHERE email = 'ann@example.org')")
        .await;
    // From now on each use of Ann's session should be noted in the locked row.
    app.advance(Duration::from_secs(120));
    for _ in 0..8 {
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
    }
    until("the notes wait for the lock", || async {
        outside.number(&format!("{CONNECTIONS} AND wait_event_type = 'Lock'")).await > 0
    })
    .await;
    for _ in 0..20 {
        let begun = Instant::now();
        assert_eq!(bob.get("/auth/me").await.status, StatusCode::OK);
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    }
    outside.run("ROLLBACK").await;
    assert_eq!(promptly(ann.log_out()).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn when_every_transaction_waits_new_ones_are_refused_in_time() {
    let Some((app, outside)) = app().await else { return };
    let ann = app.ann().await;
    outside.run("BEGIN; LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").await;
    let registrations = join_all((0..24).map(|number| {
        let app = &app;
        async move {
            // Some requests arrive shortly before connections become free. Their time limit began on arrival.
            tokio::time::sleep(Duration::from_millis(number % 3 * 1200)).await;
            register(app, &format!("u{number}@example.org")).await.assert_unavailable();
        }
    }));
    let refused = Cell::new(false);
    let look_ups = async {
        while !refused.get() {
            assert_eq!(ann.clone().get("/auth/me").await.status, StatusCode::OK);
            assert_eq!(app.anonymous().get("/auth/readyz").await.status, StatusCode::OK);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    join(
        async {
            registrations.await;
            refused.set(true);
        },
        look_ups,
    )
    .await;
    outside.run("ROLLBACK").await;
    until("requests succeed again", || async {
        register(&app, "eve@example.org").await.status == StatusCode::CREATED
    })
    .await;
    assert_nothing_is_open(&outside).await;
    assert_eq!(outside.number("SELECT count(*) FROM users").await, 2);
}

#[tokio::test]
async fn a_read_only_server_is_not_used_until_it_writes_again() {
    let Some((app, outside)) = app().await else { return };
    let mut ann = app.ann().await;
    let name = app.database.rsplit('/').next().unwrap().split('?').next().unwrap();
    outside.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let break_all =
        format!("SELECT pg_terminate_backend(pid) FROM ({CONNECTIONS}) AS ours").replace("count(*)", "pid");
    outside.run(&break_all).await;
    until("the server is read-only", || async {
        register(&app, BOB).await.status != StatusCode::CREATED
            && ann.clone().get("/auth/me").await.status == StatusCode::OK
    })
    .await;
    for _ in 0..3 {
        register(&app, BOB).await.assert_unavailable();
        log_in(&app, ANN).await.assert_unavailable();
        ann.log_out().await.assert_unavailable();
        assert_eq!(ann.get("/auth/me").await.status, StatusCode::OK);
        app.anonymous().get("/auth/readyz").await.assert_unavailable();
    }
    let error = crate::app::opened(&app.database, config()).await.unwrap_err().to_string();
    assert!(error.contains("read-only") && error.lines().count() == 1, "{error}");
    outside.run(&format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    until("the server writes again", || async {
        ann.clone().log_out().await.status == StatusCode::NO_CONTENT
    })
    .await;
    until("the server writes again", || async { log_in(&app, ANN).await.status == StatusCode::OK }).await;
    until("the server is ready again", || async {
        app.anonymous().get("/auth/readyz").await.status == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn a_server_that_becomes_read_only_is_noticed_without_a_write() {
    let Some(cluster) = Cluster::start() else { return };
    let app = App::on(&cluster.url(), config()).await;
    app.register(ANN).await;
    let ready = async || app.anonymous().get("/auth/readyz").await.status;
    assert_eq!(ready().await, StatusCode::OK);
    let outside = app.outside().await;
    outside.run("ALTER SYSTEM SET default_transaction_read_only = on").await;
    let reload = "SELECT CAST(pg_reload_conf() AS INTEGER)::BIGINT";
    outside.number(reload).await;
    until("the server is not ready", || async { ready().await == StatusCode::SERVICE_UNAVAILABLE }).await;
    outside.run("SET default_transaction_read_only = off").await;
    outside.run("ALTER SYSTEM RESET default_transaction_read_only").await;
    outside.number(reload).await;
    until("the server is ready again", || async { ready().await == StatusCode::OK }).await;
    log_in(&app, ANN).await.token();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_that_was_acknowledged() {
    let Some(cluster) = Cluster::start() else { return };
    // Guesses that cannot be checked stay counted, so there is no limit here.
    let app = App::on(&cluster.url(), patient()).await;
    let ann = app.ann().await;
    let (counter, succeeded, over) = (AtomicU32::new(0), AtomicU32::new(0), Cell::new(false));
    let clients = join_all((0..6).map(|client| {
        let (app, counter, succeeded, over) = (&app, &counter, &succeeded, &over);
        let mut ann = ann.clone();
        async move {
            let (mut people, mut tokens) = (Vec::new(), Vec::new());
            while !over.get() {
                let email = format!("u{client}.{}@example.org", counter.fetch_add(1, Ordering::Relaxed));
                let registered = register(app, &email).await;
                let token = log_in(app, ANN).await;
                let me = promptly(ann.get("/auth/me")).await;
                if registered.status == StatusCode::CREATED && token.status == StatusCode::OK {
                    succeeded.fetch_add(1, Ordering::Relaxed);
                }
                match registered.status {
                    StatusCode::CREATED => people.push(email),
                    _ => registered.assert_unavailable(),
                }
                match token.status {
                    StatusCode::OK => {
                        tokens.push(token.token());
                    }
                    _ => token.assert_unavailable(),
                }
                if me.status != StatusCode::OK {
                    me.assert_unavailable();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            (people, tokens)
        }
    }));
    let operator = async {
        for _ in 0..2 {
            let before = succeeded.load(Ordering::Relaxed);
            until("requests succeed", || async { succeeded.load(Ordering::Relaxed) > before + 20 }).await;
            cluster.crash_and_restart().await;
            let (back, before) = (Instant::now(), succeeded.load(Ordering::Relaxed));
            until("requests succeed again", || async { succeeded.load(Ordering::Relaxed) > before }).await;
            assert!(back.elapsed() < Duration::from_secs(10), "it took {:?} to recover", back.elapsed());
        }
        over.set(true);
    };
    let (kept, ()) = join(clients, operator).await;
    for (people, tokens) in kept {
        for email in people {
            assert!(app.find_user(&email).await.unwrap().is_some(), "{email} was lost");
        }
        // An account keeps only its last hundred sessions.
        for token in tokens.iter().rev().take(10) {
            assert_eq!(app.bearer(token).get("/auth/me").await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn stalled_backends_are_replaced() {
    let Some(cluster) = Cluster::start() else { return };
    // Guesses that cannot be checked stay counted, so there is no limit here.
    let app = App::on(&cluster.url(), patient()).await;
    let ann = app.ann().await;
    // All connections that are allowed are open and were used.
    for token in join_all((0..24).map(|_| app.token(ANN))).await {
        assert_eq!(app.bearer(&token).get("/auth/me").await.status, StatusCode::OK);
        assert_eq!(app.bearer(&token).log_out().await.status, StatusCode::NO_CONTENT);
    }
    let outside = Outside::of(&cluster.url()).await;
    let mut backends = Vec::new();
    for offset in 0..outside.number(CONNECTIONS).await {
        let pid = CONNECTIONS.replace("count(*)", "pid::bigint");
        backends.push(outside.number(&format!("{pid} ORDER BY pid OFFSET {offset} LIMIT 1")).await);
    }
    let stalled = Stalled::stop(backends);
    let look_ups = join_all((0..8).map(|_| async { promptly(ann.clone().get("/auth/me")).await }));
    let log_ins = join_all((0..8).map(|_| log_in(&app, ANN)));
    let log_out = promptly(async { ann.clone().log_out().await });
    let (look_ups, _, left) = tokio::join!(look_ups, log_ins, log_out);
    look_ups.iter().for_each(Answer::assert_unavailable);
    left.assert_unavailable();
    // New backends replace the stalled ones.
    until("look-ups are answered", || async { ann.clone().get("/auth/me").await.status == StatusCode::OK })
        .await;
    until("log-ins are answered", || async { log_in(&app, ANN).await.status == StatusCode::OK }).await;
    drop(stalled);
    join_all((0..8).map(|_| app.token(ANN))).await;
    assert_nothing_is_open(&outside).await;
}

#[tokio::test]
async fn a_log_in_does_not_delay_others_from_the_same_address() {
    let Some((app, outside)) = app().await else { return };
    let token = |email: &'static str, password: &'static str| {
        let mut client = app.anonymous().from("192.0.2.1");
        async move { client.request_token(email, password).await }
    };
    app.add_user(ANN, PASSWORD).await.unwrap();
    app.add_user(BOB, PASSWORD).await.unwrap();
    assert_eq!(token(BOB, PASSWORD).await.status, StatusCode::OK);
    // Ann's transaction waits for this lock after her password was checked.
    outside.run("BEGIN; LOCK TABLE devices").await;
    let (ann, bob) = join(token(ANN, PASSWORD), async {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND datname = current_database()";
        until("Ann waits for the lock", || async { outside.number(waiting).await > 0 }).await;
        let bob = promptly(token(BOB, "a wrong password")).await;
        outside.run("COMMIT").await;
        bob
    })
    .await;
    assert_eq!((ann.status, bob.status), (StatusCode::OK, StatusCode::UNAUTHORIZED));
    // Only his guess is counted, by the counter that his log-in has earned.
    assert_eq!(outside.number("SELECT sum(count)::bigint FROM attempts").await, 1);
    assert_nothing_is_open(&outside).await;
}
