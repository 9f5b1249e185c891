//! Taking an account back, and checking a server: `user reset-second-factor`, `user lock-out`, `doctor`.

use serde_json::json;

use crate::home::Home;

/// The hash of a password.
const MD5: &str = "88e4ddd2402d92d50e1879d6ecd9ffd4";

/// A server with Ann and Bo, who have authenticator apps.
fn with_apps() -> Home {
    let home = Home::on_sqlite();
    home.start().stop();
    let line = |email: &str, secret: &str| json!({"email": email, "password_hash": MD5, "totp": {"secret": secret}, "recovery_codes": ["abcd1234"]});
    let lines = format!(
        "{}\n{}\n",
        line("ann@example.org", "JBSWY3DPEHPK3PXP"),
        line("bo@example.org", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    );
    let dry = home.run_with(&["user", "import", "-"], &lines).done();
    assert!(
        dry.contains("1  with a weak authenticator secret") && dry.contains("line 1: totp: 80 bits"),
        "{dry}"
    );
    home.run_with(&["user", "import", "-", "--apply"], &lines).done();
    home
}

#[test]
fn a_second_factor_is_reset_after_a_restore_without_the_key_file() {
    let home = with_apps();
    std::fs::remove_file(home.path("doorward.key")).unwrap();
    let error = home.run(&["user", "list"]).failed();
    assert!(error.contains("expected the key with the id"), "{error}");
    let removed = home.run(&["user", "reset-second-factor", "ann@example.org"]).done();
    assert_eq!(removed.trim(), "removed the second factor of ann@example.org");
    let told = home.run(&["user", "lock-out", "bo@example.org"]).done();
    assert!(told.starts_with("locked everybody out of bo@example.org"), "{told}");
    let error = home.run(&["user", "reset-second-factor", "ann@example.org"]).failed();
    assert!(error.contains("ann@example.org has no second factor"), "{error}");
}

#[test]
fn a_doctor_tells_what_is_missing() {
    let home = with_apps();
    let fine = home.run(&["doctor"]).done();
    for line in [
        "ok       configuration",
        "ok       database",
        "ok       schema",
        "ok       sealing keys",
        "ok       clock",
    ] {
        assert!(fine.contains(line), "{line}: {fine}");
    }
    assert!(fine.contains("warning  mail: there is no smtp_url"), "{fine}");
    std::fs::remove_file(home.path("doorward.key")).unwrap();
    let ill = home.run(&["doctor"]);
    assert_eq!(ill.code(), Some(1));
    assert!(ill.stdout().contains("fault    sealing keys: "), "{}", ill.stdout());
    assert!(ill.stderr().contains("one check has found a fault"), "{}", ill.stderr());
}
