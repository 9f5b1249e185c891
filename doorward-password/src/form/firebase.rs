//! Firebase Authentication's users, in the three forms that they are handed on in.

use serde_json::Value;
use zeroize::Zeroizing;

use super::Stored;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::settings::Settings;
use crate::text;

/// A project's hash parameters, which stand beside its users and not in them.
#[derive(Clone)]
pub(crate) struct Project {
    pub(crate) signer_key: Zeroizing<Vec<u8>>,
    pub(crate) salt_separator: Vec<u8>,
    /// scrypt's r.
    pub(crate) rounds: u32,
    /// The binary logarithm of scrypt's N.
    pub(crate) memory_cost: u32,
}

impl Project {
    /// Whether Firebase could have such parameters (its Admin SDK allows rounds of 1 to 8 and a memory cost of 1 to
    /// 14), and whether the bounds let them through.
    pub(crate) fn is_possible(&self, bounds: &Bounds) -> bool {
        (1..=8).contains(&self.rounds)
            && (1..=14).contains(&self.memory_cost)
            && bounds.check_scrypt(1 << self.memory_cost, self.rounds, 1).is_ok()
    }

    fn stored(self, mut salt: Vec<u8>, digest: Vec<u8>) -> Option<Stored> {
        salt.extend(self.salt_separator);
        let n = 1_u64.checked_shl(self.memory_cost)?;
        // Two texts of different length would never match; one that is empty would match everything.
        if self.signer_key.len() != digest.len() {
            return None;
        }
        let signer_key = Some(self.signer_key);
        Some(Stored::new(Recipe::Scrypt(Scrypt { n, r: self.rounds, p: 1, salt, signer_key }), digest))
    }
}

/// The export of the Firebase command line: an object with `passwordHash` and `salt`. The project's parameters come
/// from the builder.
pub(super) fn export(json: &Value, settings: &Settings) -> Result<Stored, Error> {
    let project = settings.firebase.clone().ok_or(Error::MissingSetting("firebase"))?;
    let field = |name| json.get(name).and_then(Value::as_str).and_then(text::base64_any);
    let read = || project.stored(field("salt")?, field("passwordHash")?);
    read().ok_or(Error::Malformed(Scheme::FirebaseScrypt))
}

/// Ory Kratos: `ln=14,r=8,p=1$<salt>$<digest>$<salt separator>$<signer key>`.
pub(super) fn kratos(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let mut fields = rest.split('$');
        let parameters = fields.next()?;
        let salt = text::base64_any(fields.next()?)?;
        let digest = text::base64_any(fields.next()?)?;
        let project = project(parameters, "ln", fields.next()?, fields.next()?)?;
        fields.next().is_none().then(|| project.stored(salt, digest))?
    };
    read().ok_or(Error::Malformed(Scheme::FirebaseScrypt))
}

/// Supabase: `v=1,n=14,r=8,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<digest>`.
pub(super) fn supabase(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (parameters, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        let parameter = |name| text::parameter(parameters, name);
        let project = project(parameters, "n", parameter("ss")?, parameter("sk")?)?;
        project.stored(text::base64_any(salt)?, text::base64_any(digest)?)
    };
    read().ok_or(Error::Malformed(Scheme::FirebaseScrypt))
}

fn project(parameters: &str, cost: &str, separator: &str, key: &str) -> Option<Project> {
    let number = |name| text::parameter(parameters, name).and_then(text::number);
    Some(Project {
        signer_key: Zeroizing::new(text::base64_any(key)?),
        salt_separator: text::base64_any(separator)?,
        rounds: number("r")?,
        memory_cost: number(cost)?,
    })
    .filter(|_| number("p") == Some(1))
}
