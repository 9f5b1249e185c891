//! The rows of log-ins that wait, and those for a second factor.

#[cfg(feature = "totp")]
use crate::base::db::{FromRow, Row};
use crate::{
    auth::Auth,
    base::{
        db::{self, Tx},
        error::{Error, Result},
        secret::{self, Hash, Kind},
    },
    model::{
        client::Client,
        session::{Method, Proof, SecondFactor, Transport},
        user::UserId,
    },
};

/// The token of a log-in that waits. It is no token of a session.
pub(crate) const TOKEN: Kind = Kind("dw_p_");

/// The seconds that people have for the next step.
const LIFETIME: i64 = 600;

/// The seconds for which a log-in waits for its mail. A mail may take some minutes, and its link works for 15.
pub(super) const LIFETIME_BY_MAIL: i64 = 30 * 60;

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// One of the second factors of the user.
    SecondStep,
    /// The user must have a second factor and has none: it is to be added.
    Enroll,
    /// A link or a code from a mail.
    Mail,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::SecondStep => "second_step",
            Self::Enroll => "enroll",
            Self::Mail => "email",
        }
    }

    /// Reads a stored name.
    #[cfg(feature = "totp")]
    fn named(name: &str) -> Self {
        let others = [Self::Enroll, Self::Mail];
        others.into_iter().find(|stage| stage.name() == name).unwrap_or(Self::SecondStep)
    }

    /// Returns the page that takes the step.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Self::SecondStep => "login/second-step",
            Self::Enroll => "login/enroll",
            Self::Mail => "login/code",
        }
    }
}

/// A log-in that waits for its next step.
#[derive(Debug)]
#[must_use]
pub(crate) struct PendingLogIn {
    /// The token. It is shown once; only its hash is stored. `None` for a program whose user must add a second factor:
    /// that log-in does not wait.
    pub(crate) token: Option<String>,
    /// What the user can take the second step with.
    pub(crate) methods: Vec<SecondFactor>,
    /// The address of the page on which the user adds a second factor.
    pub(crate) enroll: Option<String>,
    stage: Stage,
}

impl PendingLogIn {
    /// A log-in that waits for a mail.
    pub(super) fn by_mail(token: String) -> Self {
        Self { token: Some(token), methods: Vec::new(), enroll: None, stage: Stage::Mail }
    }

    /// Returns the page that takes the next step.
    #[cfg(feature = "pages")]
    pub(crate) fn page(&self) -> &'static str {
        self.stage.page()
    }

    /// Returns the seconds until it ends by itself.
    pub(crate) fn lifetime(&self) -> i64 {
        if self.stage == Stage::Mail { LIFETIME_BY_MAIL } else { LIFETIME }
    }

    /// Returns the names of the methods.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        if self.stage == Stage::Mail {
            return vec![Method::EMAIL.0];
        }
        self.methods.iter().map(|method| method.as_str()).collect()
    }

    /// Returns the refusal of a client that goes on as if it were logged in.
    pub(crate) fn refusal(&self) -> Error {
        Error::SecondStepRequired { methods: self.names(), enroll: self.enroll.clone() }
    }
}

/// Stores that `user` has taken the first step, in the transaction of that step. `methods` says what they can take the
/// next one with. If the step is [`Stage::Enroll`], a program gets the address of the page where a browser does it, and
/// nothing waits.
pub(crate) async fn begin(
    auth: &Auth,
    tx: &Tx,
    user: UserId,
    (proof, transport): (Proof<'_>, Transport),
    (stage, methods): (Stage, Vec<SecondFactor>),
    client: &Client,
) -> db::Result<PendingLogIn> {
    let pages = &auth.site().pages;
    let (page, waits) = match (stage, transport) {
        (Stage::Enroll, Transport::Cookie) => (Some(stage.page()), true),
        (Stage::Enroll, Transport::Bearer) => (Some("login"), false),
        _ => (None, true),
    };
    let pending =
        PendingLogIn { token: None, methods, enroll: page.map(|page| format!("{pages}/{page}")), stage };
    if !waits {
        return Ok(pending);
    }
    let (token, hash) = secret::generate(TOKEN);
    let now = auth.now();
    tx.write(
        "INSERT INTO pending_logins (token_hash, user_id, stage, first_method, transport, tries, ip, user_agent,
             created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9)",
    )
    .bind(hash)
    .bind(user)
    .bind(stage.name())
    .bind(proof.method)
    .bind(transport.name())
    .bind(client.ip.map(|ip| ip.to_string()))
    .bind(client.user_agent.as_deref())
    .bind(now)
    .bind(now + LIFETIME)
    .execute()
    .await?;
    Ok(PendingLogIn { token: Some(token), ..pending })
}

/// The most codes that may be tried for one log-in.
#[cfg(feature = "totp")]
const TRIES: i64 = 5;

/// A log-in that waits for its next step, and who took the first one.
#[cfg(feature = "totp")]
pub(crate) struct Waiting {
    pub(crate) user: UserId,
    /// How the user took the first step.
    pub(crate) method: String,
    pub(crate) stage: Stage,
}

#[cfg(feature = "totp")]
impl FromRow for Waiting {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let stage: String = row.get(2)?;
        Ok(Self { user: UserId(row.get(0)?), method: row.get(1)?, stage: Stage::named(&stage) })
    }
}

/// Finds the log-in with this token, if it still waits.
#[cfg(feature = "totp")]
pub(crate) async fn find(auth: &Auth, token: Hash, transport: Transport) -> Result<Option<Waiting>> {
    Ok(auth
        .db()
        .read(
            "SELECT user_id, first_method, stage FROM pending_logins
             WHERE token_hash = ?1 AND transport = ?2 AND expires_at > ?3 AND user_id IS NOT NULL",
        )
        .bind(token)
        .bind(transport.name())
        .bind(auth.now())
        .fetch_optional()
        .await?)
}

/// Counts a try before it is checked. After the last one, the log-in has to begin anew.
///
/// # Errors
/// [`Error::LogInExpired`] if there were too many tries, or if it waits no longer.
#[cfg(feature = "totp")]
pub(crate) async fn count_try(auth: &Auth, token: Hash) -> Result<()> {
    let counted = auth
        .db()
        .write("UPDATE pending_logins SET tries = tries + 1 WHERE token_hash = ?1 AND tries < ?2")
        .bind(token)
        .bind(TRIES)
        .execute()
        .await?;
    if counted == 1 {
        return Ok(());
    }
    auth.db().write("DELETE FROM pending_logins WHERE token_hash = ?1").bind(token).execute().await?;
    Err(Error::LogInExpired)
}

/// Takes a try back that was not checked.
#[cfg(feature = "totp")]
pub(crate) async fn give_back_try(auth: &Auth, token: Hash) -> Result<()> {
    auth.db()
        .write("UPDATE pending_logins SET tries = tries - 1 WHERE token_hash = ?1 AND tries > 0")
        .bind(token)
        .execute()
        .await?;
    Ok(())
}

/// Ends the log-in with this token, in the transaction that makes a session of it. Returns `false` if it waits no
/// longer.
pub(crate) async fn finish(auth: &Auth, tx: &mut Tx, token: Hash) -> Result<bool> {
    let finished = tx
        .write("DELETE FROM pending_logins WHERE token_hash = ?1 AND expires_at > ?2")
        .bind(token)
        .bind(auth.now())
        .execute()
        .await?;
    Ok(finished == 1)
}

/// Ends the log-ins of `user` that wait, because what they have proved so far has changed, or because all sessions end.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.write("DELETE FROM pending_logins WHERE user_id = ?1").bind(user).execute().await?;
    Ok(())
}

/// Deletes at most `limit` log-ins that have waited for too long. Returns how many it deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM pending_logins WHERE token_hash IN
                 (SELECT token_hash FROM pending_logins WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now())
        .bind(limit)
        .execute()
        .await?)
}
