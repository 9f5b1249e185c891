//! Firebase Authentication's users, in the three forms in which systems pass them on.

use serde_json::Value;
use zeroize::Zeroizing;

use super::stored::Stored;
use crate::error::Error;
use crate::recipe::Recipe;
use crate::recipe::scrypt::Scrypt;
use crate::scheme::Scheme;
use crate::settings::{Project, Settings};
use crate::text;

/// Reads the export of the Firebase command line: an object with `passwordHash` and `salt`. The project's parameters
/// come from the builder.
pub(super) fn export(json: &Value, settings: &Settings) -> Result<Stored, Error> {
    let project = settings.firebase.clone().ok_or(Error::MissingSetting("firebase"))?;
    let field = |name| json.get(name).and_then(Value::as_str).and_then(text::base64_any);
    let read = || stored(project, field("salt")?, field("passwordHash")?);
    read().ok_or(Error::Malformed(Scheme::FirebaseScrypt))
}

/// Reads Ory Kratos's form: `ln=14,r=8,p=1$<salt>$<digest>$<salt separator>$<signer key>`.
pub(super) fn kratos(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let mut fields = rest.split('$');
        let parameters = fields.next()?;
        let salt = text::base64_any(fields.next()?)?;
        let digest = text::base64_any(fields.next()?)?;
        let project = project(parameters, "ln", fields.next()?, fields.next()?)?;
        fields.next().is_none().then(|| stored(project, salt, digest))?
    };
    read().ok_or(Error::Malformed(Scheme::FirebaseScrypt))
}

/// Reads Supabase's form: `v=1,n=14,r=8,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<digest>`.
pub(super) fn supabase(rest: &str) -> Result<Stored, Error> {
    let read = || {
        let (parameters, rest) = rest.split_once('$')?;
        let (salt, digest) = rest.split_once('$')?;
        let parameter = |name| text::parameter(parameters, name);
        let project = project(parameters, "n", parameter("ss")?, parameter("sk")?)?;
        stored(project, text::base64_any(salt)?, text::base64_any(digest)?)
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

/// Puts the computation and its digest together. Returns `None` if they do not fit each other.
fn stored(project: Project, mut salt: Vec<u8>, digest: Vec<u8>) -> Option<Stored> {
    salt.extend(project.salt_separator);
    let n = 1_u64.checked_shl(project.memory_cost)?;
    // Texts of different length never match, and an empty text would match every password.
    if project.signer_key.len() != digest.len() {
        return None;
    }
    let signer_key = Some(project.signer_key);
    Some(Stored::new(
        Recipe::Scrypt(Scrypt { n, r: project.rounds, p: 1, salt, nfkc: false, signer_key }),
        digest,
    ))
}
