//! Hashes that the original systems made or published. `tests/vectors` has them and the scripts that made them.

use doorward_password::{PasswordContext, Worker};
use serde_json::Value;

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
    assert!(vectors.len() >= 5, "{file}");
    let mut worker = passwords.worker();
    for Vector { by, scheme, password, stored } in vectors {
        let what = format!("{by}: {password:?} {stored}");
        let identified = passwords.identify(&stored).unwrap_or_else(|error| panic!("{error}: {what}"));
        assert_eq!(identified.scheme.as_str(), scheme, "{what}");
        assert!(worker.verify(&password, &stored).unwrap().matches, "{what}");
        assert!(!worker.verify(&format!("x{password}"), &stored).unwrap().matches, "{what}");
        never_replaced_by_another_text(&mut worker, &password, &stored);
        if let Some(wrapped) = worker.wrap(&stored).unwrap() {
            assert!(worker.verify(&password, &wrapped).unwrap().matches, "{wrapped} from {what}");
            assert!(
                !worker.verify(&format!("x{password}"), &wrapped).unwrap().matches,
                "{wrapped} from {what}"
            );
            assert_eq!(worker.wrap(&wrapped), Ok(None), "{wrapped}");
            let identified = passwords.identify(&wrapped).unwrap();
            assert_eq!(identified.wrapped.unwrap().as_str(), scheme, "{wrapped}");
        }
    }
}

/// Checks that a text which differs from the password, and is accepted all the same, does not replace the hash: the owner's
/// password would be refused from then on.
fn never_replaced_by_another_text(worker: &mut Worker, password: &str, stored: &str) {
    let others = [
        // Longer than the 72 bytes that bcrypt checks.
        password.repeat(1 + 80 / password.len().max(1)),
        format!("{password}x"),
        format!("{password}\0"),
        format!("{password} "),
        password.to_uppercase(),
    ];
    for other in others.iter().filter(|other| *other != password) {
        let verdict = worker.verify(other, stored).unwrap();
        assert_eq!(verdict.upgrade, None, "{other:?} would replace {stored}");
    }
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
fn drupal() {
    all_verify(&context(), "drupal-hash");
    all_verify(&context(), "drupal-update");
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
