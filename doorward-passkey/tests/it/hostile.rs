//! Random and damaged bytes: nothing panics, and nothing is accepted that was not signed.
//!
//! `cargo test -p doorward-passkey hostile -- --ignored` makes it a million inputs.

use doorward_passkey::{
    Algorithm, AuthenticationResponse, Credential, PublicKey, RegistrationResponse, UserVerification,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use crate::authenticator::{ATTESTED, Authenticator, CHALLENGE, ELIGIBLE, EXTENSIONS, site, stored};

/// The parts that a hostile client can send, each in a good form.
struct Seeds {
    passkey: Credential,
    registration: RegistrationResponse,
    authentication: AuthenticationResponse,
    registration_json: Vec<u8>,
    authentication_json: Vec<u8>,
    key: Vec<u8>,
}

fn seeds() -> Vec<Seeds> {
    Algorithm::ALL
        .into_iter()
        .map(|algorithm| {
            let mut device = Authenticator::new(algorithm);
            device.flags |= ELIGIBLE | EXTENSIONS;
            device.after = b"\xA2\x63abc\x82\x01\xA1\x01\x02\x6BcredProtect\x03".to_vec();
            device.more = r#","crossOrigin":false,"future":{"a":[1,"\u00e9",null]}"#.to_owned();
            let (passkey, registration) = (device.register().unwrap(), device.registration());
            device.ceremony = "webauthn.get".to_owned();
            device.flags &= !(ATTESTED | EXTENSIONS);
            device.after.clear();
            let authentication = device.authentication();
            Seeds {
                registration_json: br#"{"id":"AQI","type":"public-key","clientExtensionResults":{"credProps":{"rk":true}},
                    "response":{"clientDataJSON":"e30","attestationObject":"AQI","transports":["usb","nfc"]}}"#
                    .to_vec(),
                authentication_json: br#"{"id":"AQI","type":"public-key","clientExtensionResults":{},"response":
                    {"clientDataJSON":"e30","authenticatorData":"AQI","signature":"AQI","userHandle":"Kg"}}"#
                    .to_vec(),
                key: passkey.public_key.as_cose().to_vec(),
                passkey,
                registration,
                authentication,
            }
        })
        .collect()
}

/// One damage to some bytes.
#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Flip(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let at = 0..4096_usize;
    // Heads of CBOR with lengths that lie, and marks of JSON.
    let telling = prop_oneof![
        Just(b"\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec()),
        Just(b"\x9B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec()),
        Just(b"\x5B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec()),
        Just(b"\x7F\xBF\x9F\x5F\xFF\xFF".to_vec()),
        Just(vec![0x81; 64]),
        Just(vec![b'['; 256]),
        Just(br#""\u0000\ud800"#.to_vec()),
        proptest::collection::vec(any::<u8>(), 1..24),
    ];
    let damage = prop_oneof![
        3 => (at.clone(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        3 => (at.clone(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        1 => at.clone().prop_map(Damage::Cut),
        1 => (at.clone(), 1..16_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        2 => (at.clone(), telling).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (at, 1..64_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ];
    proptest::collection::vec(damage, 1..5)
}

fn damage(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        let length = bytes.len();
        let place = |at: &usize| at % (length + 1);
        match damage {
            Damage::Set(at, byte) if length > 0 => bytes[at % length] = *byte,
            Damage::Flip(at, bit) if length > 0 => bytes[at % length] ^= 1 << bit,
            Damage::Set(..) | Damage::Flip(..) => {}
            Damage::Cut(at) => bytes.truncate(place(at)),
            Damage::Remove(at, count) => {
                bytes.drain(place(at)..(place(at) + count).min(length));
            }
            Damage::Insert(at, more) => {
                bytes.splice(place(at)..place(at), more.iter().copied());
            }
            Damage::Repeat(at, count) => {
                let piece = bytes[place(at)..(place(at) + count).min(length)].to_vec();
                bytes.splice(place(at)..place(at), piece);
            }
        }
    }
    bytes
}

/// Sends the bytes as each part in turn. The other parts are good.
fn send(seeds: &Seeds, part: u8, bytes: Vec<u8>) -> bool {
    let mut site = site();
    site.user_verification = UserVerification::Preferred;
    let mut registration = seeds.registration.clone();
    let mut authentication = seeds.authentication.clone();
    match part {
        0 => registration.attestation_object = bytes,
        1 => registration.client_data = bytes,
        2 => authentication.authenticator_data = bytes,
        3 => authentication.client_data = bytes,
        4 => authentication.signature = bytes,
        5 => {
            return PublicKey::from_cose(&bytes).is_ok_and(|key| {
                assert_eq!(key.as_cose(), bytes, "a key changes");
                true
            });
        }
        6 => return RegistrationResponse::from_json(&bytes).is_ok(),
        _ => return AuthenticationResponse::from_json(&bytes).is_ok(),
    }
    if part < 2 {
        let _ = registration.challenge();
        let Ok(credential) = site.register(&CHALLENGE, &registration) else { return false };
        assert!(credential.id.len() <= 1023 && credential.public_key.as_cose().len() < 1100);
        assert!(credential.backup_eligible || !credential.backed_up);
        return true;
    }
    let _ = authentication.challenge();
    let accepted = site.authenticate(&CHALLENGE, &authentication, &stored(&seeds.passkey)).is_ok();
    assert!(!accepted || authentication == seeds.authentication, "a proof was accepted that was not signed");
    accepted
}

fn good(seeds: &Seeds, part: u8) -> Vec<u8> {
    let part = match part {
        0 => &seeds.registration.attestation_object,
        1 => &seeds.registration.client_data,
        2 => &seeds.authentication.authenticator_data,
        3 => &seeds.authentication.client_data,
        4 => &seeds.authentication.signature,
        5 => &seeds.key,
        6 => &seeds.registration_json,
        _ => &seeds.authentication_json,
    };
    part.clone()
}

fn run(cases: u32) {
    let seeds = seeds();
    for seed in &seeds {
        assert!((0..8).all(|part| send(seed, part, good(seed, part))), "the seeds are good");
    }
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let inputs = (0..seeds.len(), 0..8_u8, damages(), proptest::option::weighted(0.1, any::<Vec<u8>>()));
    runner
        .run(&inputs, |(seed, part, damages, random)| {
            let seed = &seeds[seed];
            send(seed, part, random.unwrap_or_else(|| damage(good(seed, part), &damages)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn twenty_thousand_damaged_answers_do_no_harm() {
    run(20_000);
}

#[test]
#[ignore = "takes some minutes"]
fn a_million_damaged_answers_do_no_harm() {
    run(1_000_000);
}
