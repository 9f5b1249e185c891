//! Any query as an authorization request. `doorward/tests/it/fuzzed/authorize_request.rs` says what must hold.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

#[path = "../../doorward/tests/it/fuzzed/authorize_request.rs"]
mod requests;

use requests::{Outcome, Place};

thread_local! {
    /// It is there until the process ends.
    static PLACE: &'static Place = Box::leak(Box::new(Place::new()));
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match PLACE.with(|place| place.check(bytes)) {
        Outcome::Unreadable => Corpus::Reject,
        _ => Corpus::Keep,
    }
});
