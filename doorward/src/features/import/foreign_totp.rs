//! The second factors of a user of another system: an authenticator app, and recovery codes.

use std::fmt;

use form_urlencoded::parse;
use serde_json::{Map, Value};
use totp_rs::Secret;
use zeroize::Zeroizing;

use crate::base::{
    error::FieldError,
    secret,
    totp::{ALGORITHM, App, DIGITS, PERIOD},
};

/// The fewest bytes of a secret: 80 bits, as Google Authenticator made them.
const FEWEST: usize = 10;
/// The fewest bytes of a secret that is not weak: 128 bits (RFC 4226, section 4).
const ENOUGH: usize = 16;
/// The most recovery codes of a user. A wrong one is compared with each.
const MOST_CODES: usize = 16;
/// The fewest letters and digits of a recovery code.
const SHORTEST_CODE: usize = 6;

/// An authenticator app that a user has added at another system. The user goes on with the same app.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignTotp {
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) algorithm: &'static str,
    pub(super) digits: i64,
    pub(super) period: i64,
}

impl fmt::Debug for ForeignTotp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignTotp").field("bits", &self.bits()).finish_non_exhaustive()
    }
}

impl ForeignTotp {
    /// Reads an address such as `otpauth://totp/Acme:ann?secret=JBSWY3DPEHPK3PXP`.
    ///
    /// # Errors
    /// Says what is expected. The error repeats nothing of the secret.
    pub fn from_uri(uri: &str) -> Result<Self, FieldError> {
        const EXPECTED: &str = "expected otpauth://totp/… with a secret";
        let rest = uri.strip_prefix("otpauth://totp/").ok_or_else(|| wrong(EXPECTED))?;
        let (_, query) = rest.split_once('?').ok_or_else(|| wrong(EXPECTED))?;
        let named = |name: &str| parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
        let number = |name: &str, default| match named(name) {
            None => Ok(default),
            Some(number) => number.parse().map_err(|_| wrong("expected digits and period as numbers")),
        };
        let secret = named("secret").ok_or_else(|| wrong(EXPECTED))?;
        let algorithm = named("algorithm").unwrap_or(ALGORITHM.into());
        Self::new(&secret, &algorithm, number("digits", DIGITS)?, number("period", PERIOD)?)
    }

    /// Takes the parameters: the secret in base32, `SHA1`, `SHA256` or `SHA512`, 6 to 8 digits, and the seconds of a
    /// step. Most apps know only `SHA1`, 6 and 30.
    ///
    /// # Errors
    /// Says what is expected. The error repeats nothing of the secret.
    pub fn new(secret: &str, algorithm: &str, digits: i64, period: i64) -> Result<Self, FieldError> {
        let letters = secret.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '='));
        let letters = Zeroizing::new(letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>());
        let secret = Secret::try_from_base32(&letters).map_err(|_| wrong("expected a secret in base32"))?;
        let secret = Zeroizing::new(secret.as_bytes().to_vec());
        if secret.len() < FEWEST {
            return Err(wrong("expected a secret of at least 80 bits"));
        }
        let name = algorithm.to_ascii_uppercase().replace(['-', '_'], "");
        let name = name.strip_prefix("HMAC").unwrap_or(&name);
        let algorithm = ["SHA1", "SHA256", "SHA512"].into_iter().find(|known| *known == name);
        let algorithm = algorithm.ok_or_else(|| wrong("expected the algorithm SHA1, SHA256 or SHA512"))?;
        if App::of(&secret, algorithm, digits, period).is_none() {
            return Err(wrong("expected 6 to 8 digits, and a period of 1 to 300 seconds"));
        }
        Ok(Self { secret, algorithm, digits, period })
    }

    /// Reads the text or the object of an export.
    pub(super) fn of(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::String(uri) => Self::from_uri(&Zeroizing::new(uri)),
            Value::Object(members) => Self::of_members(&members),
            _ => Err(wrong("expected otpauth:// text, or an object")),
        }
    }

    fn of_members(members: &Map<String, Value>) -> Result<Self, FieldError> {
        const KNOWN: [&str; 4] = ["secret", "algorithm", "digits", "period"];
        if members.keys().any(|key| !KNOWN.contains(&&**key)) {
            return Err(wrong("expected only secret, algorithm, digits and period"));
        }
        let number = |name, default| match members.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value.as_i64().ok_or_else(|| wrong("expected digits and period as numbers")),
        };
        let text = |name| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(wrong("expected secret and algorithm as texts")),
        };
        let secret = text("secret")?.ok_or_else(|| wrong("expected a secret in base32"))?;
        let algorithm = text("algorithm")?.unwrap_or(ALGORITHM);
        Self::new(secret, algorithm, number("digits", DIGITS)?, number("period", PERIOD)?)
    }

    /// Returns the bits of the secret.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.secret.len() * 8
    }

    /// Returns `true` if the secret has fewer than 128 bits (RFC 4226, section 4). It works, and its user should add
    /// the app anew.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.secret.len() < ENOUGH
    }
}

/// Reads the recovery codes of an export.
pub(super) fn codes_of(value: Option<Value>) -> Result<Vec<String>, FieldError> {
    let text = |code| if let Value::String(code) = code { Some(code) } else { None };
    let codes = match value {
        None => Some(Vec::new()),
        Some(Value::Array(codes)) => codes.into_iter().map(text).collect(),
        Some(_) => None,
    };
    codes.ok_or_else(|| wrong_codes("expected a list of texts"))
}

/// Checks recovery codes, before they are hashed.
pub(super) fn check_codes(codes: &[String]) -> Result<(), FieldError> {
    if codes.len() > MOST_CODES {
        return Err(wrong_codes(&format!("expected at most {MOST_CODES} codes")));
    }
    let fits = |code: &String| {
        (SHORTEST_CODE..=64).contains(&secret::normal_code(code).len())
            && code.chars().all(|letter| letter.is_ascii_alphanumeric() || " -_.".contains(letter))
    };
    match codes.iter().all(fits) {
        true => Ok(()),
        false => Err(wrong_codes("expected codes of 6 to 64 letters and digits, not hashes")),
    }
}

fn wrong(message: &str) -> FieldError {
    FieldError { field: "totp".into(), message: message.to_owned() }
}

fn wrong_codes(message: &str) -> FieldError {
    FieldError { field: "recovery_codes".into(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_and_object_are_the_same_app() {
        let uri = "otpauth://totp/Acme:ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme";
        let from_uri = ForeignTotp::of(json!(uri)).unwrap();
        let object = json!({"secret": "jbsw y3dp ehpk 3pxp JBSW-Y3DP-EHPK-3PXP=", "algorithm": "HmacSHA1"});
        assert_eq!(from_uri, ForeignTotp::of(object).unwrap());
        assert_eq!((from_uri.bits(), from_uri.is_weak()), (160, false));
        let short =
            ForeignTotp::of(json!({"secret": "JBSWY3DPEHPK3PXP", "digits": 8, "period": 60})).unwrap();
        assert_eq!((short.bits(), short.is_weak(), short.digits, short.period), (80, true, 8, 60));
    }

    #[test]
    fn an_error_names_the_field_and_repeats_no_secret() {
        for value in [
            json!(1),
            json!("canary"),
            json!("otpauth://hotp/x?secret=CANARYCANARYCANARYCANARY"),
            json!("otpauth://totp/x?issuer=canary"),
            json!("otpauth://totp/x?secret=canary1!"),
            json!({"secret": "CANARY"}),
            json!({"secret": "JBSWY3DPEHPK3PXP", "digits": 5}),
            json!({"secret": "JBSWY3DPEHPK3PXP", "period": 0}),
            json!({"secret": "JBSWY3DPEHPK3PXP", "period": "canary"}),
            json!({"secret": "JBSWY3DPEHPK3PXP", "algorithm": "MD5"}),
            json!({"secret": "JBSWY3DPEHPK3PXP", "canary": 1}),
        ] {
            let error = ForeignTotp::of(value.clone()).unwrap_err();
            assert!(error.field == "totp" && !error.message.to_lowercase().contains("canary"), "{error:?}");
        }
        for codes in [json!("canary"), json!([1])] {
            assert_eq!(codes_of(Some(codes)).unwrap_err().field, "recovery_codes");
        }
        for codes in [vec!["short"; 1], vec!["$2b$04$abcdefgh"; 1], vec!["abcdef"; 17]] {
            let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
            assert_eq!(check_codes(&codes).unwrap_err().field, "recovery_codes");
        }
        let shown = format!("{:?}", ForeignTotp::new("JBSWY3DPEHPK3PXP", "SHA1", 6, 30).unwrap());
        assert!(!shown.contains("JBSW"), "{shown}");
    }
}
