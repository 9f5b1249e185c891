//! Hostile input for the provider: signed tokens and authorization requests.
//!
//! `jose.rs` and `authorize_request.rs` say what must hold for any input. The fuzz targets of the same names use these files
//! too. Here each of them gets some inputs, which are mutated seeds.

#[expect(unreachable_pub, reason = "the fuzz target is another program")]
mod authorize_request;
#[expect(unreachable_pub, reason = "the fuzz target is another program")]
mod jose;
mod mutations;

use authorize_request::{
    Outcome::{Asked, Code, LedOn, Refused, Told, Unreadable},
    Place,
};
use mutations::inputs;

/// The numbers of inputs in the usual run. A request goes through the whole application.
const SOME_TOKENS: usize = 3_000;
const SOME_REQUESTS: usize = 300;

const MILLION: usize = 1_000_000;

fn seeds(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}

fn try_tokens(count: usize) {
    let seeds = seeds(include_str!("jose.seeds"));
    for input in inputs(&seeds, count) {
        jose::check(&input);
    }
}

fn try_requests(count: usize) {
    let seeds = seeds(include_str!("authorize_request.seeds"));
    let place = Place::new();
    for input in inputs(&seeds, count) {
        place.check(&input);
    }
}

#[test]
fn no_text_is_taken_for_a_token_that_nobody_signed() {
    try_tokens(SOME_TOKENS);
}

#[test]
fn no_authorization_request_is_an_error_of_ours_or_leads_elsewhere() {
    try_requests(SOME_REQUESTS);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_texts_are_no_tokens() {
    try_tokens(MILLION);
}

#[test]
#[ignore = "takes an hour without optimization"]
fn a_million_authorization_requests_lead_nowhere_else() {
    try_requests(MILLION);
}

#[test]
fn the_seeds_reach_every_answer() {
    let seeds = seeds(include_str!("authorize_request.seeds"));
    let place = Place::new();
    let seen: Vec<_> = seeds.iter().map(|seed| place.check(seed.as_bytes())).collect();
    for outcome in [Asked, Code, LedOn, Refused, Told] {
        assert!(seen.contains(&outcome), "no seed is {outcome:?}");
    }
    assert!(!seen.contains(&Unreadable));
    let seeds = self::seeds(include_str!("jose.seeds"));
    let verified = seeds.iter().filter(|seed| jose::check(seed.as_bytes())).count();
    assert!((3..seeds.len()).contains(&verified), "{verified}");
}
