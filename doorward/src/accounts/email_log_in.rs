//! Logs people in with a link or a code from a mail, and takes the code that a password needs in an unknown browser.
//! Both end at the same door as every log-in.
//!
//! The mail works only for the browser or program that asked for it, see `pending_login/by_mail.rs`. A code that was
//! read out to a phisher works for the phisher, who asked for it. So the letter names browser, place and time before
//! the code.

use zeroize::Zeroizing;

use crate::{
    accounts::{
        credential,
        device::{self, Kind},
        event,
        limit::{
            guesses::{self, Reservation},
            mails::{self, Asker},
        },
        mail::outbox,
        one_time::{self, Claim},
        pending_login::{
            self, PendingLogIn,
            by_mail::{self, Place, Waiting},
        },
        session::{self, Outcome},
        user, ways_in,
    },
    auth::{Auth, attempts::AttemptKind},
    base::{
        db::Tx,
        email::Email,
        error::{Error, Result},
        http::input::{Fields, Input},
        secret::{self, Hash},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        purpose::Purpose,
        session::{Method, Transport},
        user::{User, UserId},
    },
};

/// What a person took from the mail.
pub(crate) enum Shown {
    /// A text with the token of the link.
    Link(String),
    Code(Zeroizing<String>),
}

impl Input for Shown {
    const EXACT: bool = true;

    /// Reads `token` or `code`.
    fn read(fields: &mut Fields) -> Option<Self> {
        let (token, code) = (fields.optional_text("token"), fields.optional_text("code"));
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        match (given(token?), given(code?)) {
            (Some(token), None) => Some(Self::Link(token)),
            (None, Some(code)) => Some(Self::Code(Zeroizing::new(code))),
            (Some(_), Some(_)) => fields.wrong("token", "expected token or code, not both"),
            (None, None) => fields.wrong("token", "expected token or code"),
        }
    }
}

/// Begins a log-in that waits for a mail to this address. The answer and the time it takes are the same for every
/// address: the account is looked for when the mail is sent.
///
/// # Errors
/// [`Error::EmailLogInOff`], [`Error::MailNotConfigured`], and the refusals of the host. [`Error::TooManyAttempts`] if
/// the client has asked for enough mails.
pub(crate) async fn ask(
    auth: &Auth,
    email: &Email,
    next: Option<&str>,
    transport: Transport,
    client: &Client,
) -> Result<PendingLogIn> {
    const PURPOSE: Purpose = Purpose::LOG_IN;
    if !auth.config().email_login {
        return Err(Error::EmailLogInOff);
    }
    auth.require_mail()?;
    let email = &auth.attempts().decide(AttemptKind::Mail, &email.typed, client).await?.address(email)?;
    let may_mail = mails::may_ask(auth, PURPOSE.name, email, Asker::anybody(client)).await?;
    let mut tx = auth.db().begin().await?;
    let new = by_mail::New { proved: None, email: &email.typed, next, transport };
    let (pending, row) = by_mail::begin(auth, &tx, &new, client).await?;
    if may_mail {
        let mut post = Post::of(Letter::LOG_IN, To::Owner(email.clone()), client);
        post.details.log_in = Some(by_mail::name(row));
        outbox::post(auth, &mut tx, &post).await?;
    }
    tx.commit().await?;
    if may_mail {
        let user = user::by_email(auth.db(), email).await?.map(|user| user.id);
        // Not in the transaction: the requests of nobody share a row, and would wait for each other's flush.
        let requested = NewEvent::of(EventKind::LogInMailRequested, user, By::User(client));
        event::record_alone(auth, requested).await?;
    }
    Ok(pending)
}

/// What the holder of a link is told who did not ask for it here.
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(crate) struct Elsewhere {
    /// The log-in of this link.
    pub(crate) mailed: Hash,
    /// Where the log-in was begun.
    pub(crate) place: Place,
    /// The code that stands in the mail beside the link.
    pub(crate) code: String,
}

/// Looks at the link of a mail. This changes nothing: programs that scan mail open every link.
///
/// # Errors
/// [`Error::InvalidLink`].
#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
pub(crate) async fn look(auth: &Auth, text: &str) -> Result<Elsewhere> {
    const PURPOSE: Purpose = Purpose::LOG_IN;
    one_time::look_at(auth, PURPOSE, text).await?;
    let token = secret::find_in(PURPOSE.kind, text).ok_or(Error::InvalidLink)?;
    let mailed = secret::hash(PURPOSE.kind, token).ok_or(Error::InvalidLink)?;
    let place = by_mail::place(auth, mailed).await?.ok_or(Error::InvalidLink)?;
    Ok(Elsewhere { mailed, place, code: secret::code_of(token) })
}

/// A log-in that a mail has brought further.
pub(crate) struct Taken {
    pub(crate) user: User,
    pub(crate) outcome: Outcome,
    /// Where it leads to. The caller must check it.
    #[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show it"))]
    pub(crate) next: Option<String>,
}

/// Takes the link or the code of the mail that the log-in with this token waits for. `replaced` is as with
/// `session::log_in`. The client gets its session by `transport`.
///
/// # Errors
/// [`Error::LogInExpired`] if there is no such log-in, or not any more. [`Error::InvalidLink`] if the link or code does
/// not work, or belongs to another log-in. [`Error::TooManyAttempts`] after five wrong codes: the link still works. The
/// errors of `session::log_in`.
pub(crate) async fn take(
    auth: &Auth,
    (token, transport): (Hash, Transport),
    shown: &Shown,
    mut client: Client,
    replaced: Option<Hash>,
) -> Result<Taken> {
    let waiting = by_mail::find(auth, token).await?.ok_or(Error::LogInExpired)?;
    let (claim, mut reserved) = claim(auth, (token, &waiting), shown, &client).await?;
    let id = claim.user;
    let mut tx = auth.db().begin().await?;
    // As with every log-in: a change that ends all sessions comes before this one, or ends its session too.
    credential::lock(&mut tx, id).await?;
    let before = user::in_transaction(&tx, id).await?.ok_or(Error::InvalidLink)?;
    let takes_over = !waiting.after_password && before.email_verified_at.is_none();
    if takes_over {
        forget_ways_in(auth, &mut tx, id, &client).await?;
    }
    if !user::set_verified(&mut tx, id, &claim.sent_to, auth.now()).await? {
        return Err(Error::InvalidLink);
    }
    one_time::spend(auth, &mut tx, &claim).await?;
    one_time::note_proof(auth, &mut tx, id).await?;
    if takes_over {
        one_time::kill_all(&mut tx, id).await?;
    }
    if !pending_login::finish(auth, &mut tx, token).await? {
        return Err(Error::LogInExpired);
    }
    if takes_over {
        session::end_all(&mut tx, id).await?;
        device::forget_all(&mut tx, id).await?;
        event::record(auth, &tx, NewEvent::of(EventKind::EmailVerified, Some(id), By::User(&client))).await?;
    }
    if let Some(reserved) = &mut reserved {
        reserved.succeed(&mut tx).await?;
    }
    guesses::earn(auth, &mut tx, &claim.sent_to, &client).await?;
    if waiting.after_password {
        // From now on the browser is known, and the door asks for no further code.
        client.device = Some(device::remember(auth, &tx, id, Kind::Reader, &client).await?.token);
    }
    let mut user = user::in_transaction(&tx, id).await?.ok_or(Error::InvalidLink)?;
    user.keep_roles(&auth.config().roles);
    let method = if waiting.after_password { Method::PASSWORD } else { Method::EMAIL };
    let outcome = session::log_in(auth, tx, &user, (method.into(), transport), client, replaced).await?;
    Ok(Taken { user, outcome, next: waiting.next })
}

/// Removes what logs in to an account beside the mail. Somebody may have registered the address of another person and
/// keep a way in (pre-hijacking).
async fn forget_ways_in(auth: &Auth, tx: &mut Tx, user: UserId, client: &Client) -> Result<()> {
    credential::forget_password(tx, user).await?;
    ways_in::remove_since(auth, tx, user, 0, By::User(client)).await?;
    outbox::cancel(tx, user, Letter::CONFIRM_EMAIL).await
}

/// Checks what a client shows. A code is counted as wrong before it is checked.
async fn claim(
    auth: &Auth,
    (token, waiting): (Hash, &Waiting),
    shown: &Shown,
    client: &Client,
) -> Result<(Claim, Option<Reservation>)> {
    const PURPOSE: Purpose = Purpose::LOG_IN;
    let code = match shown {
        Shown::Link(text) => {
            let claim = one_time::look_at(auth, PURPOSE, text).await?;
            let own = claim.is_of(waiting.mailed);
            return if own { Ok((claim, None)) } else { Err(Error::InvalidLink) };
        }
        Shown::Code(code) => code,
    };
    let reserved = guesses::reserve_log_in_code(auth, token, client).await?;
    let caller = reserved.caller(client);
    let tried = one_time::try_code(auth, PURPOSE, waiting.user, code, caller).await;
    match tried
        .and_then(|claim| if claim.is_of(waiting.mailed) { Ok(claim) } else { Err(Error::InvalidLink) })
    {
        Ok(claim) => Ok((claim, Some(reserved))),
        Err(Error::InvalidLink) => {
            let failed = NewEvent::of(EventKind::CodeFailed, waiting.user, By::User(client));
            event::record_alone(auth, failed.with("purpose", PURPOSE.name)).await?;
            reserved.fail(&waiting.email, client).await?;
            Err(Error::InvalidLink)
        }
        Err(error) => {
            reserved.give_back().await;
            Err(error)
        }
    }
}
