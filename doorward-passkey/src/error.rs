//! Why a passkey was refused: one reason for each check.

/// Why a registration or an authentication was refused.
///
/// Errors can be logged: they contain nothing that a client sent. The sections are those of W3C WebAuthn Level 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// This part cannot be read: it is missing, cut off, or not in its format.
    #[error("{0} is malformed")]
    Malformed(&'static str),
    /// This part goes on after its end.
    #[error("{0} has bytes after its end")]
    TrailingBytes(&'static str),
    /// The client data is of the other ceremony: a registration in place of an authentication, or the reverse.
    #[error("the client data is of another ceremony")]
    Ceremony,
    /// The client data answers another challenge.
    #[error("the challenge is another one")]
    Challenge,
    /// The ceremony took place at an origin that is not in the list.
    #[error("the origin is not accepted")]
    Origin,
    /// The ceremony took place in a frame on a page of another origin.
    #[error("the ceremony took place in a frame of another site")]
    CrossOrigin,
    /// The client names an origin around the frame, although it denies that there is another one.
    #[error("the ceremony took place under another origin")]
    TopOrigin,
    /// The authenticator answered for another relying party.
    #[error("the passkey is for another relying party")]
    RelyingParty,
    /// Nobody touched the authenticator.
    #[error("the user was not present")]
    UserNotPresent,
    /// The authenticator did not check who its user is, by a PIN or by biometrics.
    #[error("the user was not verified")]
    UserNotVerified,
    /// The flags contradict each other: a passkey that cannot be backed up is backed up (section 6.1.3).
    #[error("the passkey is backed up although it cannot be")]
    BackedUpButNotEligible,
    /// A passkey that could be backed up no longer can be. That never changes (section 6.1.3).
    #[error("the passkey can no longer be backed up")]
    BackupEligibilityLost,
    /// The answer to a registration has no public key.
    #[error("the authenticator sent no public key")]
    NoPublicKey,
    /// The public key is of an algorithm that was not offered.
    #[error("the algorithm of the public key was not offered")]
    Algorithm,
    /// The public key names an algorithm that was offered, but is no valid key of it.
    #[error("the public key is invalid")]
    PublicKey,
    /// The id of the credential has more than 1023 bytes (section 7.1).
    #[error("the id of the credential is too long")]
    CredentialIdTooLong,
    /// The answer is by another credential than the stored one.
    #[error("the answer is by another credential")]
    OtherCredential,
    /// The authenticator has this credential for another user.
    #[error("the credential is for another user")]
    OtherUser,
    /// The signature is not by the stored key, or not over these data.
    #[error("the signature is wrong")]
    Signature,
}
