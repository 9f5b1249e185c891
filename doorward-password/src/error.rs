//! Errors other than a wrong password.

use crate::scheme::Scheme;

/// Why a password was not hashed, or a stored hash not verified.
///
/// A wrong password is not an error: it is a [`Verdict`](crate::Verdict) that does not match. Errors can be logged:
/// they contain no part of a password or of a stored hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The password has more than [`MAX_PASSWORD_BYTES`](crate::MAX_PASSWORD_BYTES) bytes, or more than 72 for a
    /// new bcrypt hash. Nothing was computed.
    #[error("the password is too long")]
    PasswordTooLong,
    /// The password for a new bcrypt hash contains a NUL. C implementations take it for the end of the password.
    #[error("bcrypt cannot hash a password that contains a NUL character")]
    PasswordContainsNul,
    /// The stored text is in no form that this crate knows. Users without a password often have such a text (`!`, `*`).
    #[error("the stored hash is in an unknown form")]
    Unrecognized,
    /// The stored text starts like a hash of this scheme, but the rest cannot be read.
    #[error("the stored {0} hash is malformed")]
    Malformed(Scheme),
    /// The stored hash is readable, but the context was built not to accept its scheme.
    #[error("{0} hashes are not accepted")]
    NotAccepted(Scheme),
    /// The stored hash needs more memory, time or length than [`Bounds`](crate::Bounds) allow. Nothing was computed.
    /// The text names the parameter.
    #[error("the stored hash is out of bounds: {0}")]
    OutOfBounds(&'static str),
    /// The stored hash was made with a pepper whose key id the context does not know.
    #[error("the stored hash names a pepper key that is not configured")]
    UnknownPepper,
    /// The stored hash needs a setting that the builder did not get. The text names the builder's method.
    #[error("the stored hash needs a setting that is missing: {0}")]
    MissingSetting(&'static str),
    /// The operating system had no memory for the hash. A later try may succeed.
    #[error("no memory for hashing")]
    OutOfMemory,
    /// The operating system had no random bytes for a salt.
    #[error("no random bytes from the operating system")]
    NoRandomness,
}
