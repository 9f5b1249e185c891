//! A session: how it was begun, how its token travels, and whose it is.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock, atomic::AtomicI64},
};

use axum::body::Bytes;
use smallvec::SmallVec;

use crate::{
    base::{
        db::Mark,
        secret::{self, Hash},
    },
    model::user::User,
};

/// Session tokens, as bearer tokens and in cookies.
pub(crate) const TOKEN: secret::Kind = secret::Kind("dw_s_");

/// How the user proved who they are, named by the room that checked it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method(pub(crate) &'static str);

impl Method {
    pub(crate) const PASSWORD: Self = Self("password");
}

/// How a session's token travels. It is good for that way alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Bearer,
    Cookie,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }
}

/// A session that is alive, and whose it is.
pub(crate) struct Session {
    pub(crate) id: i64,
    pub(crate) token_hash: Hash,
    pub(crate) transport: Transport,
    pub(crate) user: Owner,
    pub(crate) expires_at: i64,
}

/// The user whose session it is.
pub(crate) struct Owner(pub(crate) Arc<Known>);

impl Deref for Owner {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0.user
    }
}

impl Owner {
    /// The user as JSON, made once for as long as they are remembered.
    pub(crate) fn json(&self) -> Bytes {
        let made = || serde_json::to_vec(&self.0.user).expect("a user is numbers and text").as_slice().into();
        Bytes::copy_from_slice(self.0.json.get_or_init(made))
    }
}

/// A user as JSON has seldom more bytes. Longer ones are kept elsewhere.
const JSON: usize = 208;

/// A session as it was looked up, kept in memory.
///
/// It is only ever used to say yes, and only where the database says that nothing of its user has changed since
/// ([`db::Db::is_unchanged`]). Every refusal comes from the database itself.
///
/// What a request reads of it is one piece of memory, because each further one would be a wait for memory that is in no
/// cache.
pub(crate) struct Known {
    /// Taken before it was looked up, at this time.
    pub(crate) mark: Mark,
    pub(crate) looked_up_at: i64,
    pub(crate) id: i64,
    pub(crate) transport: Transport,
    /// To what is known here: it may have been used elsewhere since.
    pub(crate) last_seen_at: AtomicI64,
    /// By the settings as well: those that were shortened since hold for older sessions too.
    pub(crate) expires_at: i64,
    pub(crate) user: User,
    pub(crate) json: OnceLock<SmallVec<[u8; JSON]>>,
}
