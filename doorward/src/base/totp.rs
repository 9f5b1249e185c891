//! Codes of an authenticator app (RFC 6238). The computation is the crate `totp-rs`.
//!
//! New secrets have 160 bits, SHA-1, six digits and steps of 30 seconds: some apps ignore other parameters and show wrong
//! codes. A code is good in its step, the one before and the one after (RFC 6238, sections 5.2 and 6).

use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// The parameters of new secrets, as they are stored.
pub(crate) const ALGORITHM: &str = "SHA1";
pub(crate) const DIGITS: i64 = 6;
pub(crate) const PERIOD: i64 = 30;

/// The most digits of a code.
const MOST_DIGITS: usize = 8;

/// Makes a secret.
///
/// # Panics
/// If the system gives no random bytes: nothing safe can be done without them.
pub(crate) fn new_secret() -> Zeroizing<[u8; 20]> {
    let mut secret = Zeroizing::new([0; 20]);
    getrandom::fill(&mut *secret).expect("the system gives random bytes");
    secret
}

/// The parameters of an authenticator app.
pub(crate) struct App(Totp);

impl App {
    /// `None` if the parameters are none that we know.
    pub(crate) fn of(secret: &[u8], algorithm: &str, digits: i64, period: i64) -> Option<Self> {
        let algorithm = match algorithm {
            "SHA1" => Algorithm::SHA1,
            "SHA256" => Algorithm::SHA256,
            "SHA512" => Algorithm::SHA512,
            _ => return None,
        };
        let digits = u8::try_from(digits).ok().filter(|digits| (6..=8).contains(digits))?;
        let period = u64::try_from(period).ok().filter(|period| (1..=300).contains(period))?;
        // Secrets of other systems may be shorter than the standard asks for.
        let builder = Builder::new().with_algorithm(algorithm).with_digits(digits).with_skew(1);
        Some(Self(builder.with_step_duration(period).with_secret(secret).build_noncompliant()))
    }

    /// A new app with this secret.
    pub(crate) fn new(secret: &[u8; 20]) -> Self {
        Self(Builder::new().with_skew(1).with_secret(secret.as_slice()).build_noncompliant())
    }

    /// Returns the step of time that this code belongs to, if it is good at the time `now`.
    pub(crate) fn step(&self, code: &str, now: i64) -> Option<i64> {
        let step = self.0.check(code, u64::try_from(now).ok()?)?;
        i64::try_from(step).ok()
    }

    /// Returns the secret as text for people who type it: base32.
    pub(crate) fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.secret().to_base32())
    }

    /// Returns the address that apps open, and that the QR code holds.
    pub(crate) fn uri(&self, service: &str, account: &str) -> Zeroizing<String> {
        // A colon separates the service from the account.
        let [service, account] = [service, account].map(|name| name.replace(':', " "));
        let encode = |name: &str| {
            percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let (service, account) = (encode(service.trim()), encode(&account));
        let secret = self.secret();
        Zeroizing::new(format!(
            "otpauth://totp/{service}:{account}?secret={}&issuer={service}&algorithm={ALGORITHM}&digits={DIGITS}&period={PERIOD}",
            *secret
        ))
    }
}

/// Returns the digits of a typed code. People type spaces and dashes, and some keyboards write other digits. `None` if it
/// cannot be a code.
pub(crate) fn digits(typed: &str) -> Option<String> {
    let separates = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}');
    let code: String =
        typed.chars().filter(|letter| !separates(letter)).map(ascii).take(MOST_DIGITS + 1).collect();
    let fits = (6..=MOST_DIGITS).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(code)
}

/// Returns the ASCII digit for a full-width or an Arabic-Indic one.
fn ascii(letter: char) -> char {
    let zeros = ['\u{ff10}', '\u{660}', '\u{6f0}'].map(u32::from);
    let value =
        zeros.iter().find_map(|zero| u32::from(letter).checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_6238_are_met() {
        let secret = |length| -> Vec<u8> { b"1234567890".iter().copied().cycle().take(length).collect() };
        let apps = [("SHA1", 20), ("SHA256", 32), ("SHA512", 64)]
            .map(|(algorithm, length)| App::of(&secret(length), algorithm, 8, 30).unwrap());
        for (time, codes) in [
            (59, ["94287082", "46119246", "90693936"]),
            (1_111_111_109, ["07081804", "68084774", "25091201"]),
            (1_111_111_111, ["14050471", "67062674", "99943326"]),
            (1_234_567_890, ["89005924", "91819424", "93441116"]),
            (2_000_000_000, ["69279037", "90698825", "38618901"]),
            (20_000_000_000, ["65353130", "77737706", "47863826"]),
        ] {
            for (app, code) in apps.iter().zip(codes) {
                assert_eq!(app.step(code, time), Some(time / 30), "{time}");
                assert_eq!(app.step(code, time + 30), Some(time / 30));
                assert_eq!(app.step(code, time - 30), Some(time / 30));
                assert_eq!(app.step(code, time + 60), None);
                assert_eq!(app.step(code, time - 60), None);
            }
        }
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in [
            "123456",
            " 123 456 ",
            "123-456",
            "123\u{2013}456",
            "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}",
            "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}",
            "\u{6f1}\u{6f2}\u{6f3}\u{a0}\u{6f4}\u{6f5}\u{6f6}",
        ] {
            assert_eq!(digits(typed).as_deref(), Some("123456"), "{typed}");
        }
        for wrong in ["", "12345", "123456789", "12345a", "abcdef", "1234567890123456789", "\u{ff11}"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_for_apps_names_service_and_account() {
        let app = App::new(&[7; 20]);
        let uri = app.uri("My: Service", "ann@example.org");
        assert!(uri.starts_with("otpauth://totp/My%20%20Service:ann%40example%2Eorg?secret="), "{}", *uri);
        assert!(uri.contains("&issuer=My%20%20Service&"));
        assert_eq!(app.secret().len(), 32);
    }
}
