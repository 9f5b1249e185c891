//! Random secrets for clients, and the hashes that the server keeps.
//!
//! A secret is a prefix for its kind, 32 random bytes and a checksum: `dw_s_` + 43 characters of base64url +
//! 6 characters of base64url. A secret scanner finds it by the expression `dw_[a-z]_[A-Za-z0-9_-]{49}`. The checksum,
//! a CRC-32 of everything before it, shows that a secret is real: one that is mistyped or made up is refused
//! without a look-up. Only the SHA-256 of the whole text is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const RANDOM: usize = 43;
const CHECKSUM: usize = 6;

/// The kind of a secret, as its prefix. Each kind is refused where another is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind(pub(crate) &'static str);

/// The SHA-256 of a secret. It finds the row of the secret.
pub(crate) type Hash = [u8; 32];

/// Makes a secret and its hash. The hash is stored. The secret is shown once and not kept.
///
/// # Panics
/// If the system gives no random bytes: nothing safe can be done without them.
pub(crate) fn generate(kind: Kind) -> (String, Hash) {
    of_bytes(kind, random())
}

/// Makes 32 bytes that nobody can guess.
///
/// # Panics
/// As [`generate`].
pub(crate) fn random() -> [u8; 32] {
    let mut random = [0; 32];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    random
}

/// Writes 32 bytes, which nobody can guess, as a secret. Returns its hash too.
pub(crate) fn of_bytes(kind: Kind, bytes: [u8; 32]) -> (String, Hash) {
    let mut secret = String::with_capacity(kind.0.len() + RANDOM + CHECKSUM);
    secret.push_str(kind.0);
    URL_SAFE_NO_PAD.encode_string(bytes, &mut secret);
    secret.extend(checksum(&secret).map(char::from));
    let hash = Sha256::digest(&secret).into();
    (secret, hash)
}

/// Returns the hash of a secret from a client, or `None` if it cannot be one of this kind.
pub(crate) fn hash(kind: Kind, secret: &str) -> Option<Hash> {
    let random = secret.strip_prefix(kind.0)?;
    if random.len() != RANDOM + CHECKSUM || !random.is_ascii() {
        return None;
    }
    let (rest, given) = secret.split_at(secret.len() - CHECKSUM);
    (checksum(rest) == given.as_bytes()).then(|| Sha256::digest(secret).into())
}

/// Returns the hash of the one secret of this kind in a text from a client. `None` if there is none, or if there are
/// two.
///
/// Mail programs damage links: they add a full stop, a bracket or a percent sign to the token. Its prefix, length and
/// checksum show where it begins and ends.
pub(crate) fn hash_in(kind: Kind, text: &str) -> Option<Hash> {
    hash(kind, find_in(kind, text)?)
}

/// Returns the one secret of this kind in a text from a client, in the same way.
pub(crate) fn find_in(kind: Kind, text: &str) -> Option<&str> {
    let length = kind.0.len() + RANDOM + CHECKSUM;
    let begins = text.match_indices(kind.0);
    let mut found = begins
        .filter_map(|(begin, _)| text.get(begin..begin + length))
        .filter(|secret| hash(kind, secret).is_some());
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The letters and digits of codes, without those that look alike.
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes the short code that belongs to a secret, for people to type: eight of 32 letters and digits, 40 bits, written
/// as `ABCD-EFGH`. The holder of the secret can be shown it again, and the code tells nothing about the rest of the
/// secret. Such a short secret must be hashed like a password, expire soon, and allow only a few attempts.
pub(crate) fn code_of(secret: &str) -> String {
    let random = Sha256::new().chain_update("doorward code\0").chain_update(secret).finalize();
    let mut code = String::with_capacity(9);
    for (position, byte) in random.into_iter().take(8).enumerate() {
        if position == 4 {
            code.push('-');
        }
        code.push(char::from(CODE_LETTERS[usize::from(byte % 32)]));
    }
    code
}

/// Makes the recovery code with this number: twelve of the same letters, written as `ABCD-EFGH-JKLM`. The first letter
/// says the number, and eleven are 55 random bits. It must be hashed like a password.
///
/// # Panics
/// As [`generate`].
#[cfg(feature = "totp")]
pub(crate) fn recovery_code(number: usize) -> String {
    let mut random = [0; 11];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    let letters = [number].into_iter().chain(random.into_iter().map(usize::from));
    let letters: Vec<char> = letters.map(|at| char::from(CODE_LETTERS[at % CODE_LETTERS.len()])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Returns the number of a typed recovery code, if it can be one.
#[cfg(feature = "totp")]
pub(crate) fn recovery_number(typed: &str) -> Option<usize> {
    let code = normal_code(typed);
    let first = code.bytes().next().filter(|_| code.len() == 12)?;
    CODE_LETTERS.iter().position(|letter| *letter == first)
}

/// Returns a typed code without spaces and dashes, in capital letters.
pub(crate) fn normal_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

fn checksum(text: &str) -> [u8; CHECKSUM] {
    let mut checksum = [0; CHECKSUM];
    let written = URL_SAFE_NO_PAD.encode_slice(crc32fast::hash(text.as_bytes()).to_be_bytes(), &mut checksum);
    debug_assert_eq!(written, Ok(CHECKSUM));
    checksum
}

/// Returns an id of 53 bits that sorts by time: the milliseconds since 2020 and 12 random bits. JavaScript keeps it
/// exact, and it does not reveal how many there are. Two ids may be equal, rarely: the database refuses the second.
///
/// `now` is in milliseconds since 1970.
pub(crate) fn id(now: i64) -> i64 {
    /// 1 January 2020; 41 bits of milliseconds last until 2089.
    const EPOCH: i64 = 1_577_836_800_000;
    let mut random = [0; 2];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    let random = i64::from(u16::from_le_bytes(random) & 0xfff);
    ((now - EPOCH).clamp(0, (1 << 41) - 1) << 12) | random
}

/// Returns a random id of 53 bits, for rows that are never listed by age.
pub(crate) fn random_id() -> i64 {
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    i64::from_le_bytes(random) & ((1 << 53) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const SESSION: Kind = Kind("dw_s_");

    #[test]
    fn secrets_have_the_documented_form_and_are_never_equal() {
        let secrets: HashSet<_> = (0..10_000).map(|_| generate(SESSION).0).collect();
        assert_eq!(secrets.len(), 10_000);
        for secret in secrets {
            assert_eq!(secret.len(), 5 + 49);
            assert!(secret[5..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        }
    }

    #[test]
    fn each_random_position_takes_every_character() {
        let secrets: Vec<_> = (0..20_000).map(|_| generate(SESSION).0).collect();
        for position in 5..5 + RANDOM - 1 {
            let mut counts = [0_u32; 128];
            for secret in &secrets {
                counts[usize::from(secret.as_bytes()[position])] += 1;
            }
            // 20,000 / 64 = 312.5 expected; seven standard deviations allow 124 either way.
            assert!(counts.iter().filter(|count| **count > 0).all(|count| (188..=437).contains(count)));
            assert_eq!(counts.iter().filter(|count| **count > 0).count(), 64);
        }
    }

    #[test]
    fn only_the_exact_secret_is_accepted() {
        let (secret, kept) = generate(SESSION);
        assert_eq!(hash(SESSION, &secret), Some(kept));
        for length in 0..secret.len() {
            assert_eq!(hash(SESSION, &secret[..length]), None);
        }
        for position in 0..secret.len() {
            let mut bytes = secret.clone().into_bytes();
            bytes[position] ^= 1;
            assert_eq!(hash(SESSION, &String::from_utf8(bytes).unwrap()), None, "position {position}");
        }
        for wrong in
            [format!("{secret}="), format!(" {secret}"), format!("{secret}{secret}"), secret.to_uppercase()]
        {
            assert_eq!(hash(SESSION, &wrong), None);
        }
        assert_eq!(hash(Kind("dw_r_"), &secret), None);
        assert_eq!(hash(SESSION, &format!("dw_s_{}", "é".repeat(25))), None);
    }

    #[test]
    fn a_secret_is_found_in_a_text_around_it() {
        let (secret, kept) = generate(SESSION);
        let other = generate(SESSION).0;
        for damaged in [
            secret.clone(),
            format!("{secret}."),
            format!("<{secret}>"),
            format!("3D{secret}=3D"),
            format!("{secret}%20"),
            // Letters of its own alphabet.
            format!("_{secret}-x_"),
            format!("dw_s_{secret}"),
            format!("dw_s_{}{secret}", &other[5..40]),
            format!("\u{a0}\u{200b}{secret}\u{e9}"),
            format!("https://example.org/verify-email?lang=en&token={secret}"),
            format!("{secret} {secret}"),
        ] {
            assert_eq!(hash_in(SESSION, &damaged), Some(kept), "{damaged}");
            assert_eq!(hash_in(Kind("dw_r_"), &damaged), None);
        }
        for wrong in [
            format!("{secret} {other}"),
            secret[..secret.len() - 1].to_owned(),
            secret.replace("dw_s_", "dw_s"),
            format!("{}.{}", &secret[..20], &secret[20..]),
            secret.to_uppercase(),
            format!("dw_s_{}", "\u{e9}".repeat(49)),
            String::new(),
        ] {
            assert_eq!(hash_in(SESSION, &wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_may_be_typed_in_several_ways() {
        let codes: HashSet<_> = (0..10_000).map(|_| code_of(&generate(SESSION).0)).collect();
        assert!(codes.len() > 9_990);
        for code in codes {
            let normal = normal_code(&code);
            assert_eq!((code.len(), normal.len()), (9, 8));
            assert!(normal.bytes().all(|byte| CODE_LETTERS.contains(&byte)), "{code}");
            let typed = format!("  {} {} ", code[..4].to_lowercase(), &code[5..]);
            assert_eq!(normal_code(&typed), normal);
        }
        assert_eq!(normal_code("é\u{ff21}\0 -"), "");
    }

    #[cfg(feature = "totp")]
    #[test]
    fn a_recovery_code_says_its_number_and_nothing_else() {
        let codes: HashSet<_> = (0..10_000).map(|at| recovery_code(at % 10)).collect();
        assert_eq!(codes.len(), 10_000);
        for code in codes {
            assert_eq!((code.len(), code.matches('-').count()), (14, 2));
            let number = recovery_number(&code).unwrap();
            assert!(number < 10 && recovery_number(&code.to_lowercase().replace('-', " ")) == Some(number));
        }
        for wrong in ["", "ABCD-EFGH-JKL", "ABCD-EFGH-JKLMN", "1BCD-EFGH-JKLM"] {
            assert_eq!(recovery_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ids_fit_53_bits_and_sort_by_time() {
        let early = id(1_790_000_000_000);
        let late = id(1_790_000_000_001);
        assert!(0 < early && early < late && late < 1 << 53);
        for out_of_range in [i64::MAX / 2, 0, -1] {
            assert!((0..1 << 53).contains(&id(out_of_range)));
        }
    }
}
