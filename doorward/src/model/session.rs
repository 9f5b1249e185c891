//! A session: how it began, how its token is sent, and which user it belongs to.

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
    model::{id::id, user::User},
};

/// The token of a session. It is sent as a bearer token or in a cookie.
pub(crate) const TOKEN: secret::Kind = secret::Kind("dw_s_");

/// The way in which a user proved who they are. The feature that checked the proof gives the name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method(pub(crate) &'static str);

impl Method {
    pub(crate) const PASSWORD: Self = Self("password");
    #[cfg(feature = "totp")]
    pub(crate) const PASSKEY: Self = Self("passkey");
    /// A link or a code from a mail.
    pub(crate) const EMAIL: Self = Self("email");
}

/// A further proof, after which a log-in counts as one with two factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecondFactor {
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// One of the codes that the user was given for the loss of everything else.
    RecoveryCode,
    /// A passkey, which is two factors in one: the device, and what unlocks it.
    Passkey {
        /// It is backed up, so other devices of the user have it too.
        synced: bool,
    },
}

impl SecondFactor {
    /// The name in answers and events: `totp`, `recovery_code` or `passkey`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey { .. } => "passkey",
        }
    }

    /// The name in the database. It also says whether a passkey was backed up.
    pub(crate) fn stored(self) -> &'static str {
        match self {
            Self::Passkey { synced: false } => "passkey_of_device",
            other => other.as_str(),
        }
    }

    /// Reads a stored name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let passkeys = [true, false].map(|synced| Self::Passkey { synced });
        [Self::Totp, Self::RecoveryCode].into_iter().chain(passkeys).find(|factor| factor.stored() == name)
    }
}

/// How a user has just proved who they are. A method that is two factors in one, such as a passkey, gives both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof<'a> {
    /// The name of a [`Method`].
    pub(crate) method: &'a str,
    pub(crate) second: Option<SecondFactor>,
    /// The passkey that the user has used. The session ends with it.
    pub(crate) passkey: Option<i64>,
    /// The user wants no second step in this browser for a while. Only a second factor can say so.
    pub(crate) trust_browser: bool,
}

impl From<Method> for Proof<'_> {
    fn from(method: Method) -> Self {
        Self { method: method.0, second: None, passkey: None, trust_browser: false }
    }
}

/// The level of certainty of a session, as `acr` tells it (RFC 9470): one factor, or two.
pub(crate) const LEVELS: [&str; 2] = ["aal1", "aal2"];

/// Returns the level of a session with this further proof.
pub(crate) fn acr(second: Option<SecondFactor>) -> &'static str {
    LEVELS[usize::from(second.is_some())]
}

/// Returns how the user of a session proved who they are, in the words of RFC 8176. A way of the host has no word
/// there, and neither has a recovery code.
pub(crate) fn amr(method: &str, second: Option<SecondFactor>) -> Vec<&'static str> {
    let first = (method == Method::PASSWORD.0).then_some("pwd");
    let device = match second {
        Some(SecondFactor::Totp) => Some("otp"),
        Some(SecondFactor::Passkey { synced: true }) => Some("swk"),
        Some(SecondFactor::Passkey { synced: false }) => Some("hwk"),
        _ => None,
    };
    first.into_iter().chain(device).chain(second.map(|_| "mfa")).collect()
}

id! {
    /// The number of a session. It is no secret, and no key to the session.
    SessionId
}

/// How the token of a session is sent. A token that is sent in the other way is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// As `Authorization: Bearer`, by a program.
    Bearer,
    /// In a cookie, by a browser.
    Cookie,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }

    /// Reads a stored name.
    pub(crate) fn named(name: &str) -> Self {
        if name == Self::Cookie.name() { Self::Cookie } else { Self::Bearer }
    }
}

/// A session that has not ended, with its user.
pub(crate) struct Session {
    pub(crate) id: i64,
    pub(crate) token_hash: Hash,
    pub(crate) transport: Transport,
    pub(crate) user: Owner,
    pub(crate) expires_at: i64,
}

/// The user of a session.
pub(crate) struct Owner(pub(crate) Arc<Known>);

impl Deref for Owner {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0.user
    }
}

impl Owner {
    /// Returns the user as JSON. It is made once and kept with the session in memory.
    pub(crate) fn json(&self) -> Bytes {
        let made = || self.0.user.json().as_slice().into();
        Bytes::copy_from_slice(self.0.json.get_or_init(made))
    }
}

/// The number of bytes that [`Known`] reserves for the JSON of its user. Longer JSON is put on the heap.
const JSON: usize = 272;

/// A session as it was looked up, kept in memory.
///
/// It is only used to accept a token, and only while `Db::is_unchanged` says that the rows of its user are unchanged.
/// Every refusal comes from the database.
///
/// A request finds all that it reads in one piece of memory. Each further piece could be a cache miss.
pub(crate) struct Known {
    /// The mark that was taken before the look-up.
    pub(crate) mark: Mark,
    pub(crate) looked_up_at: i64,
    pub(crate) id: i64,
    pub(crate) transport: Transport,
    /// The last use that this node knows of. Another node may know a later one.
    pub(crate) last_seen_at: AtomicI64,
    /// The end of the session. A lifetime that the settings have shortened counts for older sessions too.
    pub(crate) expires_at: i64,
    pub(crate) user: User,
    pub(crate) json: OnceLock<SmallVec<[u8; JSON]>>,
    /// How the user proved who they are. Few requests read this and the rest.
    pub(crate) method: Box<str>,
    pub(crate) authenticated_at: i64,
    /// The further proof, if there was one.
    pub(crate) second: Option<SecondFactor>,
    /// When it was shown.
    pub(crate) second_at: Option<i64>,
    pub(crate) created_at: i64,
}

/// The seconds by which the clock of another node may be ahead.
const AHEAD: i64 = 60;

impl Known {
    /// Returns `true` if the user has proved who they are in the last `seconds`, in any way.
    pub(crate) fn proved_within(&self, seconds: u64, now: i64) -> bool {
        is_recent(self.authenticated_at, seconds, now)
    }

    /// Returns `true` if the user has shown a second factor in the last `seconds`.
    pub(crate) fn second_within(&self, seconds: u64, now: i64) -> bool {
        self.second.is_some() && self.second_at.is_some_and(|at| is_recent(at, seconds, now))
    }
}

/// A proof in the future counts only a little. Otherwise it would count for ever after a clock was set back.
fn is_recent(at: i64, seconds: u64, now: i64) -> bool {
    (-AHEAD..=seconds.try_into().unwrap_or(i64::MAX)).contains(&(now - at))
}
