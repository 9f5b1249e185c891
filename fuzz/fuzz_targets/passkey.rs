//! Any bytes as each part of a passkey's answer: nothing panics, and what is accepted can be stored and read again.
//!
//! The first byte chooses the part.

#![no_main]

use std::sync::LazyLock;

use doorward_passkey::{
    AuthenticationResponse, Credential, Error, PublicKey, RegistrationResponse, RelyingParty, Stored,
    UserVerification,
};
use libfuzzer_sys::{Corpus, fuzz_target};

const CHALLENGE: [u8; 32] = [7; 32];
const CREATED: &str = r#"{"type":"webauthn.create","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://example.org"}"#;
const GOT: &str = r#"{"type":"webauthn.get","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://example.org"}"#;

/// An Ed25519 key (RFC 8032, section 7.1, test 2).
const KEY: [u8; 42] = *b"\xA4\x01\x01\x03\x27\x20\x06\x21\x58\x20\x3D\x40\x17\xC3\xE8\x43\x89\x5A\x92\xB7\x0A\xA7\x4D\x1B\x7E\xBC\
    \x9C\x98\x2C\xCF\x2E\xC4\x96\x8C\xC0\xCD\x55\xF1\x2A\xF4\x66\x0C";

static SITE: LazyLock<RelyingParty> = LazyLock::new(|| {
    let mut site = RelyingParty::new("example.org", "Example", ["https://example.org"]);
    site.user_verification = UserVerification::Preferred;
    site
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some((part, bytes)) = bytes.split_first() else { return Corpus::Reject };
    match part % 7 {
        0 => registered(CREATED.as_bytes(), bytes),
        1 => registered(bytes, b""),
        2 => refused(GOT.as_bytes(), bytes),
        3 => refused(bytes, b""),
        4 => stored(bytes),
        5 => {
            if let Ok(response) = RegistrationResponse::from_json(bytes) {
                registered(&response.client_data, &response.attestation_object);
            }
        }
        _ => {
            if let Ok(response) = AuthenticationResponse::from_json(bytes) {
                refused(&response.client_data, &response.authenticator_data);
            }
        }
    }
    Corpus::Keep
});

/// What is registered keeps the promises of its type.
fn registered(client_data: &[u8], attestation_object: &[u8]) {
    let response = RegistrationResponse {
        client_data: client_data.to_vec(),
        attestation_object: attestation_object.to_vec(),
        transports: Vec::new(),
        discoverable: None,
    };
    let challenge = response.challenge();
    let Ok(Credential { id, public_key, backup_eligible, backed_up, .. }) =
        SITE.register(&CHALLENGE, &response)
    else {
        return;
    };
    assert_eq!(challenge.as_deref(), Ok(&CHALLENGE[..]), "another challenge was accepted");
    assert!(id.len() <= 1023 && (backup_eligible || !backed_up));
    stored(public_key.as_cose());
}

/// A key that can be stored is read as the same key.
fn stored(cose: &[u8]) {
    if let Ok(key) = PublicKey::from_cose(cose) {
        assert_eq!(key.as_cose(), cose);
        assert!(cose.len() < 1100, "a key is larger than any of its algorithm");
    }
}

/// Nobody can sign for this passkey.
fn refused(client_data: &[u8], authenticator_data: &[u8]) {
    let response = AuthenticationResponse {
        id: vec![1],
        client_data: client_data.to_vec(),
        authenticator_data: authenticator_data.to_vec(),
        signature: vec![1; 64],
        user_handle: None,
    };
    let key = PublicKey::from_cose(&KEY).expect("the key is valid");
    let stored =
        Stored { id: &[1], user_handle: b"42", public_key: &key, sign_count: 0, backup_eligible: false };
    let refused: Result<_, Error> = SITE.authenticate(&CHALLENGE, &response, &stored);
    assert!(refused.is_err(), "a proof without a signature was accepted");
}
