//! Sends the mails of the [outbox](crate::accounts::mail::outbox), a few at a time. It does not keep the accounts open.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    accounts::{
        limit::mails,
        mail::{
            letter,
            outbox::{self, ATTEMPTS, Claim, Claimed, LOOK},
            own, recipient,
        },
        one_time,
    },
    auth::{Auth, WeakAuth},
    base::{
        error::{Error, Result},
        mail::{
            transport::{Connection, Mail},
            undelivered::Undelivered,
        },
        text::language::Language,
    },
    model::letter::Details,
};

/// The most mails that a node sends at the same time.
const AT_ONCE: usize = 4;
/// How long the end waits for mails that are being sent.
const FAREWELL: Duration = Duration::from_secs(4);
/// The pauses before each attempt to write the outcome of a mail, in seconds.
const NOTE_AGAIN: [u64; 4] = [0, 1, 5, 20];

/// Sends mails until `stopped`.
pub(crate) async fn run(auth: WeakAuth, wake: Arc<Notify>, stopped: impl Future<Output = ()>) {
    let mut sending = JoinSet::new();
    tokio::pin!(stopped);
    loop {
        let pause = match auth.upgrade() {
            Some(auth) => start_due(&auth, &mut sending).await,
            None => break,
        };
        let free = sending.len() < AT_ONCE;
        tokio::select! {
            () = &mut stopped => break,
            Some(_) = sending.join_next() => {}
            () = wake.notified(), if free => {}
            () = sleep(pause), if free => {}
        }
    }
    // A mail that is cut off here is tried again when its claim ends.
    let _ = timeout(FAREWELL, async { while sending.join_next().await.is_some() {} }).await;
}

/// Sends all mails that are due, and waits for them.
#[cfg(feature = "test-util")]
pub(crate) async fn round(auth: &Auth) {
    let mut sending = JoinSet::new();
    loop {
        start_due(auth, &mut sending).await;
        if sending.join_next().await.is_none() {
            return;
        }
    }
}

/// Starts to send mails that are due, at most [`AT_ONCE`] at the same time. Returns how long to wait for more.
async fn start_due(auth: &Auth, sending: &mut JoinSet<()>) -> Duration {
    if let Err(error) = outbox::write_later(auth).await {
        tracing::debug!(cause = %error, "a queued mail was not written");
    }
    while sending.len() < AT_ONCE {
        match outbox::claim(auth, AT_ONCE - sending.len()).await {
            Ok(Claim::Mails(mails)) => {
                for mail in mails {
                    sending.spawn(attempt(auth.downgrade(), Arc::clone(auth.mail()), mail));
                }
            }
            Ok(Claim::NothingFor(seconds)) => return LOOK.min(Duration::from_secs(seconds)),
            // The error is already logged.
            Err(_) => return LOOK,
        }
    }
    LOOK
}

/// Tries to send a mail, and writes the outcome.
async fn attempt(auth: WeakAuth, mail: Arc<Mail>, claimed: Claimed) {
    let delivered = deliver(&auth, &mail, &claimed).await;
    for pause in NOTE_AGAIN {
        sleep(Duration::from_secs(pause)).await;
        let Some(auth) = auth.upgrade() else { break };
        if outbox::note(&auth, &claimed, &delivered).await.is_ok() {
            break;
        }
    }
    if let Ok(Some(connection)) = delivered {
        connection.quit().await;
    }
}

/// Writes a letter and hands it to the mail server. Returns `None` if there is no recipient.
///
/// The mail server may take minutes. This does not keep the accounts open while it waits.
async fn deliver(auth: &WeakAuth, mail: &Mail, claimed: &Claimed) -> Result<Option<Connection>, Undelivered> {
    if claimed.attempts > ATTEMPTS {
        // Each attempt was cut off by the end of its process, so no outcome was written.
        return Err(Undelivered::Refused("it was tried too often".into()));
    }
    let held = || auth.upgrade().ok_or_else(|| Undelivered::Later("the accounts were closed".into()));
    let later = |error: Error| Undelivered::Later(error.to_string());
    if claimed.letter == own::NAME {
        let Some(message) = own::write(&held()?, claimed).await? else { return Ok(None) };
        let mut connection = mail.connect().await?;
        connection.send(format!("{:x}", claimed.id), message).await?;
        return Ok(Some(connection));
    }
    // A node with a newer version may have written a letter that this node does not know.
    let letter =
        held()?.letter(&claimed.letter).ok_or_else(|| Undelivered::Later("an unknown letter".into()))?;
    let found = recipient::find(&held()?, letter, claimed.user, claimed.email.as_ref()).await;
    let Some(mut addressee) = found.map_err(later)? else { return Ok(None) };
    // Only the first attempt at a mail is counted.
    if addressee.letter.is_notice
        && claimed.attempts == 1
        && !mails::may_notify(&held()?, addressee.letter, &addressee.email).await.map_err(later)?
    {
        return Ok(None);
    }
    let mut connection = mail.connect().await?;
    let message = {
        let auth = held()?;
        let mut minted = None;
        if let Some(purpose) = addressee.letter.purpose {
            let mut secret = one_time::mint(&auth, purpose).await.map_err(later)?;
            if let Some(again) = &addressee.again {
                secret.lifetime = again.until - auth.now();
            }
            if outbox::keep(&auth, claimed, &secret, &addressee).await.map_err(later)? {
                minted = Some(secret);
            } else {
                // The user may have been deleted by now. Then another letter is right.
                let found = recipient::find(&auth, letter, claimed.user, claimed.email.as_ref()).await;
                match found.map_err(later)?.filter(|other| other.letter.purpose.is_none()) {
                    Some(other) => addressee = other,
                    None => return Ok(None),
                }
            }
        }
        let letter = addressee.letter;
        let language = Language::of_tag(&claimed.language).unwrap_or(Language::English);
        let details = match addressee.again {
            // Nothing else is known about the change. The person who asked for this letter did not make it. The present
            // address may be one of a later change, which is none of their business.
            Some(again) => Details { at: Some(again.changed_at), ..Details::default() },
            None => Details::from_json(&claimed.details),
        };
        letter::write(&auth, letter, language, addressee.email, minted.as_ref(), &details).map_err(later)?
    };
    // A further attempt has another link. Nobody may take it for the same mail.
    let id = match message.secrets.is_empty() {
        true => format!("{:x}", claimed.id),
        false => format!("{:x}-{}", claimed.id, claimed.attempts),
    };
    connection.send(id, message).await?;
    Ok(Some(connection))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::mail::{sender, transport};

    #[test]
    fn a_claim_outlives_the_attempt() {
        let noting = NOTE_AGAIN.iter().sum::<u64>();
        for longest in [transport::LONGEST, sender::PATIENCE] {
            assert!(outbox::CLAIM as u64 > longest.as_secs() + noting);
        }
    }
}
