//! Options as browsers take them.

use doorward_passkey::{Known, RelyingParty, User, UserVerification};
use serde_json::json;

use crate::authenticator::{CHALLENGE, HANDLE, site};

const ENCODED: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

fn user() -> User<'static> {
    User { handle: HANDLE, name: "ann@example.org", display_name: "Ann" }
}

#[test]
fn creation_options_are_as_browsers_parse_them() {
    let transports = ["internal".to_owned(), "hybrid".to_owned()];
    let known = [Known { id: &[0xFB, 0xFF], transports: &transports }, Known { id: &[1], transports: &[] }];
    let options = site().creation_options(&CHALLENGE, user(), &known);
    assert_eq!(
        serde_json::to_value(options).unwrap(),
        json!({
            "rp": {"id": "example.org", "name": "Example"},
            "user": {"id": "AAAAAAAAACo", "name": "ann@example.org", "displayName": "Ann"},
            "challenge": ENCODED,
            "pubKeyCredParams": [
                {"type": "public-key", "alg": -8},
                {"type": "public-key", "alg": -7},
                {"type": "public-key", "alg": -35},
                {"type": "public-key", "alg": -257},
            ],
            "timeout": 300_000,
            "excludeCredentials": [
                {"type": "public-key", "id": "-_8", "transports": ["internal", "hybrid"]},
                {"type": "public-key", "id": "AQ", "transports": []},
            ],
            "authenticatorSelection": {
                "residentKey": "preferred",
                "requireResidentKey": false,
                "userVerification": "required",
            },
            "hints": [],
            "attestation": "none",
            "extensions": {"credProps": true},
        })
    );
}

#[test]
fn request_options_tell_nothing_about_any_user() {
    assert_eq!(
        serde_json::to_value(site().request_options(&CHALLENGE, &[])).unwrap(),
        json!({
            "challenge": ENCODED,
            "timeout": 300_000,
            "rpId": "example.org",
            "allowCredentials": [],
            "userVerification": "required",
            "hints": [],
        })
    );
    let transports = ["usb".to_owned()];
    let options = site().request_options(&CHALLENGE, &[Known { id: &[1, 2], transports: &transports }]);
    let expected = json!([{"type": "public-key", "id": "AQI", "transports": ["usb"]}]);
    assert_eq!(serde_json::to_value(options).unwrap()["allowCredentials"], expected);
}

#[test]
fn browsers_are_asked_for_the_verification_that_answers_are_checked_for() {
    let preferred = RelyingParty { user_verification: UserVerification::Preferred, ..site() };
    for (site, word) in [(site(), "required"), (preferred, "preferred")] {
        let creation = serde_json::to_value(site.creation_options(&CHALLENGE, user(), &[])).unwrap();
        assert_eq!(creation["authenticatorSelection"]["userVerification"], word);
        let request = serde_json::to_value(site.request_options(&CHALLENGE, &[])).unwrap();
        assert_eq!(request["userVerification"], word);
    }
}
