//! Guesses at passwords are limited by several servers together. A client cannot choose the address that counts.

use std::thread;

use crate::{
    home::{Home, PASSWORD, Server},
    http::Client,
};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

fn spray(server: &Server, headers: &[&str], round: &str) -> Vec<u16> {
    let headers = [&[FORM], headers].concat();
    let body = |number| format!("username={round}{number}%40example.org&password=wrong+password");
    (0..8).map(|number| server.request("POST", "/token", &headers, &body(number)).status).collect()
}

#[test]
fn several_servers_count_together_even_after_one_was_killed() {
    let home = Home::new();
    home.write("doorward.toml", "[limit]\nfree_failures = 10\nfirst_delay = \"10m\"\n");
    let servers = [home.start(), home.start(), home.start()];
    assert_eq!(servers[0].register("ann@example.org").status, 201);
    let guess = |number: usize| {
        let address = servers[number % 3].address;
        thread::spawn(move || {
            let body = "username=ann%40example.org&password=wrong+password";
            Client::connect(address).request("POST", "/token", &[FORM], body).status
        })
    };
    let guesses: Vec<_> = (0..90).map(guess).collect();
    let guesses: Vec<_> = guesses.into_iter().map(|guess| guess.join().unwrap()).collect();
    assert_eq!(guesses.iter().filter(|status| **status == 401).count(), 10, "{guesses:?}");
    assert_eq!(guesses.iter().filter(|status| **status == 429).count(), 80, "{guesses:?}");
    for server in servers {
        server.signal("-KILL");
        server.ended();
    }
    let refused = home.start().token("ann@example.org", PASSWORD);
    assert_eq!(refused.status, 429);
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((500..=601).contains(&wait), "{wait}");
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
}

#[test]
fn only_a_trusted_proxy_can_name_the_address_of_a_client() {
    let home = Home::on_sqlite();
    home.write("doorward.toml", "[limit]\nfailures_per_address = 5\n");
    let mut direct = home.start();
    let mut seen = Vec::new();
    for client in 0..3 {
        let forwarded = format!("X-Forwarded-For: 198.51.100.{client}");
        seen.extend(spray(&direct, &[&forwarded], &format!("a{client}")));
    }
    assert_eq!(seen.iter().filter(|status| **status == 401).count(), 5, "{seen:?}");
    direct.wait_for_log("trusted_proxies");
    let log = direct.stop();
    assert_eq!(log.matches("trusted_proxies").count(), 1, "{log}");

    home.write("doorward.toml", "trusted_proxies = [\"127.0.0.1\"]\n[limit]\nfailures_per_address = 5\n");
    let behind = home.start();
    for client in 3..6 {
        let forwarded = format!("X-Forwarded-For: 203.0.113.9, 198.51.100.{client}");
        let seen = spray(&behind, &[&forwarded], &format!("b{client}"));
        assert_eq!(seen, [401, 401, 401, 401, 401, 429, 429, 429]);
    }
    assert!(!behind.stop().contains("trusted_proxies"));

    let command = home.command(&["serve"]).env("DOORWARD_TRUSTED_PROXIES", "10.0.0.1,everyone").output();
    let error = String::from_utf8(command.unwrap().stderr).unwrap();
    assert!(error.contains("trusted_proxies: \"everyone\": expected an address or a network"), "{error}");
}
