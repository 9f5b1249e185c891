//! Any text as a signed token. `doorward/tests/it/fuzzed/jose.rs` says what must hold.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../doorward/tests/it/fuzzed/jose.rs"]
mod tokens;

fuzz_target!(|bytes: &[u8]| {
    tokens::check(bytes);
});
