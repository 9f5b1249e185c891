//! An authenticator and its browser in one, whose every field a test can change.

use std::{cell::Cell, collections::BTreeMap, sync::LazyLock};

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward_passkey::{
    Algorithm, Authentication, AuthenticationResponse, Credential, Error, PublicKey, RegistrationResponse,
    RelyingParty, Stored,
};

pub(crate) const CHALLENGE: [u8; 32] = [7; 32];
pub(crate) const HANDLE: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 42];
pub(crate) const ORIGIN: &str = "https://example.org";

// The flags of authenticator data.
pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
pub(crate) const ELIGIBLE: u8 = 0x08;
pub(crate) const BACKED_UP: u8 = 0x10;
pub(crate) const ATTESTED: u8 = 0x40;
pub(crate) const EXTENSIONS: u8 = 0x80;

pub(crate) fn site() -> RelyingParty {
    RelyingParty::new("example.org", "Example", [ORIGIN])
}

/// A value of CBOR.
#[derive(Clone)]
pub(crate) enum Cbor {
    Number(i64),
    Bytes(Vec<u8>),
    Text(&'static str),
    Map(Vec<(Cbor, Cbor)>),
    Raw(Vec<u8>),
}

impl Cbor {
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Number(number) if *number >= 0 => head(0, *number as u64),
            Self::Number(number) => head(1, (-1 - number) as u64),
            Self::Bytes(bytes) => [head(2, bytes.len() as u64), bytes.clone()].concat(),
            Self::Text(text) => [head(3, text.len() as u64), text.as_bytes().to_vec()].concat(),
            Self::Map(pairs) => pairs.iter().fold(head(5, pairs.len() as u64), |map, (key, value)| {
                [map, key.encode(), value.encode()].concat()
            }),
            Self::Raw(bytes) => bytes.clone(),
        }
    }
}

pub(crate) fn head(kind: u8, number: u64) -> Vec<u8> {
    match number {
        0..24 => vec![kind << 5 | number as u8],
        24..256 => vec![kind << 5 | 24, number as u8],
        256..65_536 => [vec![kind << 5 | 25], (number as u16).to_be_bytes().to_vec()].concat(),
        _ => [vec![kind << 5 | 26], (number as u32).to_be_bytes().to_vec()].concat(),
    }
}

/// RSA keys take long to make: two of them take turns.
static RSA_KEYS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    [(); 2].map(|()| {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap().as_ref().to_vec()
    })
});
thread_local! {
    static RSA_TURN: Cell<usize> = const { Cell::new(0) };
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

pub(crate) struct Authenticator {
    pair: Pair,
    /// The parameters of the key, by their labels.
    pub(crate) key: BTreeMap<i64, Cbor>,
    pub(crate) id: Vec<u8>,
    // The client data. Texts are JSON.
    pub(crate) ceremony: String,
    pub(crate) challenge: Vec<u8>,
    pub(crate) origin: String,
    /// Further members, each with a comma before it.
    pub(crate) more: String,
    // The authenticator data.
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    pub(crate) count: u32,
    pub(crate) aaguid: [u8; 16],
    /// What follows the fields above.
    pub(crate) after: Vec<u8>,
}

impl Authenticator {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let (pair, key) = make(algorithm);
        Self {
            pair,
            key,
            id: vec![9; 32],
            ceremony: "webauthn.create".to_owned(),
            challenge: CHALLENGE.to_vec(),
            origin: ORIGIN.to_owned(),
            more: r#","crossOrigin":false"#.to_owned(),
            rp_id: "example.org".to_owned(),
            flags: PRESENT | VERIFIED | ATTESTED,
            count: 0,
            aaguid: [3; 16],
            after: Vec::new(),
        }
    }

    /// One that has made its passkey, and will prove it.
    pub(crate) fn registered(algorithm: Algorithm) -> (Self, Credential) {
        let mut device = Self::new(algorithm);
        let credential = device.register().unwrap();
        device.ceremony = "webauthn.get".to_owned();
        device.flags = PRESENT | VERIFIED;
        (device, credential)
    }

    pub(crate) fn client_data(&self) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(&self.challenge);
        format!(
            r#"{{"type":"{}","challenge":"{challenge}","origin":"{}"{}}}"#,
            self.ceremony, self.origin, self.more
        )
        .into_bytes()
    }

    pub(crate) fn authenticator_data(&self) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend(self.count.to_be_bytes());
        if self.flags & ATTESTED != 0 {
            data.extend(self.aaguid);
            data.extend((self.id.len() as u16).to_be_bytes());
            data.extend(&self.id);
            data.extend(self.cose());
        }
        data.extend(&self.after);
        data
    }

    pub(crate) fn cose(&self) -> Vec<u8> {
        let mut labels: Vec<i64> = self.key.keys().copied().collect();
        labels.sort_by_key(|label| (*label < 0, label.unsigned_abs()));
        let pairs = labels.iter().map(|label| (Cbor::Number(*label), self.key[label].clone()));
        Cbor::Map(pairs.collect()).encode()
    }

    pub(crate) fn attestation_object(&self) -> Vec<u8> {
        Cbor::Map(vec![
            (Cbor::Text("fmt"), Cbor::Text("none")),
            (Cbor::Text("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::Text("authData"), Cbor::Bytes(self.authenticator_data())),
        ])
        .encode()
    }

    pub(crate) fn registration(&self) -> RegistrationResponse {
        RegistrationResponse {
            client_data: self.client_data(),
            attestation_object: self.attestation_object(),
            transports: vec!["internal".to_owned()],
            discoverable: Some(true),
        }
    }

    pub(crate) fn register(&self) -> Result<Credential, Error> {
        site().register(&CHALLENGE, &self.registration())
    }

    pub(crate) fn authentication(&self) -> AuthenticationResponse {
        let (client_data, authenticator_data) = (self.client_data(), self.authenticator_data());
        let hash = digest(&SHA256, &client_data);
        let signature = self.sign(&[&authenticator_data, hash.as_ref()].concat());
        AuthenticationResponse {
            id: self.id.clone(),
            client_data,
            authenticator_data,
            signature,
            user_handle: Some(HANDLE.to_vec()),
        }
    }

    pub(crate) fn authenticate(&self, credential: &Credential) -> Result<Authentication, Error> {
        site().authenticate(&CHALLENGE, &self.authentication(), &stored(credential))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// What a database keeps of a credential.
pub(crate) fn stored(credential: &Credential) -> Stored<'_> {
    Stored {
        id: &credential.id,
        user_handle: HANDLE,
        public_key: &credential.public_key,
        sign_count: credential.sign_count,
        backup_eligible: credential.backup_eligible,
    }
}

fn make(algorithm: Algorithm) -> (Pair, BTreeMap<i64, Cbor>) {
    match algorithm {
        Algorithm::Es256 => elliptic(&ECDSA_P256_SHA256_ASN1_SIGNING, -7, 1),
        Algorithm::Es384 => elliptic(&ECDSA_P384_SHA384_ASN1_SIGNING, -35, 2),
        Algorithm::EdDsa => {
            let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
            let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
            let key = [number(1, 1), number(3, -8), number(-1, 6), bytes(-2, pair.public_key().as_ref())];
            (Pair::Ed(pair), key.into())
        }
        Algorithm::Rs256 => {
            let pair = RsaKeyPair::from_pkcs8(&RSA_KEYS[RSA_TURN.replace(1 - RSA_TURN.get())]).unwrap();
            let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
            let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
            let key = [number(1, 3), number(3, -257), bytes(-1, n), bytes(-2, e)];
            let key = key.into();
            (Pair::Rsa(pair), key)
        }
        other => panic!("{other:?} is new here"),
    }
}

fn elliptic(algorithm: &'static EcdsaSigningAlgorithm, name: i64, curve: i64) -> (Pair, BTreeMap<i64, Cbor>) {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
    let point = &pair.public_key().as_ref()[1..];
    let (x, y) = point.split_at(point.len() / 2);
    let key = [number(1, 2), number(3, name), number(-1, curve), bytes(-2, x), bytes(-3, y)];
    (Pair::Ec(pair), key.into())
}

fn number(label: i64, number: i64) -> (i64, Cbor) {
    (label, Cbor::Number(number))
}

fn bytes(label: i64, bytes: &[u8]) -> (i64, Cbor) {
    (label, Cbor::Bytes(bytes.to_vec()))
}

/// A stored key that is read again is the same.
pub(crate) fn read_again(key: &PublicKey) -> PublicKey {
    PublicKey::from_cose(key.as_cose()).unwrap()
}
