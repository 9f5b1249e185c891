//! Werkzeug's forms: `scrypt:32768:8:1$<salt>$<hexadecimal>` and `pbkdf2:sha256:600000$<salt>$<hexadecimal>`.

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::hash::Hash;
use crate::recipe::pbkdf2::Pbkdf2;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::text;

/// Reads the parts: `scheme:parameters$salt$digest`. The salt is text.
pub(super) fn read(scheme: &str, parameters: &str, rest: &str) -> Result<Stored, Error> {
    let (salt, digest) = rest.split_once('$').ok_or(Error::Unrecognized)?;
    let salt = salt.as_bytes().to_vec();
    match scheme {
        "scrypt" => {
            let read = || {
                let (n, rest) = parameters.split_once(':')?;
                let (r, p) = rest.split_once(':')?;
                let n = text::number(n)?.into();
                let scrypt = Scrypt {
                    n,
                    r: text::number(r)?,
                    p: text::number(p)?,
                    salt,
                    nfkc: false,
                    signer_key: None,
                };
                Some(Stored::new(Recipe::Scrypt(scrypt), text::hex(digest)?))
            };
            read().ok_or(Error::Malformed(Scheme::Scrypt))
        }
        "pbkdf2" => {
            // Without a number, the iterations depend on the version of Werkzeug, which the text does not name.
            let (hash, iterations) = parameters.split_once(':').ok_or(Error::Unrecognized)?;
            let hash = Hash::named(hash).ok_or(Error::Unrecognized)?;
            let iterations = text::number(iterations).ok_or(Error::Unrecognized)?;
            let pbkdf2 = Pbkdf2 { hash, iterations, salt };
            let digest = text::hex(digest).ok_or(Error::Malformed(pbkdf2.scheme()))?;
            Ok(Stored::new(Recipe::Pbkdf2(pbkdf2), digest))
        }
        _ => Err(Error::Unrecognized),
    }
}
