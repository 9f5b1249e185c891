//! What a client was allowed: the token with which it acts for a user, as this process remembers it.

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{
    base::{
        db::Mark,
        secret::{self, Hash},
    },
    model::user::User,
};

/// The access token of a client.
pub(crate) const ACCESS_TOKEN: secret::Kind = secret::Kind("dw_a_");

/// A refresh token. With it a client gets new access tokens.
pub(crate) const REFRESH_TOKEN: secret::Kind = secret::Kind("dw_f_");

/// The scope that gives a refresh token (OpenID Connect Core, section 11).
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// An authorization code.
pub(crate) const CODE: secret::Kind = secret::Kind("dw_o_");

/// An access token that has not ended, with its user. It is kept in memory under the same rules as a session: see
/// [`Known`](crate::model::session::Known).
#[derive(Debug)]
pub(crate) struct Access {
    /// The mark that was taken before the look-up.
    pub(crate) mark: Mark,
    pub(crate) looked_up_at: i64,
    pub(crate) client_id: Box<str>,
    /// The number under which changes of the client are noted.
    pub(crate) client: i64,
    pub(crate) scopes: Box<str>,
    /// The API that the token is for. `None` for the routes here.
    pub(crate) resource: Option<Box<str>>,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    /// The session that it ends with. `None` if it outlives a log-out.
    pub(crate) session: Option<SessionTimes>,
    pub(crate) user: User,
}

/// The times at which a session ends by itself.
#[derive(Debug)]
pub(crate) struct SessionTimes {
    pub(crate) token_hash: Hash,
    /// Its latest end.
    pub(crate) ends_at: i64,
    pub(crate) last_seen_at: i64,
}

impl Access {
    /// Returns `true` if the user allowed this.
    pub(crate) fn allows(&self, scope: &str) -> bool {
        has_scope(&self.scopes, scope)
    }
}

/// Returns `true` if a list of scopes, separated by spaces, has this one.
pub(crate) fn has_scope(scopes: &str, scope: &str) -> bool {
    scopes.split(' ').any(|one| one == scope)
}

/// The access tokens that were looked up, by their hashes.
pub(crate) type Accesses = Cache<Hash, Arc<Access>>;
