//! Verifies what an authenticator has signed, and notes its use. Both are apart: what it allows is one transaction.

use doorward_passkey::{Authentication, AuthenticationResponse, Error as Reason, RequestOptions};

use crate::{
    accounts::{
        event,
        mail::outbox,
        passkey::{
            challenges::{self, Purpose},
            table::{self, Passkey},
        },
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::SecondFactor,
        user::UserId,
    },
};

/// A proof with a passkey. It is not noted yet.
#[must_use]
pub(crate) struct Verified {
    pub(crate) passkey: Passkey,
    proof: Authentication,
}

/// What an answer of a browser says.
pub(crate) enum Verdict {
    Right(Box<Verified>),
    /// Nobody has this passkey here.
    Unknown,
    /// The reason, for people who build a client. It has nothing that was sent.
    Refused(String),
}

/// Returns options for a proof with one of these passkeys, or with any if there are none: then they tell nothing about
/// any user.
///
/// # Errors
/// [`Error::PasskeysNotConfigured`].
pub(crate) async fn ask(auth: &Auth, purpose: Purpose, passkeys: &[Passkey]) -> Result<RequestOptions> {
    let site = auth.relying_party()?;
    let challenge = challenges::ask(auth, purpose).await?;
    let transports: Vec<_> = passkeys.iter().map(Passkey::transports).collect();
    Ok(site.request_options(&challenge, &table::known(passkeys, &transports)))
}

/// Verifies an answer. Its challenge is used up, right or wrong.
///
/// # Errors
/// [`Error::PasskeysNotConfigured`], and errors of the database.
pub(crate) async fn verify(
    auth: &Auth,
    answer: &AuthenticationResponse,
    purpose: Purpose,
) -> Result<Verdict> {
    let site = auth.relying_party()?;
    let refused = |reason: Reason| Ok(Verdict::Refused(reason.to_string()));
    let challenge = match answer.challenge() {
        Ok(challenge) => challenge,
        Err(reason) => return refused(reason),
    };
    if !challenges::take(auth, &challenge, purpose).await? {
        return Ok(Verdict::Refused(
            "the challenge was answered before, is too old, or was another one".into(),
        ));
    }
    let Some(passkey) = table::by_credential(auth.db(), &answer.id).await?.filter(|found| !found.retired)
    else {
        return Ok(Verdict::Unknown);
    };
    let Some(public_key) = passkey.public_key() else {
        tracing::error!(passkey = passkey.id, "the public key of a passkey cannot be read");
        return Err(Error::Internal);
    };
    match site.authenticate(&challenge, answer, &passkey.stored(&public_key)) {
        Ok(proof) => Ok(Verdict::Right(Box::new(Verified { passkey, proof }))),
        Err(reason) => refused(reason),
    }
}

impl Verified {
    pub(crate) fn user(&self) -> UserId {
        self.passkey.user
    }

    /// Notes the proof, in the transaction of what it allows. The caller has locked the credential of the user.
    ///
    /// # Errors
    /// [`Error::PasskeyRefused`] if the passkey was removed meanwhile.
    pub(crate) async fn spend(&self, auth: &Auth, tx: &mut Tx, client: &Client) -> Result<SecondFactor> {
        if !table::note_use(auth, tx, (self.passkey.id, &self.proof)).await? {
            return Err(Error::PasskeyRefused("it was removed".into()));
        }
        let user = self.user();
        let about = |kind| NewEvent::of(kind, Some(user), By::User(client)).with("passkey", self.passkey.id);
        if self.proof.became_backup_eligible {
            event::record(auth, tx, about(EventKind::PasskeyBackupAllowed)).await?;
        }
        if self.proof.count_regressed {
            event::record(auth, tx, about(EventKind::PasskeyCounterRegressed)).await?;
            if table::note_regression(tx, self.passkey.id).await? {
                outbox::post(auth, tx, &Post::of(Letter::PASSKEY_COPIED, To::User(user), client)).await?;
            }
        }
        Ok(SecondFactor::Passkey { synced: self.proof.backed_up })
    }
}
