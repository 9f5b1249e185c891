//! Signs JSON Web Tokens, and checks those that this server has signed (RFC 7515, RFC 7519).
//!
//! It knows the compact form alone. The key decides the algorithm, never the token: RS256, ES256 or EdDSA. There is no
//! `none`, no HMAC and no encryption. A header with a key of its own (`jwk`, `jku`, `x5u`) or with `crit` is refused. All
//! cryptography is that of aws-lc-rs.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
        UnparsedPublicKey,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The most bytes of a token that is checked.
const LONGEST: usize = 8 * 1024;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    /// All of them. The first one is the default: every client knows it (OpenID Connect Core, section 15.1).
    pub(crate) const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The name in a header and in a key (RFC 7518, section 3.1; RFC 8037, section 3.1).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// A key that signs tokens. It is kept parsed, because to parse an RSA key takes almost as long as a signature.
pub(crate) struct SigningKey {
    pub(crate) id: String,
    pub(crate) algorithm: Algorithm,
    pair: Pair,
    /// The public key as others see it (RFC 7517).
    pub(crate) jwk: Value,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
    Ed(Box<Ed25519KeyPair>),
}

/// A private key could not be made, read or used.
#[derive(Debug)]
pub(crate) struct Unusable;

impl SigningKey {
    /// Makes a private key, as PKCS #8. An RSA key takes some tenths of a second.
    pub(crate) fn generate(algorithm: Algorithm) -> Result<Zeroizing<Vec<u8>>, Unusable> {
        let random = SystemRandom::new();
        let bytes = match algorithm {
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| Unusable)?;
                AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| Unusable)?.as_ref().to_vec()
            }
            Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                .map_err(|_| Unusable)?
                .as_ref()
                .to_vec(),
            Algorithm::EdDsa => {
                Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| Unusable)?.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(bytes))
    }

    /// Reads a private key. Its id is the thumbprint of the public key (RFC 7638).
    pub(crate) fn read(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, Unusable> {
        let (pair, members) = match algorithm {
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| Unusable)?;
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                let members = json!({
                    "e": encoded(e.big_endian_without_leading_zero()),
                    "kty": "RSA",
                    "n": encoded(n.big_endian_without_leading_zero()),
                });
                (Pair::Rsa(Box::new(pair)), members)
            }
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8);
                let pair = pair.map_err(|_| Unusable)?;
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                let members = json!({"crv": "P-256", "kty": "EC", "x": encoded(x), "y": encoded(y)});
                (Pair::Ec(Box::new(pair)), members)
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| Unusable)?;
                let x = encoded(pair.public_key().as_ref());
                (Pair::Ed(Box::new(pair)), json!({"crv": "Ed25519", "kty": "OKP", "x": x}))
            }
        };
        // The members of the thumbprint stand in the order of their names, without spaces, as `Value` writes them.
        let id = encoded(&Sha256::digest(members.to_string()));
        let mut jwk = members;
        jwk["alg"] = algorithm.name().into();
        jwk["kid"] = id.as_str().into();
        jwk["use"] = "sig".into();
        Ok(Self { id, algorithm, pair, jwk })
    }

    /// Signs claims. `kind` is the `typ` of the header.
    pub(crate) fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String, Unusable> {
        let header = json!({"alg": self.algorithm.name(), "kid": self.id, "typ": kind});
        let claims = serde_json::to_vec(claims).map_err(|_| Unusable)?;
        self.sign_parts(header.to_string().as_bytes(), &claims)
    }

    /// Signs a header and claims as they are.
    pub(crate) fn sign_parts(&self, header: &[u8], claims: &[u8]) -> Result<String, Unusable> {
        let mut token = encoded(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Unusable> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(|_| Unusable)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&random, message).map_err(|_| Unusable)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Returns the claims of a token, if one of these public keys (RFC 7517) verifies it and its `typ` is `kind`. The claims
/// themselves, such as the time, are for the caller to check.
pub(crate) fn verify<'a>(
    token: &str,
    kind: &str,
    keys: impl IntoIterator<Item = &'a Value>,
) -> Option<Map<String, Value>> {
    if token.len() > LONGEST {
        return None;
    }
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header = object(header)?;
    let is_known = |name: &String| ["alg", "kid", "typ"].contains(&name.as_str());
    if header.get("typ")? != kind || !header.keys().all(is_known) {
        return None;
    }
    let key = keys.into_iter().find(|key| key.get("kid").is_some() && key.get("kid") == header.get("kid"))?;
    // The key decides. A token that names another algorithm is refused.
    if key.get("alg")? != header.get("alg")? {
        return None;
    }
    let part = |name: &str| decoded(key.get(name)?.as_str()?);
    let signature = decoded(signature)?;
    let message = message.as_bytes();
    let verified = match Algorithm::named(key.get("alg")?.as_str()?)? {
        Algorithm::Rs256 => RsaPublicKeyComponents { n: part("n")?, e: part("e")? }.verify(
            &RSA_PKCS1_2048_8192_SHA256,
            message,
            &signature,
        ),
        Algorithm::Es256 => {
            let point = [vec![4], part("x")?, part("y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, &signature)
        }
        Algorithm::EdDsa => UnparsedPublicKey::new(&ED25519, part("x")?).verify(message, &signature),
    };
    verified.ok()?;
    object(claims)
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&decoded(text)?).ok()
}

#[cfg(test)]
mod tests;
