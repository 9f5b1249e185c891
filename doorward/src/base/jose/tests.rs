//! Tests of signed tokens. `jsonwebtoken` is the judge: it reads what we sign, and we read what it signs.

use std::sync::LazyLock;

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, jwk::Jwk};
use proptest::prelude::*;

use super::*;

/// A key of each algorithm, and its private part.
static KEYS: LazyLock<Vec<(SigningKey, Zeroizing<Vec<u8>>)>> = LazyLock::new(|| {
    let make = |algorithm| {
        let private = SigningKey::generate(algorithm).unwrap();
        (SigningKey::read(algorithm, &private).unwrap(), private)
    };
    Algorithm::ALL.map(make).into()
});

fn jwks() -> impl Iterator<Item = &'static Value> {
    KEYS.iter().map(|(key, _)| &key.jwk)
}

/// A token with this header, signed by the key.
fn with_header(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let message =
        format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(claims.to_string().as_bytes()));
    let signature = encoded(&key.signature(message.as_bytes()).unwrap());
    format!("{message}.{signature}")
}

#[test]
fn another_library_reads_what_we_sign() {
    for (key, _) in KEYS.iter() {
        let token = key.sign("JWT", &json!({"sub": "7", "exp": 4_000_000_000_u64, "aud": "a"})).unwrap();
        let jwk: Jwk = serde_json::from_value(key.jwk.clone()).unwrap();
        let mut rules = Validation::new(key.algorithm.name().parse().unwrap());
        rules.set_audience(&["a"]);
        let read = jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &rules);
        let read = read.unwrap();
        assert_eq!(read.claims["sub"], "7");
        assert_eq!((read.header.kid.as_ref(), read.header.typ.as_deref()), (Some(&key.id), Some("JWT")));
        assert_eq!(jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(), key.id);
        let private: Vec<_> = ["d", "p", "q", "dp", "dq", "qi", "k"].into();
        assert!(private.iter().all(|name| key.jwk.get(name).is_none()), "the private key stays here");
    }
}

#[test]
fn we_read_what_another_library_signs() {
    for (key, private) in KEYS.iter() {
        let theirs = match key.algorithm {
            // That library wants the inner form of an RSA key.
            Algorithm::Rs256 => EncodingKey::from_rsa_der(&private[26..]),
            Algorithm::Es256 => EncodingKey::from_ec_der(private),
            Algorithm::EdDsa => EncodingKey::from_ed_der(private),
        };
        let mut header = Header::new(key.algorithm.name().parse().unwrap());
        header.kid = Some(key.id.clone());
        let token = jsonwebtoken::encode(&header, &json!({"sub": "7"}), &theirs).unwrap();
        let claims = verify(&token, "JWT", jwks()).unwrap();
        assert_eq!(claims["sub"], "7");
    }
}

#[test]
fn each_changed_character_is_noticed() {
    for (key, _) in KEYS.iter() {
        let token = key.sign("JWT", &json!({"sub": "7"})).unwrap();
        assert!(verify(&token, "JWT", jwks()).is_some());
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(verify(&changed, "JWT", jwks()).is_none(), "{} at {at}", key.algorithm.name());
        }
    }
}

#[test]
fn the_key_decides_the_algorithm_and_headers_bring_nothing_along() {
    let claims = json!({"sub": "7"});
    for (key, _) in KEYS.iter() {
        let fine = json!({"alg": key.algorithm.name(), "kid": key.id, "typ": "JWT"});
        assert!(verify(&with_header(key, &fine, &claims), "JWT", jwks()).is_some());
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("RS512")),
            ("alg", json!("ES384")),
            ("alg", Value::Null),
            ("kid", json!("other")),
            ("kid", Value::Null),
            ("typ", json!("at+jwt")),
            ("crit", json!(["exp"])),
            ("jwk", key.jwk.clone()),
            ("jku", json!("https://evil.example/jwks")),
            ("x5u", json!("https://evil.example/x5u")),
            ("b64", json!(false)),
        ] {
            let mut header = fine.clone();
            header[name] = value;
            let token = with_header(key, &header, &claims);
            assert!(verify(&token, "JWT", jwks()).is_none(), "{header}");
        }
        for other in KEYS.iter().map(|(other, _)| other).filter(|other| other.id != key.id) {
            let claimed = json!({"alg": key.algorithm.name(), "kid": key.id, "typ": "JWT"});
            assert!(verify(&with_header(other, &claimed, &claims), "JWT", jwks()).is_none());
        }
    }
}

#[test]
fn a_token_that_is_too_long_is_not_looked_at() {
    let (key, _) = &KEYS[1];
    let token = |length: usize| key.sign("JWT", &json!({"a": "x".repeat(length)})).unwrap();
    assert!(verify(&token(5000), "JWT", jwks()).is_some());
    assert!(verify(&token(LONGEST), "JWT", jwks()).is_none());
}

proptest! {
    #[test]
    fn any_text_is_refused_without_a_panic(text in "\\PC*|[A-Za-z0-9_.-]*|[.]*") {
        prop_assert!(verify(&text, "JWT", jwks()).is_none());
    }

    #[test]
    fn any_header_and_claims_are_refused_without_a_panic(header in "\\PC*", claims in "\\PC*") {
        let text = format!("{}.{}.{}", encoded(header.as_bytes()), encoded(claims.as_bytes()), "AAAA");
        prop_assert!(verify(&text, "JWT", jwks()).is_none());
    }
}
