//! The mails that are to be sent. A mail is written in the transaction of the change that it reports, and
//! [sent](crate::accounts::mail::sender) afterwards. Owns the table `mails`.
//!
//! A row holds the letter and the recipient, and no secret. A letter of the host is there as a whole. The token of a
//! link is made when the mail server is ready to take the letter. So its lifetime begins then, and each further attempt
//! makes a newer token.
//!
//! A node claims a row for a while. The pauses between attempts grow, and after some 24 hours the mail is kept as dead.
//! A mail that was committed is never lost. It is sent twice only if the process or the connection dies after the mail
//! server took the mail and before the row is deleted.

use std::time::Duration;

use crate::{
    accounts::{
        event,
        limit::mails,
        mail::recipient::Addressee,
        one_time::{self, Minted},
        pending_login::by_mail,
    },
    auth::Auth,
    base::{
        db::{self, FromRow, Row, Tx},
        email::Email,
        error::Result,
        mail::{transport::Connection, undelivered::Undelivered},
        secret,
        text::language::Language,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::{Details, Letter},
        post::{Post, To},
        purpose::Purpose,
        user::UserId,
    },
};

/// The seconds for which a node claims a row. No attempt takes longer.
pub(super) const CLAIM: i64 = 240;
/// The pause after the first failure, in seconds. It doubles with each failure.
const FIRST_PAUSE: i64 = 5;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 3600;
/// The most attempts. With their pauses they take a little more than a day.
pub(super) const ATTEMPTS: i64 = 34;
/// The pause before a node looks again for mails that another node has written and not sent.
pub(super) const LOOK: Duration = Duration::from_secs(10);
/// The seconds for which dead mails are kept.
const DEAD: i64 = 30 * 24 * 3600;

/// Writes a mail that is sent after the commit of `tx`. Does nothing if this server sends no mail. A caller that needs
/// the mail must ask [`Mail::works`](crate::base::mail::transport::Mail::works) first.
pub(crate) async fn post(auth: &Auth, tx: &mut Tx, post: &Post) -> Result<()> {
    if !auth.mail().works() {
        return Ok(());
    }
    let (user, email) = match &post.to {
        To::User(user) => (Some(*user), None),
        To::Owner(email) => (None, Some(email)),
        To::Address(user, email) => (Some(*user), Some(email)),
    };
    let details = Details { at: Some(auth.now()), ..post.details.clone() }.to_json();
    let created_at = post.happened_at.unwrap_or_else(|| auth.now());
    insert(auth, tx, (post.letter.name, post.language, details), (user, email), created_at).await
}

/// Writes a row.
pub(super) async fn insert(
    auth: &Auth,
    tx: &mut Tx,
    (letter, language, details): (&'static str, Language, String),
    (user, email): (Option<UserId>, Option<&Email>),
    created_at: i64,
) -> Result<()> {
    tx.write(
        "INSERT INTO mails (id, letter, user_id, email, email_key, language, details, created_at, attempts, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
    )
    .bind(secret::random_id())
    .bind(letter)
    .bind(user)
    .bind(email.map(|email| &*email.typed))
    .bind(email.map(|email| &*email.key))
    .bind(language.tag())
    .bind(details)
    .bind(created_at)
    .bind(auth.now())
    .execute()
    .await?;
    let bell = auth.queue().bell();
    tx.after_commit(move || bell.notify_one());
    Ok(())
}

/// Queues a letter to the owner of an address in memory. The sender writes it to the table later, so neither this
/// request nor the next one takes longer for an existing account. The letter is lost if the process ends first, or if
/// too many wait. So use it only for mails that a person gets again by trying again.
pub(crate) fn post_later(auth: &Auth, letter: Letter, email: Email, client: &Client) {
    auth.queue().add(Post::of(letter, To::Owner(email), client));
}

/// Writes the queued letters to the table. An address that has had enough notices of a letter gets no more.
pub(super) async fn write_later(auth: &Auth) -> Result<()> {
    for late in auth.queue().take() {
        if let To::Owner(email) = &late.to
            && mails::may_notify(auth, late.letter, email).await?
        {
            let mut tx = auth.db().begin().await?;
            post(auth, &mut tx, &late).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Deletes the mails with this letter that are for `user` and not sent yet.
///
/// Call it after the lock on the credential of the user: a transaction that writes such a mail holds that lock. Call it
/// before the user is changed: a mail that is being sent is locked before its user.
pub(crate) async fn cancel(tx: &mut Tx, user: UserId, letter: Letter) -> Result<()> {
    cancel_since(tx, user, letter, 0).await
}

/// As [`cancel`], for mails that report a change at the moment `since` or later.
pub(crate) async fn cancel_since(tx: &mut Tx, user: UserId, letter: Letter, since: i64) -> Result<()> {
    tx.write("DELETE FROM mails WHERE user_id = ?1 AND letter = ?2 AND created_at >= ?3")
        .bind(user)
        .bind(letter.name)
        .bind(since)
        .execute()
        .await?;
    Ok(())
}

/// Deletes at most `limit` mails that have been dead for 30 days. Returns how many it deleted. Mails that were sent are
/// already deleted.
pub(crate) async fn delete_expired(auth: &Auth, limit: i64) -> Result<u64> {
    Ok(auth
        .db()
        .write(
            "DELETE FROM mails WHERE id IN
                 (SELECT id FROM mails WHERE dead_at <= ?1 ORDER BY dead_at LIMIT ?2 /* skip locked */)",
        )
        .bind(auth.now() - DEAD)
        .bind(limit)
        .execute()
        .await?)
}

/// A row that this node has claimed for a while.
pub(super) struct Claimed {
    pub(super) id: i64,
    pub(super) letter: String,
    pub(super) user: Option<UserId>,
    pub(super) email: Option<Email>,
    pub(super) language: String,
    pub(super) details: String,
    pub(super) created_at: i64,
    /// The number of attempts, with this one. If the row has another number, another node has claimed it.
    pub(super) attempts: i64,
}

impl FromRow for Claimed {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        let (typed, key): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        Ok(Self {
            id: row.get(0)?,
            letter: row.get(1)?,
            user: row.get::<Option<i64>>(2)?.map(UserId),
            email: typed.zip(key).map(|(typed, key)| Email::stored(typed, key)),
            language: row.get(5)?,
            details: row.get(6)?,
            created_at: row.get(7)?,
            attempts: row.get(8)?,
        })
    }
}

/// The outcome of a claim.
pub(super) enum Claim {
    Mails(Vec<Claimed>),
    /// No mail is due. Holds the seconds until the next look.
    NothingFor(u64),
}

/// Claims at most `limit` rows that are due. If two nodes try to claim the same row, the second changes nothing: it
/// sees that the row is not due any more.
pub(super) async fn claim(auth: &Auth, limit: usize) -> Result<Claim> {
    let now = auth.now();
    bring_back_strays(auth, now).await?;
    let next: Option<i64> = auth
        .db()
        .read("SELECT due_at FROM mails WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
        .fetch_optional()
        .await?;
    let wait = next.map_or(LOOK.as_secs(), |next| next.saturating_sub(now).try_into().unwrap_or(0));
    if wait > 0 {
        return Ok(Claim::NothingFor(wait));
    }
    let mails: Vec<Claimed> = auth
        .db()
        .write(
            "UPDATE mails SET due_at = ?1, attempts = attempts + 1
             WHERE due_at <= ?2 AND id IN
                 (SELECT id FROM mails WHERE due_at <= ?2 ORDER BY due_at LIMIT ?3)
             RETURNING id, letter, user_id, email, email_key, language, details, created_at, attempts",
        )
        .bind(now + CLAIM)
        .bind(now)
        .bind(limit as i64)
        .fetch_all()
        .await?;
    // Other nodes have claimed all of them.
    Ok(if mails.is_empty() { Claim::NothingFor(1) } else { Claim::Mails(mails) })
}

/// Makes mails due now whose time lies more than two of the longest pauses ahead. The clock was far ahead when they
/// were tried, and was set back since.
async fn bring_back_strays(auth: &Auth, now: i64) -> Result<()> {
    /// The seconds after which no row can be due. The clocks of nodes differ by less than an hour.
    const LATEST: i64 = 2 * LONGEST_PAUSE;
    let last: Option<i64> = auth
        .db()
        .read("SELECT due_at FROM mails WHERE due_at IS NOT NULL ORDER BY due_at DESC LIMIT 1")
        .fetch_optional()
        .await?;
    if last.is_none_or(|last| last <= now + LATEST) {
        return Ok(());
    }
    let brought_back = auth
        .db()
        .write("UPDATE mails SET due_at = ?1 WHERE due_at > ?2")
        .bind(now)
        .bind(now + LATEST)
        .execute()
        .await?;
    tracing::warn!(
        mails = brought_back,
        "the clock was set back: mails that waited for a far future are due now"
    );
    Ok(())
}

/// Stores the secret of a letter, so that it works. Returns `false` if the mail must not be sent any more.
///
/// A transaction that [cancels](cancel) the mail also kills its secrets, and waits for this transaction. So no secret
/// of a cancelled mail works.
pub(super) async fn keep(
    auth: &Auth,
    claimed: &Claimed,
    minted: &Minted,
    addressee: &Addressee,
) -> Result<bool> {
    let Some(user) = addressee.user else { return Ok(false) };
    let mut tx = auth.db().begin().await?;
    let ours = tx
        .write("UPDATE mails SET attempts = ?2 WHERE id = ?1 AND attempts = ?2")
        .bind(claimed.id)
        .bind(claimed.attempts)
        .execute()
        .await?;
    let email = &addressee.email;
    // If both letters are sent at the same moment, only the one that takes the account over may work.
    let overtaken = addressee.letter == Letter::VERIFY_EMAIL
        && one_time::is_there(auth, user, Purpose::RESET_PASSWORD).await?;
    let kept = ours == 1
        && !overtaken
        && match (&addressee.again, addressee.letter == Letter::EMAIL_CHANGED) {
            (Some(again), _) => {
                one_time::keep_undo(&mut tx, minted, user, again.changed_at, again.until).await?
            }
            // The week begins now.
            (None, true) => {
                let until = auth.now() + minted.lifetime;
                one_time::keep_undo(&mut tx, minted, user, claimed.created_at, until).await?
            }
            (None, false) => one_time::keep(auth, &mut tx, minted, user, email, claimed.created_at).await?,
        };
    let waits = match Details::from_json(&claimed.details).log_in {
        Some(name) if kept => match by_mail::named(&name) {
            Some(row) => by_mail::bind(auth, &tx, row, user, minted.hash()).await?,
            None => false,
        },
        _ => true,
    };
    let kept = kept && waits;
    if kept {
        if addressee.letter == Letter::FINISH_REGISTRATION {
            one_time::kill(&mut tx, user, Purpose::VERIFY_EMAIL).await?;
        }
        tx.commit().await?;
    }
    Ok(kept)
}

/// Writes the outcome of an attempt, unless another node has claimed the row by now.
pub(super) async fn note(
    auth: &Auth,
    claimed: &Claimed,
    delivered: &Result<Option<Connection>, Undelivered>,
) -> Result<()> {
    match delivered {
        Ok(sent) => note_sent(auth, claimed, sent.is_some()).await,
        Err(Undelivered::Later(cause)) if claimed.attempts < ATTEMPTS => {
            note_later(auth, claimed, cause).await
        }
        Err(Undelivered::Later(cause) | Undelivered::Refused(cause)) => give_up(auth, claimed, cause).await,
    }
}

/// Deletes the row of a mail that was sent, or that nobody needs any more.
async fn note_sent(auth: &Auth, Claimed { id, letter, attempts, .. }: &Claimed, sent: bool) -> Result<()> {
    auth.db()
        .write("DELETE FROM mails WHERE id = ?1 AND attempts = ?2")
        .bind(*id)
        .bind(*attempts)
        .execute()
        .await?;
    if sent {
        tracing::info!(mail = id, letter, attempts, "a mail was sent");
    } else {
        tracing::debug!(mail = id, letter, "a mail has no recipient");
    }
    Ok(())
}

/// Sets the time of the next attempt at a mail.
async fn note_later(auth: &Auth, Claimed { id, letter, attempts, .. }: &Claimed, cause: &str) -> Result<()> {
    let pause = pause_after(*attempts);
    auth.db()
        .write("UPDATE mails SET due_at = ?1, last_error = ?2 WHERE id = ?3 AND attempts = ?4")
        .bind(auth.now() + pause)
        .bind(cause)
        .bind(*id)
        .bind(*attempts)
        .execute()
        .await?;
    tracing::warn!(mail = id, letter, attempts, cause, again_in_s = pause, "a mail could not be sent yet");
    Ok(())
}

/// Keeps a mail as dead: there is no further attempt.
async fn give_up(auth: &Auth, Claimed { id, letter, attempts, .. }: &Claimed, cause: &str) -> Result<()> {
    let tx = auth.db().begin().await?;
    let given_up: Option<i64> = tx
        .write(
            "UPDATE mails SET due_at = NULL, dead_at = ?1, last_error = ?2 WHERE id = ?3 AND attempts = ?4
             RETURNING COALESCE(user_id, 0)",
        )
        .bind(auth.now())
        .bind(cause)
        .bind(*id)
        .bind(*attempts)
        .fetch_optional()
        .await?;
    if let Some(user) = given_up {
        // No user has the number 0.
        let user = Some(UserId(user)).filter(|user| *user != UserId(0));
        let dead = NewEvent::of(EventKind::MailDead, user, By::System).with("letter", letter);
        event::record(auth, &tx, dead).await?;
    }
    tx.commit().await?;
    let dead = auth.queue().count_dead();
    tracing::error!(mail = id, letter, attempts, cause, dead, "a mail was given up");
    Ok(())
}

/// Returns the seconds to wait after this number of failed attempts.
fn pause_after(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts - 1).ok().and_then(|times| 1_i64.checked_shl(times));
    doubled.map_or(LONGEST_PAUSE, |times| times.saturating_mul(FIRST_PAUSE).clamp(FIRST_PAUSE, LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_from_seconds_to_an_hour_and_add_up_to_a_day() {
        let pauses: Vec<_> = (1..ATTEMPTS).map(pause_after).collect();
        assert_eq!(pauses[..4], [5, 10, 20, 40]);
        assert!(pauses.is_sorted() && pauses.iter().all(|pause| *pause <= LONGEST_PAUSE));
        let hours = pauses.iter().sum::<i64>() / 3600;
        assert!((24..26).contains(&hours), "{hours} hours");
        assert_eq!(pause_after(i64::MAX), LONGEST_PAUSE);
    }
}
