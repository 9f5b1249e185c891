//! Public keys as `COSE_Key`: strict, and never another algorithm than they say.

use doorward_passkey::{Algorithm, Error, PublicKey};

use crate::authenticator::{Authenticator, Cbor, head};

const MALFORMED: Error = Error::Malformed("the public key");

/// What happens to a key of this algorithm after one change.
fn read(algorithm: Algorithm, change: impl FnOnce(&mut Authenticator)) -> Result<PublicKey, Error> {
    let mut device = Authenticator::new(algorithm);
    change(&mut device);
    PublicKey::from_cose(&device.cose())
}

fn set(label: i64, value: Cbor) -> impl FnOnce(&mut Authenticator) {
    move |device| {
        device.key.insert(label, value);
    }
}

#[test]
fn a_stored_key_is_read_as_it_was_written() {
    for algorithm in Algorithm::ALL {
        let key = read(algorithm, |_| ()).unwrap();
        let again = PublicKey::from_cose(key.as_cose()).unwrap();
        assert_eq!((again.algorithm(), &again), (algorithm, &key));
    }
    assert_ne!(read(Algorithm::EdDsa, |_| ()), read(Algorithm::EdDsa, |_| ()));
}

#[test]
fn other_algorithms_are_refused() {
    // ES512, Ed448, PS256, RS1, ES256K, ML-DSA-44, and numbers that do not exist.
    for number in [-36, -53, -37, -65_535, -47, -48, 0, 7, i64::MAX, i64::MIN] {
        for algorithm in Algorithm::ALL {
            assert_eq!(read(algorithm, set(3, Cbor::Number(number))), Err(Error::Algorithm), "{number}");
        }
    }
}

#[test]
fn a_key_of_one_algorithm_never_passes_for_another() {
    for algorithm in Algorithm::ALL {
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            let renamed = read(algorithm, set(3, Cbor::Number(other.number())));
            assert_eq!(renamed, Err(Error::PublicKey), "{algorithm:?} as {other:?}");
        }
    }
}

#[test]
fn the_kind_and_the_curve_must_fit_the_algorithm() {
    for (algorithm, kind, curve) in [
        (Algorithm::Es256, 2, 1),
        (Algorithm::Es384, 2, 2),
        (Algorithm::EdDsa, 1, 6),
        (Algorithm::Rs256, 3, 0),
    ] {
        for other in (0..=8).filter(|other| *other != kind) {
            assert_eq!(read(algorithm, set(1, Cbor::Number(other))), Err(Error::PublicKey), "{other}");
        }
        for other in (0..=8).filter(|other| *other != curve) {
            assert_eq!(read(algorithm, set(-1, Cbor::Number(other))), Err(Error::PublicKey), "{other}");
        }
    }
}

#[test]
fn every_parameter_is_needed() {
    for algorithm in Algorithm::ALL {
        for label in Authenticator::new(algorithm).key.into_keys() {
            let without = read(algorithm, |device| {
                device.key.remove(&label);
            });
            assert_eq!(without, Err(Error::PublicKey), "{algorithm:?} {label}");
        }
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_refused() {
    for (algorithm, length) in [(Algorithm::Es256, 32), (Algorithm::Es384, 48)] {
        for byte in [0, 1, 0xFF] {
            let point = Cbor::Bytes(vec![byte; length]);
            assert_eq!(read(algorithm, set(-2, point.clone())), Err(Error::PublicKey), "{byte}");
            assert_eq!(read(algorithm, set(-3, point)), Err(Error::PublicKey), "{byte}");
        }
    }
}

#[test]
fn coordinates_have_exactly_their_length() {
    for algorithm in [Algorithm::Es256, Algorithm::Es384] {
        let moved = read(algorithm, |device| {
            let (Cbor::Bytes(mut x), Cbor::Bytes(mut y)) = (device.key[&-2].clone(), device.key[&-3].clone())
            else {
                unreachable!()
            };
            // The bytes of both together are the same.
            y.insert(0, x.pop().unwrap());
            device.key.insert(-2, Cbor::Bytes(x));
            device.key.insert(-3, Cbor::Bytes(y));
        });
        assert_eq!(moved, Err(Error::PublicKey), "{algorithm:?}");
    }
    for (algorithm, label) in [(Algorithm::Es256, -2), (Algorithm::Es384, -3), (Algorithm::EdDsa, -2)] {
        for length in [0, 1, 31, 33, 47, 49, 64, 65, 97] {
            let value = Cbor::Bytes(vec![1; length]);
            assert_eq!(read(algorithm, set(label, value)), Err(Error::PublicKey), "{length}");
        }
    }
}

#[test]
fn a_compressed_point_is_refused() {
    for sign in [Cbor::Raw(vec![0xF4]), Cbor::Raw(vec![0xF5])] {
        assert_eq!(read(Algorithm::Es256, set(-3, sign)), Err(MALFORMED));
    }
}

#[test]
fn another_encoding_of_a_key_in_place_of_its_bytes_is_refused() {
    // aws-lc-rs would read this SubjectPublicKeyInfo.
    let info = [&b"\x30\x2A\x30\x05\x06\x03\x2B\x65\x70\x03\x21\x00"[..], &[1; 32]].concat();
    assert_eq!(read(Algorithm::EdDsa, set(-2, Cbor::Bytes(info))), Err(Error::PublicKey));
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits() {
    let modulus = |bits: usize| {
        let mut modulus = vec![0xFF; bits.div_ceil(8)];
        modulus[0] = 0xFF >> ((8 - bits % 8) % 8);
        Cbor::Bytes(modulus)
    };
    for bits in [1, 1024, 2040, 2047, 8193, 16_384] {
        assert_eq!(read(Algorithm::Rs256, set(-1, modulus(bits))), Err(Error::PublicKey), "{bits}");
    }
    for bits in [2048, 3072, 3482, 8192] {
        assert!(read(Algorithm::Rs256, set(-1, modulus(bits))).is_ok(), "{bits}");
    }
    assert_eq!(read(Algorithm::Rs256, set(-1, Cbor::Bytes(Vec::new()))), Err(Error::PublicKey));
    for exponent in [Vec::new(), vec![0, 1, 0, 1], vec![1; 6], vec![1; 1000]] {
        let read = read(Algorithm::Rs256, set(-2, Cbor::Bytes(exponent.clone())));
        assert_eq!(read, Err(Error::PublicKey), "{exponent:?}");
    }
}

#[test]
fn a_number_in_place_of_bytes_is_refused() {
    for (algorithm, label) in [(Algorithm::Es256, -2), (Algorithm::EdDsa, -2), (Algorithm::Rs256, -1)] {
        assert_eq!(read(algorithm, set(label, Cbor::Number(1))), Err(Error::PublicKey), "{algorithm:?}");
    }
}

#[test]
fn a_parameter_that_is_not_allowed_is_refused() {
    for label in [0, 2, 4, 5, -4, -5, -12, -128] {
        let value = Cbor::Bytes(vec![1]);
        assert_eq!(read(Algorithm::Es256, set(label, value)), Err(MALFORMED), "{label}");
    }
    for label in [256, -256, i64::MAX, i64::MIN] {
        assert_eq!(read(Algorithm::Es256, set(label, Cbor::Number(1))), Err(MALFORMED), "{label}");
    }
    // Ed25519 has no y, and RSA in a public key no third number.
    for algorithm in [Algorithm::EdDsa, Algorithm::Rs256] {
        assert_eq!(
            read(algorithm, set(-3, Cbor::Bytes(vec![1; 32]))),
            Err(Error::PublicKey),
            "{algorithm:?}"
        );
    }
}

#[test]
fn a_repeated_parameter_is_refused() {
    let good = Authenticator::new(Algorithm::Es256).cose();
    let again = [&[good[0] + 1], &good[1..], &Cbor::Number(3).encode(), &Cbor::Number(-7).encode()].concat();
    assert_eq!(PublicKey::from_cose(&again), Err(MALFORMED));
}

#[test]
fn bytes_after_a_stored_key_are_refused() {
    let key = [&Authenticator::new(Algorithm::Es256).cose()[..], &[0]].concat();
    assert_eq!(PublicKey::from_cose(&key), Err(Error::TrailingBytes("the public key")));
}

#[test]
fn keys_that_end_early_or_are_no_map_are_refused() {
    let good = Authenticator::new(Algorithm::Es256).cose();
    for length in 0..good.len() {
        assert_eq!(PublicKey::from_cose(&good[..length]), Err(MALFORMED), "{length}");
    }
    for bad in
        [vec![0x00], vec![0x80], vec![0xF6], [&[0xBF], &good[1..], &[0xFF]].concat(), head(5, 4_000_000_000)]
    {
        assert_eq!(PublicKey::from_cose(&bad), Err(MALFORMED), "{bad:?}");
    }
    let empty = PublicKey::from_cose(&[0xA0]);
    assert_eq!(empty, Err(Error::PublicKey));
}
