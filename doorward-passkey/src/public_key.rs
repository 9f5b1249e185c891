//! Public keys of passkeys: read as `COSE_Key` (RFC 9052, section 7), and verified by aws-lc-rs.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use minicbor::{Decoder, data::Type};

use crate::{algorithm::Algorithm, error::Error};

const NAME: &str = "the public key";
const MALFORMED: Error = Error::Malformed(NAME);

/// The public key of a passkey, together with its algorithm.
#[derive(Debug, Clone)]
pub struct PublicKey {
    algorithm: Algorithm,
    cose: Vec<u8>,
    key: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a stored key: the bytes of [`Self::as_cose`].
    pub fn from_cose(bytes: &[u8]) -> Result<Self, Error> {
        match Self::take(bytes)? {
            (key, []) => Ok(key),
            _ => Err(Error::TrailingBytes(NAME)),
        }
    }

    /// The key as `COSE_Key`, to store it. It names its algorithm, so nobody can confuse the two.
    pub fn as_cose(&self) -> &[u8] {
        &self.cose
    }

    /// How the passkey signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Reads a key at the beginning, and returns what follows it.
    pub(crate) fn take(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let mut decoder = Decoder::new(bytes);
        let parameters = parameters(&mut decoder)?;
        let (cose, rest) = bytes.split_at_checked(decoder.position()).ok_or(MALFORMED)?;
        let (algorithm, key) = read(parameters)?;
        Ok((Self { algorithm, cose: cose.to_vec(), key }, rest))
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        self.key.verify_sig(message, signature).map_err(|_| Error::Signature)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.cose == other.cose
    }
}

impl Eq for PublicKey {}

/// The value of a parameter of a key.
#[derive(Clone, Copy, Default)]
enum Value<'a> {
    #[default]
    Absent,
    Number(i64),
    Bytes(&'a [u8]),
}

/// Reads the parameters 1, 3, -1, -2 and -3, in this order. Section 6.5.1.1 forbids all others.
fn parameters<'a>(decoder: &mut Decoder<'a>) -> Result<[Value<'a>; 5], Error> {
    let malformed = |_| MALFORMED;
    let mut parameters = [Value::default(); 5];
    for _ in 0..decoder.map().map_err(malformed)?.ok_or(MALFORMED)? {
        let place = match decoder.i8().map_err(malformed)? {
            1 => 0,
            3 => 1,
            -1 => 2,
            -2 => 3,
            -3 => 4,
            _ => return Err(MALFORMED),
        };
        let value = match decoder.datatype().map_err(malformed)? {
            Type::Bytes => Value::Bytes(decoder.bytes().map_err(malformed)?),
            _ => Value::Number(decoder.i64().map_err(malformed)?),
        };
        if !matches!(std::mem::replace(&mut parameters[place], value), Value::Absent) {
            return Err(MALFORMED);
        }
    }
    Ok(parameters)
}

/// Reads a key of one of the algorithms that are offered (section 5.8.5; RFC 9053, section 7; RFC 8230, section 4).
fn read(parameters: [Value<'_>; 5]) -> Result<(Algorithm, ParsedPublicKey), Error> {
    use Value::{Absent, Bytes, Number};
    let [kind, Number(number), ..] = parameters else { return Err(Error::PublicKey) };
    let algorithm = Algorithm::numbered(number).ok_or(Error::Algorithm)?;
    let [_, _, first, second, third] = parameters;
    let key = match (algorithm, kind, first, second, third) {
        (Algorithm::Es256, Number(2), Number(1), Bytes(x), Bytes(y)) if x.len() == 32 && y.len() == 32 => {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, [&[4], x, y].concat())
        }
        (Algorithm::Es384, Number(2), Number(2), Bytes(x), Bytes(y)) if x.len() == 48 && y.len() == 48 => {
            ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, [&[4], x, y].concat())
        }
        (Algorithm::EdDsa, Number(1), Number(6), Bytes(x), Absent) if x.len() == 32 => {
            ParsedPublicKey::new(&ED25519, x)
        }
        // No larger exponent is accepted later.
        (Algorithm::Rs256, Number(3), Bytes(n), Bytes(e), Absent)
            if (2048..=8192).contains(&bits(n)) && e.len() <= 5 =>
        {
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
        _ => return Err(Error::PublicKey),
    };
    Ok((algorithm, key.map_err(|_| Error::PublicKey)?))
}

/// The bits of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len() * 8 - unused
}
