//! Stored texts from a hostile or broken import: nothing panics, nothing runs beyond the bounds.

use std::time::{Duration, Instant};

use doorward_password::{Bounds, Error, PasswordContext, Scheme};
use proptest::prelude::*;

/// Allows all that the default allows, at a cost at which thousands of cases run.
fn quick() -> PasswordContext {
    let mut bounds = Bounds::default();
    bounds.memory_kib = 1024;
    bounds.iterations = 2;
    bounds.bcrypt_cost = 4;
    bounds.pbkdf2_iterations = 2000;
    bounds.rounds = 2000;
    PasswordContext::builder()
        .argon2id(8, 1, 1)
        .bounds(bounds)
        .firebase("a2V5", "Bw==", 8, 4)
        .devise_pepper("pepper")
        .build()
        .unwrap()
}

#[test]
fn parameters_beyond_the_bounds_are_refused_before_any_work() {
    let salt_and_digest = "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let bcrypt_salt = "A".repeat(22);
    let hostile = [
        (format!("$argon2id$v=19$m=4294967295,t=1,p=1${salt_and_digest}"), "memory"),
        (format!("$argon2id$v=19$m=99999999999999999999,t=1,p=1${salt_and_digest}"), "memory"),
        (format!("$argon2id$v=19$m=262145,t=1,p=1${salt_and_digest}"), "memory"),
        (format!("$argon2i$v=19$m=65536,t=4294967295,p=1${salt_and_digest}"), "iterations"),
        (format!("$argon2d$v=19$m=65536,t=1,p=17${salt_and_digest}"), "parallelism"),
        (format!("$scrypt$ln=40,r=8,p=1${salt_and_digest}"), "memory"),
        (format!("$scrypt$ln=63,r=4294967295,p=4294967295${salt_and_digest}"), "memory"),
        (format!("$scrypt$ln=14,r=8,p=1000${salt_and_digest}"), "parallelism"),
        (format!("$scrypt$ln=1,r=1048576,p=16${salt_and_digest}"), "memory"),
        (format!("$pbkdf2-sha256$4294967295${salt_and_digest}"), "PBKDF2 iterations"),
        (format!("$pbkdf2-sha1$1600000${salt_and_digest}"), "PBKDF2 iterations"),
        (format!("pbkdf2_sha256$1000000000$salt${}", "A".repeat(43)), "PBKDF2 iterations"),
        (format!("pbkdf2:sha512:1000000000$salt${}", "a".repeat(128)), "PBKDF2 iterations"),
        (format!("scrypt:1073741824:8:1$salt${}", "a".repeat(128)), "memory"),
        (format!("$2b$31${}", "a".repeat(53)), "bcrypt cost"),
        (format!("$2b$16${}", "a".repeat(53)), "bcrypt cost"),
        (format!("$wp$2y$31${}", "a".repeat(53)), "bcrypt cost"),
        (format!("$6$rounds=999999999$salt${}", "a".repeat(86)), "rounds"),
        (format!("$5$rounds=99999999999999$salt${}", "a".repeat(43)), "rounds"),
        (format!("$P$Ssaltsalt{}", "a".repeat(22)), "rounds"),
        (format!("$S$zsaltsalt{}", "a".repeat(43)), "rounds"),
        (format!("$y$jTT$salt${}", "a".repeat(43)), "memory"),
        (fusionauth("salted-md5", 4_294_967_296), "rounds"),
        (fusionauth("salted-sha256", 1_048_577), "rounds"),
        (fusionauth("phpass-md5", 1 << 21), "rounds"),
        (format!("AQAAAAH/////AAAAEA{}", "A".repeat(62)), "PBKDF2 iterations"),
        (
            format!("$wrap$pbkdf2-sha1,20,4294967295,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"),
            "PBKDF2 iterations",
        ),
        (
            format!("$wrap$pbkdf2-sha1,4294967295,1,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"),
            "stored length",
        ),
        (
            format!("$wrap$repeat-md5,16,4294967295,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"),
            "rounds",
        ),
        (format!("$wrap$phpass-md5,22,30,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"), "rounds"),
        (
            format!("$wrap$bcrypt-password,23,31,{bcrypt_salt}$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"),
            "bcrypt cost",
        ),
        (
            format!("$wrap$scrypt-nfkc,64,1073741824,8,1,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"),
            "memory",
        ),
        (format!("$wrap$wordpress-md5,22,30,c2FsdA$argon2id$v=19$m=8,t=1,p=1${salt_and_digest}"), "rounds"),
        (format!("$wrap$md5,16,,$argon2id$v=19$m=4294967295,t=1,p=1${salt_and_digest}"), "memory"),
        ("$".repeat(2049), "stored length"),
        ("a".repeat(1 << 20), "stored length"),
    ];
    let passwords = PasswordContext::builder().build().unwrap();
    let start = Instant::now();
    for (stored, parameter) in hostile {
        let error = Err(Error::OutOfBounds(parameter));
        assert_eq!(passwords.verify("password", &stored).map(|_| ()), error, "{stored:.100}");
        assert_eq!(passwords.identify(&stored).map(|_| ()), error, "{stored:.100}");
        assert_eq!(passwords.needs_upgrade(&stored), None);
        assert_eq!(passwords.wrap(&stored).map(|_| ()), error);
    }
    // None of them was computed: a single argon2id of the preferred cost takes several milliseconds.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// Makes a user of `FusionAuth` with a salt and a digest that its scheme could have made.
fn fusionauth(scheme: &str, factor: u64) -> String {
    let digest = match scheme {
        "salted-sha256" | "salted-hmac-sha256" => "A".repeat(43),
        "phpass-sha512" => "a".repeat(43),
        _ => "A".repeat(22),
    };
    format!(
        r#"{{"encryptionScheme":"{scheme}","factor":{factor},"salt":"c2FsdHNhbHQ=","password":"{digest}"}}"#
    )
}

#[test]
fn a_digest_that_fusionauth_cannot_compute_is_malformed() {
    let passwords = quick();
    for (scheme, factor, malformed) in [
        ("salted-md5", 0, Scheme::Md5),
        ("salted-sha256", 0, Scheme::Sha2),
        ("phpass-md5", 0, Scheme::Phpass),
        ("phpass-md5", 1000, Scheme::Phpass),
        ("phpass-sha512", 64, Scheme::Phpass),
    ] {
        let stored = fusionauth(scheme, factor);
        assert_eq!(passwords.verify("", &stored), Err(Error::Malformed(malformed)), "{stored}");
    }
    for (scheme, malformed) in
        [("salted-md5", Scheme::Md5), ("salted-hmac-sha256", Scheme::Hmac), ("phpass-sha512", Scheme::Phpass)]
    {
        let stored = fusionauth(scheme, 128);
        assert!(!passwords.verify("", &stored).unwrap().matches, "{stored}");
        let cut = stored
            .replace("\"password\":\"AA", "\"password\":\"A")
            .replace("\"password\":\"aa", "\"password\":\"a");
        assert_eq!(passwords.verify("", &cut), Err(Error::Malformed(malformed)), "{cut}");
    }
    assert_eq!(passwords.verify("", &fusionauth("example-salted-md5", 1)), Err(Error::Unrecognized));
}

#[test]
fn a_digest_that_could_match_by_chance_is_refused() {
    let passwords = quick();
    let malformed = [
        ("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$", Scheme::Argon2id),
        ("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAA", Scheme::Argon2id),
        ("$pbkdf2-sha256$1000$c2FsdA$", Scheme::Pbkdf2Sha256),
        ("pbkdf2_sha256$1000$salt$", Scheme::Pbkdf2Sha256),
        ("$scrypt$ln=4,r=8,p=1$c2FsdA$", Scheme::Scrypt),
        ("scrypt:16:8:1$salt$", Scheme::Scrypt),
        ("$2b$04$", Scheme::Bcrypt),
        ("$2b$04$......................", Scheme::Bcrypt),
        ("$5$salt$", Scheme::Sha256Crypt),
        ("$1$salt$", Scheme::Md5Crypt),
        ("$P$5saltsalt", Scheme::Phpass),
        ("$y$j75$salt$", Scheme::Yescrypt),
        ("{SHA}", Scheme::Sha1),
        ("{SSHA}", Scheme::Sha1),
        ("$md5$", Scheme::Md5),
        ("md5$salt$", Scheme::Md5),
        ("$hmac-sha256$$a2V5", Scheme::Hmac),
        (r#"{"passwordHash":"","salt":""}"#, Scheme::FirebaseScrypt),
        ("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=$c2FsdA==$", Scheme::FirebaseScrypt),
    ];
    for (stored, scheme) in malformed {
        assert_eq!(passwords.verify("", stored), Err(Error::Malformed(scheme)), "{stored}");
    }
}

#[test]
fn other_texts_are_not_recognized() {
    // Django and Linux mark accounts without a password like the last of these.
    for stored in [
        "",
        " ",
        "$",
        "$$",
        "$$$",
        "{",
        "{}",
        "}",
        ":",
        "null",
        "password",
        "é",
        "!",
        "!!",
        "*",
        "x",
        "!$6$salt$",
    ] {
        assert_eq!(quick().verify("", stored), Err(Error::Unrecognized), "{stored:?}");
    }
}

#[test]
fn a_missing_setting_is_named() {
    let passwords = PasswordContext::builder().build().unwrap();
    let stored = r#"{"passwordHash":"lSrfV15cpx95","salt":"42xEC+ixf3L2lw=="}"#;
    assert_eq!(passwords.verify("p", stored), Err(Error::MissingSetting("firebase")));
}

#[test]
fn nested_json_is_refused() {
    let mut nested = "[".repeat(900);
    nested.insert(0, '{');
    assert_eq!(quick().verify("p", &nested), Err(Error::Unrecognized));
    let inner = r#"{\"algorithm\":\"ldap\",\"hash\":{}}"#;
    let recursive = format!(r#"{{"algorithm":"ldap","hash":{{"value":"{inner}"}}}}"#);
    assert_eq!(quick().verify("p", &recursive), Err(Error::Unrecognized));
}

#[test]
fn a_hash_that_wrapping_would_make_too_long_is_not_wrapped() {
    let passwords = quick();
    let with_salt = |length| format!("md5${}${}", "s".repeat(length), "a".repeat(32));
    let bound = Bounds::default().stored_bytes;
    for length in 1..=bound - with_salt(0).len() {
        let stored = with_salt(length);
        assert!(!passwords.verify("p", &stored).unwrap().matches, "{length}");
        match passwords.wrap(&stored).unwrap() {
            Some(wrapped) => assert!(!passwords.verify("p", &wrapped).unwrap().matches, "{length}"),
            // The salt grows by a third in base64, and the outer hash is added.
            None => assert!(length * 4 / 3 + 120 > bound, "{length}"),
        }
    }
    assert_eq!(passwords.wrap(&with_salt(bound - with_salt(0).len())), Ok(None));
}

/// Reads the stored texts of all vectors, to damage them.
fn seeds() -> Vec<String> {
    let folder = format!("{}/tests/vectors", env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                seeds.push(line["stored"].as_str().unwrap().to_owned());
            }
        }
    }
    let wrapped = "$wrap$md5,16,,$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    seeds.extend(
        [
            "crypt-1",
            "crypt-sha512",
            "hmac-sha1",
            "repeat-sha256",
            "pbkdf2-sha256",
            "drupal-sha512",
            "phpass-md5",
            "wordpress-md5",
            "sha1",
        ]
        .map(|name| wrapped.replace("md5", name).replace(",,", ",1000,c2FsdA")),
    );
    let strong = ["bcrypt-wordpress,23,4,AAAAAAAAAAAAAAAAAAAAAA", "scrypt-nfkc,64,16,8,1,c2FsdA"];
    seeds.extend(strong.map(|legacy| wrapped.replace("md5,16,,", legacy)));
    seeds.push(wrapped.to_owned());
    seeds
}

/// Characters with a meaning in one of the forms.
fn pieces() -> impl Strategy<Value = String> {
    let known = [
        "$",
        "$$",
        ",",
        "=",
        ":",
        "{",
        "}",
        "\"",
        "0",
        "9",
        "4294967296",
        "-1",
        "+1",
        ".",
        "/",
        "é",
        "\0",
        "",
    ];
    prop_oneof![3 => proptest::sample::select(known.map(str::to_owned).to_vec()), 1 => ".{0,4}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damaged_hash_panics(
        seed in proptest::sample::select(seeds()),
        wounds in proptest::collection::vec((any::<proptest::sample::Index>(), 0..4_usize, pieces()), 1..4),
        password in ".{0,40}",
    ) {
        let mut characters: Vec<char> = seed.chars().collect();
        for (place, cut, piece) in wounds {
            let start = place.index(characters.len() + 1);
            let end = (start + cut).min(characters.len());
            characters.splice(start..end, piece.chars());
        }
        let stored: String = characters.into_iter().collect();
        let passwords = quick();
        let known = passwords.identify(&stored).is_ok();
        prop_assert_eq!(passwords.verify(&password, &stored).is_ok(), known, "{}", stored);
        let _ = passwords.wrap(&stored);
        let _ = PasswordContext::builder().build().unwrap().identify(&stored);
    }

    #[test]
    fn no_text_panics(stored in ".{0,200}", password in ".{0,40}") {
        let _ = quick().verify(&password, &stored);
    }

    #[test]
    fn only_the_password_matches_its_hash(password in ".{0,100}", other in ".{0,100}") {
        let passwords = PasswordContext::builder().argon2id(8, 1, 1).build().unwrap();
        let stored = passwords.hash(&password).unwrap();
        prop_assert!(passwords.verify(&password, &stored).unwrap().matches);
        prop_assert_eq!(passwords.verify(&other, &stored).unwrap().matches, other == password);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_the_password_matches_its_bcrypt_hash(password in "[^\0]{0,18}", other in ".{0,18}") {
        let passwords = PasswordContext::builder().bcrypt(4).build().unwrap();
        let stored = passwords.hash(&password).unwrap();
        prop_assert!(passwords.verify(&password, &stored).unwrap().matches);
        prop_assert_eq!(passwords.verify(&other, &stored).unwrap().matches, other == password);
    }
}

#[test]
fn small_yescrypt_and_scrypt_parameters_do_not_panic() {
    let passwords = quick();
    let alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for n in alphabet.chars().take(12) {
        for r in alphabet.chars().take(48) {
            let stored = format!("$y$j{n}{r}$salt${}", "a".repeat(43));
            let _ = passwords.verify("password", &stored);
        }
    }
    for ln in 0..12 {
        for r in 0..20 {
            for p in 0..5 {
                let stored = format!("$scrypt$ln={ln},r={r},p={p}$c2FsdA${}", "A".repeat(43));
                let _ = passwords.verify("password", &stored);
            }
        }
    }
}
