//! The test vectors of W3C WebAuthn Level 3, section 16. `tests/vectors/make.py` derives them as the section says.

use doorward_passkey::{
    AuthenticationResponse, Credential, Error, PublicKey, RegistrationResponse, RelyingParty, Stored,
    UserVerification,
};
use serde_json::Value;

use crate::authenticator::read_again;

struct Vector(Value);

impl Vector {
    fn all() -> Vec<Self> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/webauthn-3.jsonl");
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| Self(serde_json::from_str(line).unwrap())).collect()
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap()
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        let hex = self.text(field);
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn registration(&self) -> RegistrationResponse {
        RegistrationResponse {
            client_data: self.text("client_data").as_bytes().to_vec(),
            attestation_object: self.bytes("attestation_object"),
            transports: Vec::new(),
            discoverable: None,
        }
    }

    fn authentication(&self) -> AuthenticationResponse {
        AuthenticationResponse {
            id: self.bytes("credential_id"),
            client_data: self.text("login_client_data").as_bytes().to_vec(),
            authenticator_data: self.bytes("authenticator_data"),
            signature: self.bytes("signature"),
            user_handle: None,
        }
    }

    fn register(&self) -> Result<Credential, Error> {
        site().register(&self.bytes("challenge"), &self.registration())
    }
}

/// Half of the vectors come without user verification.
fn site() -> RelyingParty {
    let mut site = RelyingParty::new("example.org", "Example", ["https://example.org"]);
    site.user_verification = UserVerification::Preferred;
    site
}

fn stored<'a>(credential: &'a Credential, key: &'a PublicKey) -> Stored<'a> {
    Stored {
        id: &credential.id,
        user_handle: b"42",
        public_key: key,
        sign_count: credential.sign_count,
        backup_eligible: credential.backup_eligible,
    }
}

#[test]
fn eleven_published_vectors_verify_and_four_are_refused_on_purpose() {
    let (mut verified, mut refused) = (Vec::new(), Vec::new());
    for vector in Vector::all() {
        let name = vector.text("name");
        let credential = match vector.register() {
            Ok(credential) => credential,
            Err(error) => {
                refused.push((name.to_owned(), error));
                continue;
            }
        };
        assert_eq!(credential.id, vector.bytes("credential_id"), "{name}");
        let key = read_again(&credential.public_key);
        let (challenge, response) = (vector.bytes("login_challenge"), vector.authentication());
        let proof = site().authenticate(&challenge, &response, &stored(&credential, &key));
        let proof = proof.unwrap_or_else(|error| panic!("{name}: {error}"));
        let flags = response.authenticator_data[32];
        assert_eq!(proof.user_verified, flags & 0x04 != 0, "{name}");
        assert_eq!(proof.backup_eligible, flags & 0x08 != 0, "{name}");
        assert_eq!(proof.backed_up, flags & 0x10 != 0, "{name}");
        assert_eq!((proof.sign_count, proof.count_regressed), (0, false), "{name}");
        verified.push(name.to_owned());
    }
    assert_eq!(
        verified,
        [
            "none.ES256",
            "packed-self.ES256",
            "none.ES256.long-credential-id",
            "packed.ES256",
            "packed.ES384",
            "packed.RS256",
            "packed.EdDSA",
            "tpm.ES256",
            "android-key.ES256",
            "apple.ES256",
            "fido-u2f.ES256",
        ]
    );
    let refused: Vec<_> = refused.iter().map(|(name, error)| (name.as_str(), *error)).collect();
    assert_eq!(
        refused,
        [
            ("none.ES256.crossOrigin", Error::CrossOrigin),
            ("none.ES256.topOrigin", Error::CrossOrigin),
            ("packed.ES512", Error::Algorithm),
            ("packed.Ed448", Error::Algorithm),
        ]
    );
}

#[test]
fn a_changed_last_bit_of_a_signature_is_refused() {
    for vector in Vector::all() {
        let Ok(credential) = vector.register() else { continue };
        let mut response = vector.authentication();
        *response.signature.last_mut().unwrap() ^= 1;
        let challenge = vector.bytes("login_challenge");
        let proof = site().authenticate(&challenge, &response, &stored(&credential, &credential.public_key));
        assert_eq!(proof, Err(Error::Signature), "{}", vector.text("name"));
    }
}

/// Section 16 has three vectors whose bytes other projects print too. These ends of them show that `make.py` derives
/// what was published.
#[test]
fn the_vectors_are_the_published_ones() {
    let ends = [
        ("none.ES256", "937295ea13653e331e87", "2e2664796b9220"),
        ("packed.RS256", "dc6dd398160ff02a6", "12143010001"),
        ("apple.ES256", "c07eec95863e7fc4c", "324eb3e2f136c"),
    ];
    let vectors = Vector::all();
    assert_eq!(vectors.len(), 15);
    for (name, signature, attestation) in ends {
        let vector = vectors.iter().find(|vector| vector.text("name") == name).unwrap();
        assert!(vector.text("signature").ends_with(signature), "{name}");
        assert!(vector.text("attestation_object").ends_with(attestation), "{name}");
    }
}
