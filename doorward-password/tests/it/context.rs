//! Hashing, verifying, upgrading, peppering.

use std::time::Duration;

use doorward_password::{Bounds, BuildError, Builder, Error, PasswordContext, Reason, Scheme, most_tries};

/// The lowest cost of argon2id, so that a test takes no time.
fn cheap() -> Builder {
    PasswordContext::builder().argon2id(8, 1, 1)
}

fn context() -> PasswordContext {
    cheap().build().unwrap()
}

#[test]
fn the_default_is_the_recommended_argon2id() {
    let passwords = PasswordContext::builder().build().unwrap();
    let stored = passwords.hash("correct horse").unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert_eq!(stored.len(), 97);
    assert_eq!(passwords.identify(&stored).unwrap().to_string(), "argon2id m=19456,t=2,p=1");
    assert_eq!(passwords.needs_upgrade(&stored), None);
}

#[test]
fn a_password_matches_its_hash_and_no_other() {
    let passwords = context();
    let stored = passwords.hash("pässwörd").unwrap();
    let verdict = passwords.verify("pässwörd", &stored).unwrap();
    assert!(verdict.matches);
    assert_eq!(verdict.upgrade, None);
    for wrong in ["", "passwörd", "pässwörd ", "pässwörd\0", "Pässwörd"] {
        assert!(!passwords.verify(wrong, &stored).unwrap().matches, "{wrong:?}");
    }
}

#[test]
fn two_hashes_of_a_password_differ() {
    let passwords = context();
    assert_ne!(passwords.hash("same").unwrap(), passwords.hash("same").unwrap());
}

#[test]
fn every_byte_of_a_long_password_counts() {
    let passwords = context();
    for length in [73, 80, 200, 1024] {
        let password = "p".repeat(length);
        let stored = passwords.hash(&password).unwrap();
        assert!(passwords.verify(&password, &stored).unwrap().matches);
        assert!(!passwords.verify(&password[..72], &stored).unwrap().matches);
        assert!(!passwords.verify(&format!("{}q", &password[1..]), &stored).unwrap().matches);
    }
}

#[test]
fn argon2_hashes_nul_like_any_character() {
    let passwords = context();
    let stored = passwords.hash("abc\0defghijklmno").unwrap();
    assert!(passwords.verify("abc\0defghijklmno", &stored).unwrap().matches);
    assert!(!passwords.verify("abc", &stored).unwrap().matches);
}

#[test]
fn composed_and_decomposed_letters_are_different_passwords() {
    let passwords = context();
    let stored = passwords.hash("\u{e9}").unwrap();
    assert!(!passwords.verify("e\u{301}", &stored).unwrap().matches);
}

#[test]
fn more_than_1024_bytes_are_refused() {
    let passwords = context();
    let stored = passwords.hash("short").unwrap();
    let long = "x".repeat(1025);
    assert_eq!(passwords.hash(&long), Err(Error::PasswordTooLong));
    assert_eq!(passwords.verify(&long, &stored), Err(Error::PasswordTooLong));
    assert_eq!(passwords.verify(&long, "not a hash"), Err(Error::PasswordTooLong));
}

#[test]
fn only_a_lower_cost_is_due_for_an_upgrade() {
    let made = cheap().argon2id(64, 2, 1).build().unwrap().hash("p").unwrap();
    let reason = |memory, iterations| {
        cheap().argon2id(memory, iterations, 1).build().unwrap().verify("p", &made).unwrap().upgrade
    };
    assert_eq!(reason(64, 2), None);
    assert_eq!(reason(32, 2), None);
    assert_eq!(reason(64, 1), None);
    assert_eq!(reason(32, 5), Some(Reason::Cost));
    assert_eq!(reason(128, 1), Some(Reason::Cost));
    assert_eq!(reason(64, 3), Some(Reason::Cost));
}

#[test]
fn a_wrong_password_never_upgrades() {
    let old = context().hash("p").unwrap();
    let stronger = cheap().argon2id(64, 1, 1).build().unwrap();
    assert_eq!(stronger.verify("q", &old).unwrap().upgrade, None);
    assert_eq!(stronger.needs_upgrade(&old), Some(Reason::Cost));
}

#[test]
fn other_schemes_are_due_for_an_upgrade() {
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap().hash("p").unwrap();
    assert!(bcrypt.starts_with("$2b$04$"), "{bcrypt}");
    let verdict = context().verify("p", &bcrypt).unwrap();
    assert!(verdict.matches);
    assert_eq!(verdict.upgrade, Some(Reason::Scheme));
}

#[test]
fn a_new_bcrypt_hash_refuses_a_password_that_bcrypt_would_cut() {
    let passwords = PasswordContext::builder().bcrypt(4).build().unwrap();
    let stored = passwords.hash(&"x".repeat(72)).unwrap();
    assert!(passwords.verify(&"x".repeat(72), &stored).unwrap().matches);
    assert!(!passwords.verify(&"x".repeat(71), &stored).unwrap().matches);
    assert_eq!(passwords.hash(&"x".repeat(73)), Err(Error::PasswordTooLong));
    assert_eq!(passwords.hash("a\0b"), Err(Error::PasswordContainsNul));
}

#[test]
fn a_repeated_password_does_not_match_its_bcrypt_hash() {
    let passwords = PasswordContext::builder().bcrypt(4).build().unwrap();
    let stored = passwords.hash("ab").unwrap();
    assert!(!passwords.verify("ab\0ab", &stored).unwrap().matches);
}

#[test]
fn a_peppered_hash_needs_its_key() {
    let plain = context();
    let peppered = cheap().pepper("2026", &[7; 32]).build().unwrap();
    let stored = peppered.hash("p").unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1,keyid=MjAyNg$"), "{stored}");
    assert!(peppered.verify("p", &stored).unwrap().matches);
    assert!(!peppered.verify("q", &stored).unwrap().matches);
    assert_eq!(peppered.identify(&stored).unwrap().pepper.as_deref(), Some("2026"));
    assert_eq!(plain.verify("p", &stored), Err(Error::UnknownPepper));
    let other_key = cheap().pepper("2026", &[8; 32]).build().unwrap();
    assert!(!other_key.verify("p", &stored).unwrap().matches);
    let without_its_name = stored.replace(",keyid=MjAyNg", "");
    assert!(!plain.verify("p", &without_its_name).unwrap().matches);
}

#[test]
fn a_log_in_rotates_the_pepper() {
    let first = cheap().pepper("a", &[1; 32]).build().unwrap();
    let second = cheap().pepper("b", &[2; 32]).retired_pepper("a", &[1; 32]).build().unwrap();
    for old in [context().hash("p").unwrap(), first.hash("p").unwrap()] {
        let verdict = second.verify("p", &old).unwrap();
        assert!(verdict.matches);
        assert_eq!(verdict.upgrade, Some(Reason::Pepper));
    }
    let fresh = second.hash("p").unwrap();
    assert_eq!(second.needs_upgrade(&fresh), None);
    assert_eq!(first.verify("p", &fresh), Err(Error::UnknownPepper));
}

#[test]
fn only_accepted_schemes_are_verified() {
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap().hash("p").unwrap();
    let strict = cheap().accept([]).build().unwrap();
    assert_eq!(strict.verify("p", &bcrypt), Err(Error::NotAccepted(Scheme::Bcrypt)));
    assert!(strict.verify("p", &strict.hash("p").unwrap()).unwrap().matches);
    assert!(cheap().accept([Scheme::Bcrypt]).build().unwrap().verify("p", &bcrypt).unwrap().matches);
}

#[test]
fn a_worker_and_its_context_verify_the_same_hashes() {
    let passwords = context();
    let mut worker = passwords.worker();
    for round in 0..3 {
        let password = format!("p{round}");
        let stored = worker.hash(&password).unwrap();
        assert!(passwords.verify(&password, &stored).unwrap().matches);
        let stored = passwords.hash(&password).unwrap();
        assert!(worker.verify(&password, &stored).unwrap().matches);
        assert!(!worker.verify("other", &stored).unwrap().matches);
        worker.verify_dummy(&password);
    }
}

#[test]
fn contexts_can_be_shared_and_workers_sent() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    fn sent<T: Send + 'static>() {}
    shared::<PasswordContext>();
    sent::<doorward_password::Worker>();
}

#[test]
fn debug_shows_no_secret() {
    let passwords = cheap().pepper("k", b"0123456789abcdef-secret").build().unwrap();
    let shown = format!("{passwords:?} {:?}", passwords.worker());
    assert!(shown.contains("\"k\"") && !shown.contains("secret") && !shown.contains("48, 49"), "{shown}");
}

#[test]
fn an_impossible_configuration_is_refused() {
    let error = |builder: Builder| builder.build().unwrap_err();
    assert_eq!(error(cheap().argon2id(8, 0, 1)), BuildError::InvalidCost);
    assert_eq!(error(cheap().argon2id(8, 1, 0)), BuildError::InvalidCost);
    assert_eq!(error(cheap().argon2id(8, 1, 2)), BuildError::InvalidCost);
    assert_eq!(error(cheap().argon2id(1 << 20, 1, 1)), BuildError::CostOutOfBounds);
    assert_eq!(error(cheap().bcrypt(3)), BuildError::InvalidCost);
    assert_eq!(error(cheap().bcrypt(20)), BuildError::CostOutOfBounds);
    assert_eq!(error(cheap().pepper("", &[0; 32])), BuildError::InvalidPepperId);
    assert_eq!(error(cheap().pepper("ninebytes", &[0; 32])), BuildError::InvalidPepperId);
    assert_eq!(error(cheap().pepper("k", &[0; 15])), BuildError::PepperTooShort);
    let twice = cheap().pepper("k", &[0; 32]).retired_pepper("k", &[1; 32]);
    assert_eq!(error(twice), BuildError::DuplicatePepperId);
    for (rounds, memory_cost) in [(0, 14), (9, 14), (8, 0), (8, 15), (u32::MAX, 14), (8, 64), (8, u32::MAX)] {
        let project = cheap().firebase("a2V5", "Bw==", rounds, memory_cost);
        assert_eq!(error(project), BuildError::InvalidFirebaseCost, "{rounds}, {memory_cost}");
    }
    let mut tight = Bounds::default();
    tight.memory_kib = 16 * 1024;
    let project = cheap().firebase("a2V5", "Bw==", 8, 14);
    assert_eq!(error(project.bounds(tight)), BuildError::InvalidFirebaseCost);
    assert_eq!(error(cheap().bcrypt(4).pepper("k", &[0; 32])), BuildError::PepperNeedsArgon2id);
}

#[test]
fn bounds_can_be_raised() {
    let mut bounds = Bounds::default();
    bounds.bcrypt_cost = 4;
    let tight = cheap().bounds(bounds).build().unwrap();
    let stored = "$2b$05$......................CJXYIZRHOAa4jOYW1xxOLSfjfQAP0Du";
    assert_eq!(tight.identify(stored), Err(Error::OutOfBounds("bcrypt cost")));
    assert_eq!(context().identify(stored).unwrap().to_string(), "bcrypt cost=5");
}

#[test]
fn a_weak_legacy_hash_is_wrapped_and_upgraded_at_the_next_login() {
    let passwords = cheap().pepper("k", &[7; 32]).build().unwrap();
    let md5 = "5f4dcc3b5aa765d61d8327deb882cf99";
    let wrapped = passwords.wrap(md5).unwrap().unwrap();
    assert!(wrapped.starts_with("$wrap$md5,16,,$argon2id$v=19$m=8,t=1,p=1,keyid=aw$"), "{wrapped}");
    assert!(!wrapped.contains(md5), "{wrapped}");
    let verdict = passwords.verify("password", &wrapped).unwrap();
    assert!(verdict.matches);
    assert_eq!(verdict.upgrade, Some(Reason::Wrapped));
    assert!(!passwords.verify("Password", &wrapped).unwrap().matches);
    assert!(!passwords.verify(md5, &wrapped).unwrap().matches);
    assert_eq!(passwords.identify(&wrapped).unwrap().to_string(), "argon2id m=8,t=1,p=1 over md5");
    assert_eq!(passwords.wrap(&wrapped), Ok(None));
}

#[test]
fn strong_hashes_are_not_wrapped() {
    let passwords = context();
    let own = passwords.hash("p").unwrap();
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap().hash("p").unwrap();
    let pbkdf2 = "pbkdf2_sha256$100000$salt$YIWkt6M1JFXrHg5s0jZjBSc7C2Cz6QvchSJ0h8Y+i7c=";
    for stored in [own.as_str(), &bcrypt, pbkdf2] {
        assert_eq!(passwords.wrap(stored), Ok(None), "{stored}");
    }
    let fast = pbkdf2.replace("100000", "99999");
    assert!(passwords.wrap(&fast).unwrap().is_some());
    assert!(PasswordContext::builder().bcrypt(4).build().unwrap().wrap(&fast).unwrap().is_none());
}

#[test]
fn an_old_bcrypt_hash_ignores_the_bytes_after_the_72nd() {
    // Made by PHP from a password of 80 bytes.
    let stored = "$2y$04$tRXm.J2Gq7jqNdgV0.0MAe0UFPOgbMX84p95/s9ck.brs3wrKLIfa";
    let passwords = context();
    let start = "0123456789".repeat(7) + "01";
    for end in ["23456789", "", "anything else"] {
        assert!(passwords.verify(&format!("{start}{end}"), stored).unwrap().matches, "{end}");
    }
    assert!(!passwords.verify(&start[..71], stored).unwrap().matches);
}

#[test]
fn a_hash_that_did_not_check_the_whole_text_is_not_replaced() {
    let upgrade = |context: &PasswordContext, password: &str, stored: &str| {
        let verdict = context.verify(password, stored).unwrap();
        assert!(verdict.matches, "{password:?} {stored}");
        verdict.upgrade
    };
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap();
    // The last byte of a password of 71 bytes is checked, and so is its end.
    let short = "s".repeat(71);
    assert_eq!(upgrade(&context(), &short, &bcrypt.hash(&short).unwrap()), Some(Reason::Scheme));
    let full = "f".repeat(72);
    let stored = bcrypt.hash(&full).unwrap();
    for text in [full.clone(), full.clone() + "mistyped", full.clone() + "f"] {
        assert_eq!(upgrade(&context(), &text, &stored), None, "{text}");
        // A higher cost is no reason either.
        let higher = PasswordContext::builder().bcrypt(5).build().unwrap();
        assert_eq!(upgrade(&higher, &text, &stored), None, "{text}");
    }
    // HMAC fills its key up with NULs, so such a text matches too.
    let pbkdf2 = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";
    assert_eq!(upgrade(&context(), "correct horse battery\0", pbkdf2), None);
    assert_eq!(upgrade(&context(), "correct horse battery", pbkdf2), Some(Reason::Scheme));
}

#[test]
fn a_pepper_that_bcrypt_cuts_keeps_the_hash() {
    let devise =
        |pepper: &str| PasswordContext::builder().argon2id(8, 1, 1).devise_pepper(pepper).build().unwrap();
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap();
    // Devise computes bcrypt of the password and the pepper together.
    for (length, expected) in [(30, Some(Reason::Scheme)), (31, Some(Reason::Scheme)), (32, None), (60, None)]
    {
        let (password, pepper) = ("p".repeat(40), "q".repeat(length));
        let cut: String = (password.clone() + &pepper).chars().take(72).collect();
        let stored = bcrypt.hash(&cut).unwrap().replacen("$2b$", "$2a$", 1);
        let verdict = devise(&pepper).verify(&password, &stored).unwrap();
        assert_eq!((verdict.matches, verdict.upgrade), (true, expected), "{length}");
    }
}

#[test]
fn a_hash_that_cuts_is_wrapped_and_accepts_the_same_texts() {
    let devise = || cheap().devise_pepper("devise-pepper").build().unwrap();
    let bcrypt = PasswordContext::builder().bcrypt(4).build().unwrap();
    let checked = "c".repeat(72);
    let [plain, peppered] = ["$2b$", "$2a$"].map(|id| bcrypt.hash(&checked).unwrap().replacen("$2b$", id, 1));
    let wrongly_signed = "$2x$04$sHbeQI0XlPdQ.fhWAsvsEOVRDj0G8O1JxIsi3/DrjTZ7zbbMeKRCi";
    for (passwords, stored) in [(context(), plain), (devise(), peppered)] {
        let verdict = passwords.verify(&format!("{checked}mistyped"), &stored).unwrap();
        assert_eq!((verdict.upgrade, verdict.wrap), (None, Some(Reason::Scheme)), "{stored}");
        let wrapped = passwords.rewrap(&["not even the password"], &stored).unwrap().unwrap();
        assert!(wrapped.starts_with("$wrap$bcrypt-") && wrapped.contains("$argon2id$"), "{wrapped}");
        for text in [checked.clone(), format!("{checked}tail"), format!("{checked}mistyped")] {
            let verdict = passwords.verify(&text, &wrapped).unwrap();
            assert_eq!((verdict.matches, verdict.upgrade, verdict.wrap), (true, None, None), "{text}");
        }
        assert!(!passwords.verify(&checked[..71], &wrapped).unwrap().matches, "{wrapped}");
        assert_eq!(passwords.needs_upgrade(&wrapped), None);
    }
    let wrapped = devise().rewrap(&[], &bcrypt.hash("x").unwrap().replacen("$2b$", "$2a$", 1));
    let missing = Err(Error::MissingSetting("devise_pepper"));
    assert_eq!(context().verify("x", &wrapped.unwrap().unwrap()).map(|_| ()), missing);
    let wrapped = context().rewrap(&[], wrongly_signed).unwrap().unwrap();
    assert!(wrapped.starts_with("$wrap$bcrypt-2x,23,4,"), "{wrapped}");
    assert_eq!(bcrypt.rewrap(&[], wrongly_signed), Ok(None));
}

/// "it's" as `WordPress` 6.1.9 stores it.
const WORDPRESS: &str = "$P$BosrvadkrEudtnuGHIByyUxE6uRP2f.";

#[test]
fn a_wrapped_hash_moves_to_a_new_pepper_and_cost() {
    let first = cheap().pepper("a", &[1; 32]).build().unwrap();
    let wrapped = first.rewrap(&["it's"], WORDPRESS).unwrap().unwrap();
    assert!(wrapped.starts_with("$wrap$wordpress-md5,22,13,"), "{wrapped}");
    let second = cheap().pepper("b", &[2; 32]).retired_pepper("a", &[1; 32]).build().unwrap();
    let higher = cheap().pepper("a", &[1; 32]).argon2id(64, 1, 1).build().unwrap();
    for (passwords, reason, new) in [(second, Reason::Pepper, "keyid=Yg$"), (higher, Reason::Cost, "m=64,")] {
        assert_eq!(passwords.verify(" it's", &wrapped).unwrap().wrap, Some(reason));
        assert_eq!(passwords.needs_upgrade(&wrapped), Some(reason));
        assert_eq!(passwords.rewrap(&["it's not"], &wrapped), Ok(None));
        let moved = passwords.rewrap(&["not", " it's"], &wrapped).unwrap().unwrap();
        assert!(moved.contains(new), "{moved}");
        for (text, matches) in [("it's", true), ("it's ", true), ("its", false), ("it\\'s", true)] {
            let verdict = passwords.verify(text, &moved).unwrap();
            assert_eq!((verdict.matches, verdict.upgrade, verdict.wrap), (matches, None, None), "{text}");
        }
    }
}

#[test]
fn a_password_may_have_been_hashed_in_another_spelling() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let passwords = context();
    let spellings = [composed, decomposed, composed, "cafe"];
    let own = passwords.verify_any(&spellings, &passwords.hash(composed).unwrap()).unwrap();
    assert_eq!((own.matches, own.upgrade, own.tries, own.spared), (true, None, 1, 2));
    let other = passwords.verify_any(&spellings, &passwords.hash(decomposed).unwrap()).unwrap();
    assert_eq!((other.upgrade, other.tries, other.spared), (Some(Reason::Spelling), 2, 1));
    assert_eq!(Reason::Spelling.to_string(), "another spelling is preferred");
    let wrong = passwords.verify_any(&spellings, &passwords.hash("coffee").unwrap()).unwrap();
    assert_eq!((wrong.matches, wrong.upgrade, wrong.tries, wrong.spared), (false, None, 3, 0));
    assert!(!passwords.verify_any(&[], &passwords.hash("").unwrap()).unwrap().matches);
    let long = "x".repeat(1025);
    let stored = passwords.hash("x").unwrap();
    assert_eq!(passwords.verify_any(&["x", &long], &stored), Err(Error::PasswordTooLong));
    assert_eq!(passwords.rewrap(&["x", &long], &stored), Err(Error::PasswordTooLong));
    assert_eq!(passwords.rewrap(&["x"], &stored), Ok(None));
}

#[test]
fn at_most_four_texts_are_tried_in_a_fixed_order() {
    let passwords = context();
    let typed = [" \"caf\u{e9}\" ", " \"cafe\u{301}\" "];
    let verdict = passwords.verify_any(&typed, WORDPRESS).unwrap();
    assert_eq!((verdict.matches, verdict.tries, most_tries(&typed)), (false, 4, 4));
    for (text, tries) in [("it's", 2), (" it's ", 3), ("it\\'s", 1)] {
        let verdict = passwords.verify(text, WORDPRESS).unwrap();
        assert_eq!((verdict.matches, verdict.tries), (true, tries), "{text}");
        assert_eq!((verdict.upgrade, verdict.wrap), (None, Some(Reason::Scheme)), "{text}");
    }
}

/// Returns the time that this thread has computed, without the time of other threads: the first field of `schedstat` in
/// proc(5).
#[cfg(target_os = "linux")]
fn computed() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap())
}

/// Measures each of these: the least time of several rounds.
#[cfg(target_os = "linux")]
fn least<const N: usize>(works: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut least = [Duration::MAX; N];
    let mut works = works;
    for _ in 0..8 {
        for (work, least) in works.iter_mut().zip(&mut least) {
            let begun = computed();
            work();
            *least = (computed() - begun).min(*least);
        }
    }
    least
}

#[cfg(target_os = "linux")]
#[test]
fn an_unknown_user_and_a_weak_hash_cost_the_same_as_a_wrong_password() {
    let passwords = PasswordContext::builder().build().unwrap();
    let stored = passwords.hash("p").unwrap();
    let [mut first, mut second, mut third] = [passwords.worker(), passwords.worker(), passwords.worker()];
    let mut fourth = passwords.worker();
    let [wrong, unknown, weak, spelled] = least([
        &mut || assert!(!first.verify("q", &stored).unwrap().matches),
        &mut || second.verify_dummy("q"),
        &mut || assert!(!third.verify("q", "5f4dcc3b5aa765d61d8327deb882cf99").unwrap().matches),
        &mut || assert!(!fourth.verify_any(&["q", "r"], "5f4dcc3b5aa765d61d8327deb882cf99").unwrap().matches),
    ]);
    for other in [unknown, weak, spelled / 2] {
        let ratio = other.as_secs_f64() / wrong.as_secs_f64();
        assert!((0.5..2.0).contains(&ratio), "{ratio}: {other:?} against {wrong:?}");
    }
}
