//! Hashes that the original systems made or published. `tests/vectors` has them and the scripts that made them.

use doorward_password::{PasswordContext, Verdict, Worker, most_tries};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// A hash that another system made.
pub(crate) struct Vector {
    by: String,
    scheme: String,
    pub(crate) password: String,
    pub(crate) stored: String,
}

pub(crate) fn vectors(file: &str) -> Vec<Vector> {
    let path = format!("{}/tests/vectors/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let field = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    text.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            Vector {
                by: field(&line, "by"),
                scheme: field(&line, "scheme"),
                password: field(&line, "password"),
                stored: field(&line, "stored"),
            }
        })
        .collect()
}

/// Checks that every hash is identified, matches its password and no other, and verifies the same when wrapped.
fn all_verify(passwords: &PasswordContext, file: &str) {
    let vectors = vectors(file);
    assert!(vectors.len() >= 3, "{file}");
    let mut worker = passwords.worker();
    for (position, Vector { by, scheme, password, stored }) in vectors.into_iter().enumerate() {
        let what = format!("{by}: {password:?} {stored}");
        // A few for each hash: every form has many hashes, and some are slow.
        let mut others = other_texts(&password);
        others.rotate_left(position % 8);
        let slow = matches!(file, "published" | "better-auth") || file.starts_with("lucia");
        others.truncate(if slow { 1 } else { 3 });
        let identified = passwords.identify(&stored).unwrap_or_else(|error| panic!("{error}: {what}"));
        assert_eq!(identified.scheme.as_str(), scheme, "{what}");
        let weak = identified.weak;
        let verdict = worker.verify(&password, &stored).unwrap();
        assert!(verdict.matches, "{what}");
        assert!(!worker.verify(&format!("x{password}"), &stored).unwrap().matches, "{what}");
        other_texts_change_nothing(&mut worker, &password, &others, &stored);
        if let Some(wrapped) = worker.wrap(&stored).unwrap() {
            assert!(worker.verify(&password, &wrapped).unwrap().matches, "{wrapped} from {what}");
            assert!(
                !worker.verify(&format!("x{password}"), &wrapped).unwrap().matches,
                "{wrapped} from {what}"
            );
            assert_eq!(worker.wrap(&wrapped), Ok(None), "{wrapped}");
            let identified = passwords.identify(&wrapped).unwrap();
            assert_eq!(identified.wrapped.unwrap().as_str(), scheme, "{wrapped}");
            other_texts_change_nothing(&mut worker, &password, &others, &wrapped);
        }
        if verdict.wrap.is_some() {
            let wrapped = worker.rewrap(&[&password], &stored).unwrap().unwrap();
            let again = worker.verify(&password, &wrapped).unwrap();
            assert_eq!(
                (again.matches, again.upgrade, again.wrap),
                (true, None, None),
                "{wrapped} from {what}"
            );
            let identified = passwords.identify(&wrapped).unwrap();
            assert_eq!(identified.wrapped.unwrap().as_str(), scheme, "{wrapped}");
            // A weak one was wrapped in the same way above.
            if !weak {
                other_texts_change_nothing(&mut worker, &password, &others, &wrapped);
            }
        }
    }
}

/// The spellings of a text that a host tries: its normal form, as it was typed, and decomposed.
fn spellings(typed: &str) -> Vec<String> {
    vec![typed.nfc().collect(), typed.to_owned(), typed.nfd().collect()]
}

fn verify(worker: &mut Worker, typed: &str, stored: &str) -> Verdict {
    let spellings = spellings(typed);
    let spellings: Vec<_> = spellings.iter().map(String::as_str).collect();
    let verdict = worker.verify_any(&spellings, stored).unwrap();
    assert!((1..=4).contains(&verdict.tries), "{typed:?} {stored}");
    assert!(verdict.tries + verdict.spared <= most_tries(&spellings), "{typed:?} {stored}");
    verdict
}

/// Logs in, and returns the hash that is stored afterwards. Returns `None` if the text is refused.
fn log_in(worker: &mut Worker, typed: &str, stored: &str) -> Option<String> {
    let verdict = verify(worker, typed, stored);
    assert!(verdict.matches || (verdict.upgrade, verdict.wrap) == (None, None), "{stored}");
    assert!(verdict.upgrade.is_none() || verdict.wrap.is_none(), "{stored}");
    let spellings = spellings(typed);
    let spellings: Vec<_> = spellings.iter().map(String::as_str).collect();
    let stays = || stored.to_owned();
    verdict.matches.then(|| match verdict {
        Verdict { upgrade: Some(_), .. } => worker.hash(spellings[0]).unwrap(),
        Verdict { wrap: Some(_), .. } => worker.rewrap(&spellings, stored).unwrap().unwrap_or_else(stays),
        _ => stays(),
    })
}

/// Texts that a form may accept beside this password.
fn other_texts(password: &str) -> Vec<String> {
    vec![
        // Longer than the 72 bytes that bcrypt checks.
        password.repeat(1 + 80 / password.len().max(1)),
        password.nfkc().collect(),
        format!("{password}\0"),
        format!(" {password}\t"),
        format!("{password}x"),
        password.to_uppercase(),
        password.trim().replace('\'', "\\'"),
        password.nfd().collect(),
    ]
}

/// Checks that a log-in with another text, if it is accepted, does not change which texts are accepted afterwards, and that
/// the password itself always is.
fn other_texts_change_nothing(worker: &mut Worker, password: &str, others: &[String], stored: &str) {
    let accepted: Vec<_> = others.iter().filter(|other| verify(worker, other, stored).matches).collect();
    let normal = |text: &str| text.nfc().collect::<String>();
    for typed in accepted.iter().filter(|typed| normal(typed) != normal(password)) {
        let after = log_in(worker, typed, stored).unwrap();
        if after != stored {
            for text in accepted.iter().map(|text| text.as_str()).chain([password]) {
                assert!(verify(worker, text, &after).matches, "{text:?}: {typed:?} made {after} of {stored}");
            }
            let wrong = format!("x{password}");
            assert!(!verify(worker, &wrong, &after).matches, "{typed:?} made {after} of {stored}");
        }
    }
    let after = log_in(worker, password, stored).unwrap();
    assert_eq!(log_in(worker, password, &after), Some(after.clone()), "{password:?} after {stored}");
}

fn context() -> PasswordContext {
    PasswordContext::builder().argon2id(8, 1, 1).build().unwrap()
}

#[test]
fn argon2_cffi() {
    all_verify(&context(), "argon2-cffi");
}

#[test]
fn node_argon2() {
    all_verify(&context(), "node-argon2");
    all_verify(&context(), "node-argon2-data");
}

#[test]
fn python_bcrypt() {
    all_verify(&context(), "bcrypt");
}

#[test]
fn bcryptjs() {
    all_verify(&context(), "bcryptjs");
}

#[test]
fn php_and_wordpress() {
    all_verify(&context(), "php");
    all_verify(&context(), "wordpress");
    all_verify(&context(), "php-forms");
}

#[test]
fn passlib() {
    all_verify(&context(), "passlib");
}

#[test]
fn django() {
    all_verify(&context(), "django");
}

#[test]
fn werkzeug() {
    all_verify(&context(), "werkzeug");
}

#[test]
fn libxcrypt() {
    all_verify(&context(), "libxcrypt");
}

#[test]
fn keycloak_auth0_and_ldap() {
    all_verify(&context(), "json");
}

#[test]
fn openldap() {
    all_verify(&context(), "openldap");
}

#[test]
fn ory_kratos() {
    all_verify(&context(), "kratos");
}

#[test]
fn fusionauth() {
    all_verify(&context(), "fusionauth");
    all_verify(&context(), "fusionauth-drupal");
}

#[test]
fn asp_net_core() {
    all_verify(&context(), "aspnet-2");
    all_verify(&context(), "aspnet-3");
}

#[test]
fn better_auth() {
    all_verify(&context(), "better-auth");
}

#[test]
fn lucia() {
    all_verify(&context(), "lucia-2");
}

#[test]
fn lucia_before_s2() {
    all_verify(&context(), "lucia-first");
}

#[test]
fn lucia_after_s2() {
    all_verify(&context(), "lucia-3");
    all_verify(&context(), "lucia-legacy");
}

#[test]
fn drupal() {
    all_verify(&context(), "drupal-hash");
    all_verify(&context(), "drupal-update");
    all_verify(&context(), "drupal-trimmed");
}

#[test]
fn devise() {
    let passwords =
        PasswordContext::builder().argon2id(8, 1, 1).devise_pepper("devise-pepper").build().unwrap();
    all_verify(&passwords, "devise");
    let without = context();
    for vector in vectors("devise") {
        // Beyond 72 bytes the pepper has no effect, in Devise as here.
        let matches = without.verify(&vector.password, &vector.stored).unwrap().matches;
        assert_eq!(matches, vector.password.len() > 71, "{:?}", vector.password);
    }
}

/// The parameters of the example in Firebase's README.
fn firebase_project() -> PasswordContext {
    let key = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    PasswordContext::builder().argon2id(8, 1, 1).firebase(key, "Bw==", 8, 14).build().unwrap()
}

#[test]
fn firebase() {
    all_verify(&firebase_project(), "firebase-scrypt");
    all_verify(&firebase_project(), "firebase-python");
}

#[test]
fn published() {
    all_verify(&firebase_project(), "published");
}
