//! Asks a logged-in user for another proof before a dangerous change, and takes it (RFC 9470).
//!
//! There are two questions: when the user last proved who they are (`max_age`), and whether they have shown a second
//! factor in this session (`acr_values`). A password answers only the first one. The ways in which a user logs in are
//! protected more strictly: a user who has a second factor changes them only by it.

use crate::{
    accounts::{
        credential, event,
        own_proof::{self, OwnProof},
        second_factor,
        session::{self, LoggedIn},
    },
    auth::Auth,
    base::{
        error::{Error, Result},
        step_up::StepUp,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        session::{Method, Session},
        user::UserId,
    },
};
#[cfg(feature = "totp")]
use crate::{
    accounts::{own_proof::Right, second_factor::Factors},
    base::db::Tx,
};

/// The seconds for which a proof counts as recent, in the routes of this library.
#[cfg(feature = "totp")]
pub(crate) const RECENT: u64 = 300;

/// The age of a second factor that counts for as long as the session.
pub(crate) const EVER: u64 = u64::MAX;

/// Asks for a proof in the last `seconds`, of any kind.
///
/// # Errors
/// [`Error::StepUpRequired`].
pub(crate) async fn require_recent(auth: &Auth, session: &Session, seconds: u64) -> Result<()> {
    match session.user.0.proved_within(seconds, auth.now()) {
        true => Ok(()),
        false => Err(refusal(auth, session.user.id, Some(seconds), false).await?),
    }
}

/// Asks for a second factor in this session, shown in the last `seconds`, or [`EVER`].
///
/// # Errors
/// [`Error::StepUpRequired`].
pub(crate) async fn require_second_factor(auth: &Auth, session: &Session, seconds: u64) -> Result<()> {
    let known = &session.user.0;
    let shown = match seconds {
        EVER => known.second.is_some(),
        seconds => known.second_within(seconds, auth.now()),
    };
    match shown {
        true => Ok(()),
        false => Err(refusal(auth, session.user.id, Some(seconds).filter(|age| *age != EVER), true).await?),
    }
}

/// Asks for a recent second factor if the user has one, and otherwise for any recent proof.
#[cfg(feature = "totp")]
async fn require_best(auth: &Auth, session: &Session, factors: Factors) -> Result<()> {
    match factors.ask() {
        true => require_second_factor(auth, session, RECENT).await,
        false => require_recent(auth, session, RECENT).await,
    }
}

/// Returns the error that asks for a proof. It says what this user can show.
async fn refusal(auth: &Auth, user: UserId, max_age: Option<u64>, second_factor: bool) -> Result<Error> {
    let factors = second_factor::look_at(auth.db(), user).await?;
    let mut methods: Vec<_> = factors.methods().into_iter().map(|factor| factor.as_str()).collect();
    if !second_factor && credential::has_password(auth, user).await? {
        methods.push(Method::PASSWORD.0);
    }
    let confirm_url = Some(format!("{}/confirm?next=", auth.site().pages));
    Ok(Error::StepUpRequired(Box::new(StepUp { max_age, second_factor, methods, confirm_url })))
}

/// Returns when a user last proved who they are by the best that they have: a second factor if there is one. An app
/// that asks for a fresh log-in asks for that.
#[cfg(feature = "provider")]
pub(crate) async fn best_proof_at(auth: &Auth, session: &Session) -> Result<i64> {
    let known = &session.user.0;
    Ok(match second_factor::look_at(auth.db(), session.user.id).await?.ask() {
        true => known.second_at.unwrap_or(0),
        false => known.authenticated_at,
    })
}

/// Takes another proof of a logged-in user. The session gets a new token, and goes on as one that was proved now.
///
/// # Errors
/// Those of `own_proof::check` and `Right::begin`.
pub(crate) async fn step_up(
    auth: &Auth,
    session: &Session,
    proof: OwnProof,
    client: &Client,
) -> Result<LoggedIn> {
    let method = proof.name();
    let mut right = own_proof::check(auth, session, proof, client).await?;
    let (mut tx, second) = right.begin(auth, session, client).await?;
    let renewed = session::renew(auth, &mut tx, session, second).await?;
    let stepped_up = NewEvent::of(EventKind::SteppedUp, Some(session.user.id), By::User(client));
    event::record(auth, &tx, stepped_up.with("session", session.id).with("method", method)).await?;
    tx.commit().await?;
    Ok(renewed)
}

/// Refuses a session in which the user may not change the ways in which they log in, before they begin to.
///
/// # Errors
/// [`Error::StepUpRequired`].
#[cfg(feature = "totp")]
pub(crate) async fn expect_allowed(auth: &Auth, session: &Session) -> Result<()> {
    let factors = second_factor::look_at(auth.db(), session.user.id).await?;
    require_best(auth, session, factors).await
}

/// Why a user may change the ways in which they log in. It must be held until the transaction of the change has ended.
#[cfg(feature = "totp")]
#[must_use]
pub(crate) enum Allowed {
    /// The request has a proof.
    Proved(Right),
    /// The session was proved a moment ago.
    Recently,
}

/// Checks that a user may change the ways in which they log in: by a proof in the request, or by a recent one. No
/// transaction may be open.
///
/// # Errors
/// [`Error::StepUpRequired`] if there is no recent proof, or for the password of a user with a second factor. The
/// errors of `own_proof::check`.
#[cfg(feature = "totp")]
pub(crate) async fn allow(
    auth: &Auth,
    session: &Session,
    proof: Option<OwnProof>,
    client: &Client,
) -> Result<Allowed> {
    match proof {
        Some(proof) if proof.is_second_factor() => {
            Ok(Allowed::Proved(own_proof::check(auth, session, proof, client).await?))
        }
        proof => {
            let factors = second_factor::look_at(auth.db(), session.user.id).await?;
            let Some(proof) = proof else {
                require_best(auth, session, factors).await?;
                return Ok(Allowed::Recently);
            };
            if factors.ask() {
                return Err(refusal(auth, session.user.id, Some(RECENT), true).await?);
            }
            Ok(Allowed::Proved(own_proof::check(auth, session, proof, client).await?))
        }
    }
}

#[cfg(feature = "totp")]
impl Allowed {
    /// Begins the transaction of the change. The user may have added a second factor in the meantime.
    ///
    /// # Errors
    /// As [`allow`] and `Right::begin`.
    pub(crate) async fn begin(&mut self, auth: &Auth, session: &Session, client: &Client) -> Result<Tx> {
        let (tx, second) = match self {
            Self::Proved(right) => right.begin(auth, session, client).await?,
            Self::Recently => {
                let mut tx = auth.db().begin().await?;
                credential::lock(&mut tx, session.user.id).await?;
                session::expect_alive(&mut tx, session).await?;
                (tx, None)
            }
        };
        if second.is_some() {
            return Ok(tx);
        }
        let has_second_factor = second_factor::of_user(&tx, session.user.id).await?.ask();
        if !has_second_factor || matches!(self, Self::Recently) && is_by_second_factor(auth, session) {
            return Ok(tx);
        }
        drop(tx);
        Err(refusal(auth, session.user.id, Some(RECENT), true).await?)
    }
}

#[cfg(feature = "totp")]
fn is_by_second_factor(auth: &Auth, session: &Session) -> bool {
    session.user.0.second_within(RECENT, auth.now())
}
