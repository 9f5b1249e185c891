//! What can go wrong besides a wrong password.

use crate::scheme::Scheme;

/// Why a password was not hashed, or a stored hash not verified.
///
/// A wrong password is not an error: it is a [`Verdict`](crate::Verdict) that does not match. No variant carries
/// any part of a password or of a stored hash, so that errors can be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The password has more than [`MAX_PASSWORD_BYTES`](crate::MAX_PASSWORD_BYTES) bytes, or more than 72 for a
    /// new bcrypt hash. Nothing was computed.
    #[error("the password is too long")]
    PasswordTooLong,
    /// A new bcrypt hash was asked for a password with a NUL, which C implementations take for its end.
    #[error("bcrypt cannot hash a password that contains a NUL character")]
    PasswordContainsNul,
    /// The stored text has no form that this crate knows. Users without a password often have such a text (`!`, `*`).
    #[error("the stored hash is of an unknown form")]
    Unrecognized,
    /// The stored text starts like a hash of this scheme, but cannot be read to its end.
    #[error("the stored {0} hash is malformed")]
    Malformed(Scheme),
    /// The stored hash is readable, but the context was built not to accept its scheme.
    #[error("{0} hashes are not accepted")]
    NotAccepted(Scheme),
    /// The stored hash asks for more memory, time or length than [`Bounds`](crate::Bounds) allow. Nothing was
    /// computed. The text names the parameter.
    #[error("the stored hash is out of bounds: {0}")]
    OutOfBounds(&'static str),
    /// The stored hash was made with a pepper whose key id the context was not given.
    #[error("the stored hash names a pepper key that is not configured")]
    UnknownPepper,
    /// The stored hash can only be computed with a setting that the builder was not given. The text names the
    /// builder's method.
    #[error("the stored hash needs a setting that is missing: {0}")]
    MissingSetting(&'static str),
    /// The operating system gave no memory for the hash. It is worth trying again.
    #[error("no memory for hashing")]
    OutOfMemory,
    /// The operating system gave no random bytes for a salt.
    #[error("no random bytes from the operating system")]
    NoRandomness,
}
