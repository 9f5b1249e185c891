//! Libraries of relying parties, in languages of their own. Their tests stand in `node` and `python`; this starts
//! Doorward with the clients that they speak for, and runs them.

use std::process::Command;

use crate::{
    peers::{
        alone::alone,
        hosts::{ACCOUNTS, Hosts, NAME},
        program::installed,
    },
    people::{ANN, PASSWORD},
};

const CLIENTS: &str = include_str!("doorward.toml");

/// Runs tests, and panics if one fails.
async fn passes(tests: &mut Command, folder: &str) {
    let hosts = Hosts::start(CLIENTS).await;
    let issuer = format!("https://{}", ACCOUNTS.0);
    let person = [("ISSUER", &*issuer), ("EMAIL", ANN), ("PASSWORD", PASSWORD), ("NAME", NAME)];
    let tests = hosts.trusted_by(tests).envs(person).current_dir(installed(folder));
    let status = tokio::task::block_in_place(|| tests.status()).unwrap();
    assert!(status.success(), "see above");
}

async fn passes_in_node(file: &str) {
    passes(Command::new("node").args(["--test", "--test-reporter=spec", file]), "node").await;
}

#[test]
#[ignore = "script/test peers runs it"]
fn the_modules_of_the_conformance_suite_pass() {
    alone(async || passes_in_node("conformance.test.js").await);
}

#[test]
#[ignore = "script/test peers runs it"]
fn oauth4webapi_accepts_every_answer() {
    alone(async || passes_in_node("oauth4webapi.test.js").await);
}

#[test]
#[ignore = "script/test peers runs it"]
fn openid_client_goes_through_every_flow() {
    alone(async || passes_in_node("openid-client.test.js").await);
}

#[test]
#[ignore = "script/test peers runs it"]
fn jose_verifies_id_tokens_of_every_algorithm() {
    alone(async || passes_in_node("jose.test.js").await);
}

#[test]
#[ignore = "script/test peers runs it"]
fn authlib_requests_oauthlib_and_joserfc_accept_every_answer() {
    alone(async || {
        let python = installed("python").join("venv/bin/python");
        passes(Command::new(python).args(["-m", "unittest", "-v"]), "python").await;
    });
}
