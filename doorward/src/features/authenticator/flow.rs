//! Adds an authenticator app in two steps, removes it, and renews the recovery codes.
//!
//! A stolen session must bind no app: each change needs a proof, in the request or a moment ago. If there is a second
//! factor already, only that opens the way to another one. The app counts after the second step, which shows that it
//! gives the right codes. Until then the former one goes on.

use zeroize::Zeroizing;

use crate::{
    accounts::{
        credential, device, event,
        limit::guesses::{self, Reservation},
        mail::outbox,
        own_proof::OwnProof,
        pending_login,
        second_factor::{
            self,
            recovery_codes::{self, NewCodes},
            totp::{self, Beginner, OwnApp},
        },
        session, step_up,
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
        passwords::queue::Class,
        qr,
        totp::{App, digits},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        session::{SecondFactor, Session},
        user::{User, UserId},
    },
};

/// An app that is being added, as its owner sees it.
pub(super) struct Enrolment {
    /// The secret as text, for people who type it.
    pub(super) secret: Zeroizing<String>,
    /// The address that opens an app on this device.
    pub(super) uri: Zeroizing<String>,
    /// The same address as a drawing, for an app on another device.
    pub(super) qr_svg: String,
}

impl Enrolment {
    pub(super) fn of(auth: &Auth, email: &str, app: &App) -> Result<Self> {
        let uri = app.uri(&auth.config().service_name, email);
        let qr_svg = qr::svg(&uri).ok_or(Error::Internal)?;
        Ok(Self { secret: app.secret(), uri, qr_svg })
    }
}

/// Begins to add an app.
///
/// # Errors
/// [`Error::SecondFactorNotConfigured`], and those of `step_up::allow`.
pub(super) async fn begin(
    auth: &Auth,
    session: &Session,
    proof: Option<OwnProof>,
    client: &Client,
) -> Result<Enrolment> {
    if !totp::is_offered(auth) {
        return Err(Error::SecondFactorNotConfigured);
    }
    let mut allowed = step_up::allow(auth, session, proof, client).await?;
    let tx = allowed.begin(auth, session, client).await?;
    let app = totp::begin(auth, &tx, session.user.id, Beginner::Session).await?;
    tx.commit().await?;
    Enrolment::of(auth, &session.user.email, &app)
}

/// Returns the app that is being added, to show it once more.
pub(super) async fn begun(auth: &Auth, session: &Session) -> Result<Option<Enrolment>> {
    let pending = totp::pending(auth, session.user.id, Beginner::Session).await?;
    pending.map(|own| Enrolment::of(auth, &session.user.email, &own.app)).transpose()
}

/// Makes the app active, with its first code. Returns recovery codes if the user has none.
///
/// # Errors
/// [`Error::WrongOtp`], [`Error::LogInExpired`] if no app was begun in the last 15 minutes, [`Error::TooManyAttempts`].
pub(super) async fn confirm(
    auth: &Auth,
    session: &Session,
    otp: &str,
    client: &Client,
) -> Result<Option<Vec<String>>> {
    let user = session.user.id;
    let own = totp::pending(auth, user, Beginner::Session).await?.ok_or(Error::LogInExpired)?;
    let mut first = FirstCode::check(auth, &session.user, own, otp, client).await?;
    let mut tx = begin_change(auth, session).await?;
    let codes = first.add(auth, &mut tx, client).await?;
    tx.commit().await?;
    Ok(codes)
}

/// The first code of a new app, which is right. It must be held until the transaction that adds the app has ended.
#[must_use]
pub(super) struct FirstCode {
    user: UserId,
    own: OwnApp,
    step: i64,
    /// Recovery codes, if the user has none.
    codes: Option<NewCodes>,
    reserved: Reservation,
}

impl FirstCode {
    /// Checks a first code. No transaction may be open.
    ///
    /// # Errors
    /// [`Error::WrongOtp`], [`Error::TooManyAttempts`].
    pub(super) async fn check(
        auth: &Auth,
        user: &User,
        own: OwnApp,
        otp: &str,
        client: &Client,
    ) -> Result<Self> {
        let reserved = guesses::reserve_second_factor(auth, user.id).await?;
        let Some(step) = digits(otp).and_then(|code| own.app.step(&code, auth.now())) else {
            let failed = NewEvent::of(EventKind::SecondFactorFailed, Some(user.id), By::User(client));
            event::record_alone(auth, failed.with("factor", SecondFactor::Totp.as_str())).await?;
            reserved.fail(&user.email, client).await?;
            return Err(Error::WrongOtp);
        };
        let codes = match second_factor::look_at(auth.db(), user.id).await?.recovery_codes {
            0 => Some(recovery_codes::make(auth, client.caller(Class::Session)).await?),
            _ => None,
        };
        Ok(Self { user: user.id, own, step, codes, reserved })
    }

    /// Adds the app. Returns the new recovery codes, if the user had none. The caller has locked the credential.
    ///
    /// # Errors
    /// [`Error::LogInExpired`] if another app was begun meanwhile.
    pub(super) async fn add(
        &mut self,
        auth: &Auth,
        tx: &mut Tx,
        client: &Client,
    ) -> Result<Option<Vec<String>>> {
        let user = self.user;
        totp::activate(tx, user, &self.own, self.step).await?;
        if let Some(codes) = &self.codes {
            recovery_codes::replace(auth, tx, user, codes).await?;
        }
        self.reserved.succeed(tx).await?;
        tell(auth, tx, user, (EventKind::SecondFactorAdded, Letter::SECOND_FACTOR_ADDED), client).await?;
        end_trust(tx, user).await?;
        Ok(self.codes.take().map(|codes| codes.codes))
    }
}

/// Ends what was proved without the factors that a user has now: log-ins that wait, and the trust in browsers.
async fn end_trust(tx: &mut Tx, user: UserId) -> Result<()> {
    pending_login::end_all(tx, user).await?;
    device::distrust_all(tx, user).await
}

/// Begins a transaction that changes the second factors of a user whose session has not ended.
async fn begin_change(auth: &Auth, session: &Session) -> Result<Tx> {
    let mut tx = auth.db().begin().await?;
    credential::lock(&mut tx, session.user.id).await?;
    session::expect_alive(&mut tx, session).await?;
    Ok(tx)
}

/// Records a change of the app, and tells the owner.
async fn tell(
    auth: &Auth,
    tx: &mut Tx,
    user: UserId,
    (kind, letter): (EventKind, Letter),
    client: &Client,
) -> Result<()> {
    let changed = NewEvent::of(kind, Some(user), By::User(client));
    event::record(auth, tx, changed.with("factor", SecondFactor::Totp.as_str())).await?;
    outbox::post(auth, tx, &Post::of(letter, To::User(user), client)).await
}

/// Removes the app and the recovery codes. A log-in then needs no second step.
///
/// # Errors
/// [`Error::NotFound`] if there is no app, and those of `step_up::allow`.
pub(super) async fn remove(
    auth: &Auth,
    session: &Session,
    proof: Option<OwnProof>,
    client: &Client,
) -> Result<()> {
    let user = session.user.id;
    if !second_factor::look_at(auth.db(), user).await?.ask() {
        return Err(Error::NotFound);
    }
    let mut allowed = step_up::allow(auth, session, proof, client).await?;
    let mut tx = allowed.begin(auth, session, client).await?;
    second_factor::remove_app(&tx, user).await?;
    tell(auth, &mut tx, user, (EventKind::SecondFactorRemoved, Letter::SECOND_FACTOR_REMOVED), client)
        .await?;
    end_trust(&mut tx, user).await?;
    Ok(tx.commit().await?)
}

/// Makes new recovery codes, in place of all older ones.
///
/// # Errors
/// As [`remove`].
pub(super) async fn renew_codes(
    auth: &Auth,
    session: &Session,
    proof: Option<OwnProof>,
    client: &Client,
) -> Result<Vec<String>> {
    let user = session.user.id;
    if !second_factor::look_at(auth.db(), user).await?.ask() {
        return Err(Error::NotFound);
    }
    let mut allowed = step_up::allow(auth, session, proof, client).await?;
    // Nothing is hashed while a transaction is open.
    let codes = recovery_codes::make(auth, client.caller(Class::Session)).await?;
    let mut tx = allowed.begin(auth, session, client).await?;
    recovery_codes::replace(auth, &tx, user, &codes).await?;
    let renewed = NewEvent::of(EventKind::RecoveryCodesRenewed, Some(user), By::User(client));
    event::record(auth, &tx, renewed).await?;
    outbox::post(auth, &mut tx, &Post::of(Letter::RECOVERY_CODES_RENEWED, To::User(user), client)).await?;
    tx.commit().await?;
    Ok(codes.codes)
}
