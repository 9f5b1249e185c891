//! Any text as a stored hash: nothing panics, nothing runs beyond the bounds, and all methods agree about one text.

#![no_main]

use std::cell::RefCell;

use doorward_password::{Bounds, PasswordContext, Reason, Worker};
use libfuzzer_sys::{Corpus, fuzz_target};

/// One of them is tried with each text: empty, a few letters, two bytes for a letter, a NUL, longer than any block.
const PASSWORDS: [&str; 5] = ["", "password", "pässwörd", "a\0b", LONG];
const LONG: &str = "a password of more than the 72 bytes that bcrypt reads, and of more than the block of 128 bytes \
                    over which HMAC with SHA-512 hashes its key before it does anything else";

/// Longer texts are refused.
const STORED_BYTES: usize = 1024;

thread_local! {
    static WORKER: RefCell<(PasswordContext, Worker)> = RefCell::new(quick());
}

/// Accepts every scheme, at a cost at which hundreds of texts run in a second.
fn quick() -> (PasswordContext, Worker) {
    let mut bounds = Bounds::default();
    bounds.memory_kib = 1024;
    bounds.iterations = 2;
    bounds.parallelism = 4;
    bounds.bcrypt_cost = 4;
    bounds.pbkdf2_iterations = 1000;
    bounds.rounds = 1024;
    bounds.stored_bytes = STORED_BYTES;
    let passwords = PasswordContext::builder()
        .argon2id(8, 1, 1)
        .bounds(bounds)
        .pepper("new", b"a pepper of 24 bytes ...")
        .retired_pepper("old", b"another pepper of 32 bytes .....")
        .firebase("a2V5", "Bw==", 8, 4)
        .devise_pepper("pepper")
        .build()
        .expect("the settings are valid");
    let worker = passwords.worker();
    (passwords, worker)
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(stored) = std::str::from_utf8(bytes) else { return Corpus::Reject };
    WORKER.with_borrow_mut(|(passwords, worker)| agree(passwords, worker, stored));
    Corpus::Keep
});

fn agree(passwords: &PasswordContext, worker: &mut Worker, stored: &str) {
    let password = PASSWORDS[stored.len() % PASSWORDS.len()];
    let identified = passwords.identify(stored);
    let verdict = worker.verify(password, stored);
    assert_eq!(verdict.as_ref().err(), identified.as_ref().err(), "verify and identify disagree");
    let upgrade = passwords.needs_upgrade(stored);
    let wrapped = worker.wrap(stored);
    let (Ok(identified), Ok(verdict)) = (identified, verdict) else {
        assert_eq!(upgrade, None, "a hash that cannot be verified is due for an upgrade");
        assert!(wrapped.is_err(), "a hash that cannot be verified was wrapped");
        return;
    };
    // Printing a report must not panic either.
    let _ = identified.to_string();
    let reason = verdict.upgrade.or(verdict.wrap);
    assert!(verdict.matches || reason.is_none(), "a wrong password changes the hash");
    assert!(upgrade.is_some() || reason.is_none(), "verify and needs_upgrade disagree");
    assert!(upgrade.is_some() || !identified.weak, "a weak hash may stay");
    if verdict.wrap.is_some() {
        let again = worker.rewrap(&[password], stored).expect("a hash that matched can be wrapped");
        // A wrapped text is longer, and may become too long.
        if let Some(again) = again {
            let again = worker.verify(password, &again).expect("a wrapped hash is verifiable");
            assert_eq!((again.matches, again.upgrade, again.wrap), (true, None, None));
        }
    }

    match wrapped {
        // A wrapped text is longer than the hash in it, and may become too long.
        Ok(None) => {
            assert!(!identified.weak || stored.len() > STORED_BYTES / 2, "a weak hash was not wrapped")
        }
        Ok(Some(wrapped)) => {
            assert!(identified.weak && identified.wrapped.is_none(), "a hash was wrapped without need");
            let outer = passwords.identify(&wrapped).expect("a wrapped hash is readable");
            assert_eq!(outer.wrapped, Some(identified.scheme));
            // One that accepts several texts stays wrapped.
            assert!(matches!(passwords.needs_upgrade(&wrapped), None | Some(Reason::Wrapped)));
            assert_eq!(worker.wrap(&wrapped), Ok(None), "a hash was wrapped twice");
            let again = worker.verify(password, &wrapped).expect("a wrapped hash is verifiable");
            assert_eq!(again.matches, verdict.matches, "wrapping changed the password");
        }
        Err(error) => panic!("a hash that can be verified cannot be wrapped: {error}"),
    }
}
