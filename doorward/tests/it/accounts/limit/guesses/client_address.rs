//! Guesses from one client address are counted together for all accounts; and how that address is found.

use std::time::Duration;

use axum::http::StatusCode;
use doorward::{Config, config::LimitConfig};
use futures_util::future::join_all;

use crate::app::{ANN, Actor, Answer, App, BOB, PASSWORD, WRONG, config};

fn behind(trusted: &[&str]) -> Config {
    let limit = LimitConfig { failures_per_address: 10.try_into().unwrap(), ..LimitConfig::default() };
    Config { limit, trusted_proxies: trusted.iter().map(|proxy| (*proxy).to_owned()).collect(), ..config() }
}

async fn guess(mut from: Actor<'_>, email: &str, password: &str) -> Answer {
    from.request_token(email, password).await
}

/// Guesses at one account after another until it is refused. Returns the number of guesses that were checked.
async fn spray(from: Actor<'_>, round: &str) -> usize {
    for number in 0..50 {
        let answer = guess(from.clone(), &format!("{round}{number}@example.org"), WRONG).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let seconds: u64 = answer.retry_after();
            assert!((1..=61).contains(&seconds), "{seconds}");
            return number;
        }
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    panic!("guesses are never refused");
}

#[tokio::test]
async fn one_address_has_thirty_guesses_a_minute() {
    let app = App::new().await;
    app.register(ANN).await;
    let from = || app.anonymous().from("192.0.2.1");
    assert_eq!(spray(from(), "a").await, 30);
    // The correct password is refused from there too. The account itself is not blocked.
    assert_eq!(guess(from(), ANN, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = guess(app.anonymous().from("192.0.2.2"), ANN, PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    app.advance(Duration::from_secs(62));
    assert_eq!(guess(from(), ANN, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(spray(from(), "b").await, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_guesses_do_not_exceed_the_limit() {
    let app = App::with(behind(&[])).await;
    let sibling = app.sibling(behind(&[])).await;
    let answers = join_all((0..300).map(async |number| {
        let node = if number % 2 == 0 { &app } else { &sibling };
        guess(node.anonymous().from("192.0.2.1"), &format!("u{number}@example.org"), WRONG).await.status
    }));
    let answers = answers.await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(StatusCode::UNAUTHORIZED), count(StatusCode::TOO_MANY_REQUESTS)), (10, 290));
}

#[tokio::test]
async fn a_correct_password_takes_back_only_its_own_count() {
    let app = App::with(behind(&[])).await;
    let from = || app.anonymous().from("192.0.2.1");
    // Correct passwords are not limited.
    let log_in = async |number: usize| {
        let email = format!("a{number}@example.org");
        app.register(&email).await;
        guess(from(), &email, PASSWORD).await.status
    };
    for number in 0..15 {
        assert_eq!(log_in(number).await, StatusCode::OK);
    }
    for number in 0..9 {
        let status = guess(from(), &format!("b{number}@example.org"), WRONG).await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    for number in 15..30 {
        assert_eq!(log_in(number).await, StatusCode::OK);
    }
    assert_eq!(guess(from(), "c@example.org", WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in(30).await, StatusCode::TOO_MANY_REQUESTS);
    // The owner of an account who has logged in from there a moment ago is not affected.
    assert_eq!(guess(from(), "a0@example.org", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn logging_in_to_one_account_allows_no_more_guesses_at_another() {
    let app = App::new().await;
    app.register(ANN).await;
    app.register(BOB).await;
    let from = || app.anonymous().from("192.0.2.1");
    let mut checked = 0;
    for _ in 0..20 {
        for _ in 0..9 {
            let answer = guess(from(), BOB, WRONG).await;
            checked += usize::from(answer.status == StatusCode::UNAUTHORIZED);
        }
        assert_eq!(guess(from(), ANN, PASSWORD).await.status, StatusCode::OK);
    }
    // Five guesses are free, and a few more became due meanwhile.
    assert!((5..=7).contains(&checked), "{checked}");
    let bob = guess(app.anonymous().from("192.0.2.2"), BOB, PASSWORD).await;
    assert_eq!(bob.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_ipv6_network_counts_as_one_address() {
    let app = App::with(behind(&[])).await;
    for number in 0..10 {
        let from = app.anonymous().from(&format!("2001:db8:0:1::{number}"));
        assert_eq!(
            guess(from, &format!("u{number}@example.org"), WRONG).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let same = app.anonymous().from("2001:db8:0:1:ffff:ffff:ffff:ffff");
    assert_eq!(guess(same, "v@example.org", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
    for other in ["2001:db8:0:2::1", "192.0.2.1"] {
        let status = guess(app.anonymous().from(other), "v@example.org", WRONG).await.status;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    // IPv4 and IPv6 sockets write the same address in two ways.
    assert_eq!(spray(app.anonymous().from("::ffff:192.0.2.1"), "w").await, 9);
}

#[tokio::test]
async fn an_ipv6_address_made_from_an_ipv4_address_counts_as_that_one() {
    let app = App::with(behind(&[])).await;
    // Two clients of one translator (RFC 6052, section 2.1).
    assert_eq!(spray(app.anonymous().from("64:ff9b::c633:6415"), "one").await, 10);
    assert_eq!(spray(app.anonymous().from("64:ff9b::cb00:7105"), "other").await, 10);
    // The first one again, over RFC 8215, Teredo (RFC 4380, section 4), 6to4 (RFC 3056, section 2), and as it is.
    for (turn, same) in [
        "64:ff9b:1:c633:64:1500::",
        "2001:0:4136:e378:8000:63bf:39cc:9bea",
        "2002:c633:6415:1::1",
        "2002:c633:6415:ffff::1",
        "198.51.100.21",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(spray(app.anonymous().from(same), &format!("same{turn}")).await, 0, "{same}");
    }
}

#[tokio::test]
async fn no_header_changes_the_client_address() {
    let app = App::with(behind(&["10.0.0.1"])).await;
    let names =
        ["x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"];
    for (turn, peer) in ["127.0.0.1", "192.0.2.1", "2001:db8::1"].into_iter().enumerate() {
        let mut checked = 0;
        for number in 0..40 {
            let mut from = app.anonymous().from(peer);
            let value = match number % 5 {
                0 => "a".to_owned(),
                1 => String::new(),
                2 => "10.0.0.1".to_owned(),
                3 => format!("198.51.100.{number}, 10.0.0.1"),
                _ => format!("198.51.100.{number}"),
            };
            for name in names {
                from = from.header(name, &value);
            }
            let answer = guess(from, &format!("u{turn}.{number}@example.org"), WRONG).await;
            checked += usize::from(answer.status == StatusCode::UNAUTHORIZED);
        }
        assert_eq!(checked, 10, "{peer}");
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_counted_separately() {
    let app = App::with(behind(&["10.0.0.0/8"])).await;
    let via = |forwarded: &str| app.anonymous().from("10.0.0.1").header("x-forwarded-for", forwarded);
    assert_eq!(spray(via("198.51.100.1"), "a").await, 10);
    assert_eq!(spray(via("198.51.100.2"), "b").await, 10);
    // Values that the client wrote are further to the left.
    for forged in ["203.0.113.9, 198.51.100.1", "a, 198.51.100.1", "198.51.100.3,198.51.100.1, 10.0.0.7"] {
        let answer = guess(via(forged), "c@example.org", WRONG).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{forged}");
    }
    let lines = via("203.0.113.9").another_header("x-forwarded-for", "198.51.100.1");
    assert_eq!(guess(lines, "c@example.org", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
    // A value that is no address counts for the proxy.
    for number in 0..10 {
        let answer = guess(via(&format!("garbage {number}")), &format!("d{number}@example.org"), WRONG).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    for more in ["garbage", "", "198.51.100.9, x"] {
        let answer = guess(via(more), "e@example.org", WRONG).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{more}");
    }
    // The session shows the address of the client.
    app.register(ANN).await;
    let answer = guess(via("198.51.100.4"), ANN, PASSWORD).await;
    let mut ann = app.bearer(&answer.token());
    assert_eq!(ann.get("/auth/sessions").await.json()[0]["ip"], "198.51.100.4");
}

#[tokio::test]
async fn a_clock_that_goes_back_keeps_the_window_of_an_address() {
    for back in [3600, 24 * 3600] {
        let app = App::with(behind(&[])).await;
        let from = || app.anonymous().from("192.0.2.1");
        app.advance(Duration::from_secs(back));
        assert_eq!(spray(from(), "a").await, 10);
        app.go_back(Duration::from_secs(back));
        assert_eq!(spray(from(), "b").await, 0);
        app.advance(Duration::from_secs(62));
        // A window from before the clock went back ends no later than a new one.
        app.advance(Duration::from_secs(back));
        assert_eq!(spray(from(), "c").await, 10);
        app.advance(Duration::from_secs(62));
        guess(from(), "d@example.org", WRONG).await;
        app.go_back(Duration::from_secs(back));
        assert_eq!(spray(from(), "e").await, 9);
        app.advance(Duration::from_secs(62));
        assert_eq!(spray(from(), "f").await, 10);
    }
}
