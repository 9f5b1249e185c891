//! What a client gets for a code or a refresh token.

use crate::model::{session::SecondFactor, user::User};

/// What a client gets for a code or a refresh token.
pub(crate) struct Exchanged {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: String,
    /// The nonce of the request, for the first ID token.
    pub(crate) nonce: Option<String>,
    pub(crate) user: User,
    /// The number of the session in which the code was given.
    pub(crate) session: i64,
    /// How the user proved who they are, and when.
    pub(crate) method: String,
    pub(crate) second: Option<SecondFactor>,
    pub(crate) authenticated_at: i64,
}
