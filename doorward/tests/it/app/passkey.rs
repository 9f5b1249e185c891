//! A passkey of a user: a device and its browser in one, whose fields a test can change.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::app::{Actor, Answer};

// The flags of authenticator data (WebAuthn, section 6.1).
const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
pub(crate) const ELIGIBLE: u8 = 0x08;
pub(crate) const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

/// A passkey, and what its browser says.
#[derive(Clone)]
pub(crate) struct Passkey {
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) id: Vec<u8>,
    pub(crate) handle: Option<String>,
    pub(crate) origin: String,
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    pub(crate) count: u32,
    pub(crate) aaguid: [u8; 16],
    pub(crate) discoverable: Option<bool>,
    pub(crate) cross_origin: bool,
}

impl Passkey {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Self {
            pkcs8: pkcs8.as_ref().to_vec(),
            id,
            handle: None,
            origin: "http://localhost:8000".into(),
            rp_id: "localhost".into(),
            flags: VERIFIED,
            count: 0,
            aaguid: [0; 16],
            discoverable: Some(true),
            cross_origin: false,
        }
    }

    /// A security key that cannot log in without an address.
    pub(crate) fn second_step_only() -> Self {
        Self { discoverable: Some(false), ..Self::new() }
    }

    /// Adds a passkey to the account of this user, who has logged in a moment ago. Returns its number too.
    pub(crate) async fn add(user: &mut Actor<'_>) -> (Self, i64) {
        let mut passkey = Self::new();
        let answer = passkey.try_to_add(user).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        (passkey, answer.json()["id"].as_i64().unwrap())
    }

    pub(crate) async fn try_to_add(&mut self, user: &mut Actor<'_>) -> Answer {
        let options = user.post("/auth/passkeys/options", json!({})).await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.text);
        let credential = self.make(&options.json());
        user.post("/auth/passkeys", json!({ "credential": credential })).await
    }

    /// Logs in. Nothing but the passkey is sent.
    pub(crate) async fn log_in(&self, client: &mut Actor<'_>) -> Answer {
        let options = client.post("/auth/login/passkey/options", json!({})).await;
        assert_eq!(options.status, StatusCode::OK, "{}", options.text);
        let credential = self.answer(&options.json());
        client.post("/auth/login/passkey", json!({ "credential": credential })).await
    }

    fn pair(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8).unwrap()
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        json!({
            "type": ceremony,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        })
        .to_string()
        .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags | PRESENT);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// What the browser says to these options for a new passkey.
    pub(crate) fn make(&mut self, options: &Value) -> Value {
        self.handle = options["user"]["id"].as_str().map(str::to_owned);
        let mut data = self.data(self.flags | ATTESTED);
        data.extend(self.aaguid);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let pair = self.pair();
        let point = &pair.public_key().as_ref()[1..];
        // COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[..32]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[32..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(&data);
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.id),
            "rawId": URL_SAFE_NO_PAD.encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": ["hybrid", "internal"],
            },
            "clientExtensionResults": {"credProps": {"rk": self.discoverable}},
        })
    }

    /// What the browser says to these options for a proof.
    pub(crate) fn answer(&self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(self.flags);
        let signed = [&data, digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.pair().sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.id),
            "rawId": URL_SAFE_NO_PAD.encode(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature),
                "userHandle": self.handle,
            },
            "clientExtensionResults": {},
        })
    }
}
