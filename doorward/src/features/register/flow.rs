//! Creates an account for a person who registers.

use serde_json::Map;

use crate::{
    accounts::{
        credential, event,
        limit::{
            mails::{self, Asker},
            new_passwords::Attempt,
        },
        mail::outbox,
        user::{self, Details},
    },
    auth::{
        Auth,
        attempts::{self, Allowed, AttemptKind},
    },
    base::{
        config::Registration as Mode,
        db::Tx,
        email::Email,
        error::{Error, FieldError, Result},
        passwords::{password::Password, queue::Class},
        profile::Changes,
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        user::User,
    },
};

/// The result of a registration.
pub(super) enum Registered {
    /// The account is created.
    Done(User),
    /// The account is created, or existed before. The owner of this address learns by mail which it was.
    Sent(#[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "a page shows it"))] Email),
}

/// Registers a user, if the settings allow it. There is no `password` if the settings allow none. In private mode, the
/// answer and the time it takes are the same whether or not the address has an account.
///
/// # Errors
/// [`Error::RegistrationClosed`], [`Error::Invalid`] for a password that is not good enough, and in open mode
/// [`Error::EmailExists`]. In private mode, [`Error::TooManyAttempts`] if the client has asked for enough mails:
/// without the mail, neither the owner nor the client would learn the result.
pub(super) async fn register(
    auth: &Auth,
    attempt: Attempt,
    (email, profile): (&Email, Changes),
    password: Option<Password>,
    client: &Client,
) -> Result<Registered> {
    let mode = auth.config().registration();
    if mode == Mode::Closed {
        return Err(Error::RegistrationClosed);
    }
    if mode == Mode::Private {
        mails::check(auth, email, Asker::anybody(client)).await?;
    }
    let allowed = auth.attempts().decide(AttemptKind::Register, &email.typed, client).await?;
    let email = &allowed.address(email)?;
    let details = details(auth, allowed, profile)?;
    let caller = client.caller(Class::Register);
    let hash = match password {
        Some(password) => {
            auth.policy().check(auth.hashing(), caller, "password", &password, &email.typed).await?;
            Some(auth.hashing().hash(caller, password).await?)
        }
        None => None,
    };
    // Without a password, the next step is a mail that logs in: it also verifies the address.
    let may_mail = hash.is_some()
        && auth.mail().works()
        && match mails::may_ask(auth, "register", email, Asker::anybody(client)).await {
            // The account is made, and its user can ask for the mail later.
            Err(Error::TooManyAttempts(_)) if mode == Mode::Open => false,
            result => result?,
        };
    let mut tx = auth.db().begin().await?;
    let added = match user::insert(auth, &mut tx, email, details).await {
        Err(Error::EmailExists) if mode == Mode::Private => None,
        result => Some(result?),
    };
    // Both cases write something: an empty commit would be quicker, and show that the address has an account.
    let (kind, user) = match &added {
        Some(user) => {
            if let Some(hash) = hash {
                credential::set_password(auth, &mut tx, user.id, hash).await?;
            }
            (EventKind::Registered, Some(user.id))
        }
        None => {
            (EventKind::RegistrationRepeated, user::by_email(auth.db(), email).await?.map(|user| user.id))
        }
    };
    event::record(auth, &tx, NewEvent::of(kind, user, By::User(client))).await?;
    if let Some(user) = &added {
        record_what_the_host_gave(auth, &tx, user).await?;
    }
    if may_mail {
        let letter = if added.is_some() { Letter::VERIFY_EMAIL } else { Letter::ALREADY_REGISTERED };
        outbox::post(auth, &mut tx, &Post::of(letter, To::Owner(email.clone()), client)).await?;
    }
    attempt.succeed(&mut tx).await?;
    tx.commit().await?;
    Ok(match added {
        Some(user) if mode == Mode::Open => Registered::Done(user),
        _ => Registered::Sent(email.clone()),
    })
}

/// Returns what is known of the new user: what they wrote, and over it what the host set.
fn details(auth: &Auth, allowed: Allowed, typed: Changes) -> Result<Details> {
    let new = allowed.new_user()?;
    let checked = Details::checked(auth.config(), &new, typed.over(Map::new()));
    checked.map_err(|FieldError { field, message }| attempts::wrong_value(&field, message))
}

/// Records the roles and the attributes that the user begins with. The user gave themselves none of them.
async fn record_what_the_host_gave(auth: &Auth, tx: &Tx, user: &User) -> Result<()> {
    let by_host = |kind| NewEvent::of(kind, Some(user.id), By::Operator);
    if !user.roles.is_empty() {
        let roles: Vec<&str> = user.roles.iter().collect();
        let given = by_host(EventKind::RolesChanged).with_names("added", &roles).with_names("removed", &[]);
        event::record(auth, tx, given).await?;
    }
    if !user.attributes.is_empty() {
        let members = user.attributes.members();
        let members: Vec<&str> = members.keys().map(String::as_str).collect();
        event::record(auth, tx, by_host(EventKind::AttributesChanged).with_names("members", &members))
            .await?;
    }
    Ok(())
}
