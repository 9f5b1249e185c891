//! Chooses the recipient of a mail and the letter for them. This happens when the mail is sent, with the data of that
//! moment. So a request for a mail takes the same time for every address, and reveals nothing.

use crate::{
    accounts::{one_time, user},
    auth::Auth,
    base::{config::Registration, email::Email, error::Result},
    model::{
        letter::{Letter, Recipient},
        purpose::Purpose,
        user::{User, UserId},
    },
};

/// The recipient of a letter: the user, if there is one, and the address.
pub(super) struct Addressee {
    pub(super) letter: Letter,
    pub(super) user: Option<UserId>,
    pub(super) email: Email,
    /// The letter reports an earlier change of address once more.
    pub(super) again: Option<Again>,
}

/// An earlier change of address.
pub(super) struct Again {
    pub(super) changed_at: i64,
    /// The time when the undo ends.
    pub(super) until: i64,
}

/// Finds the recipient of a letter that is for `user`, or for the user with the address `email`. Returns `None` if
/// there is no such user, or nobody needs the letter any more.
pub(super) async fn find(
    auth: &Auth,
    letter: Letter,
    user: Option<UserId>,
    email: Option<&Email>,
) -> Result<Option<Addressee>> {
    match letter.to {
        Recipient::FormerAddress => {
            let Some(email) = email.cloned() else { return Ok(None) };
            let Some(user) = user else { return former_owner(auth, letter, &email).await };
            // A deleted account cannot be given back, so the letter only reports the deletion.
            let gone = user::by_id(auth.db(), user).await?.is_none();
            let letter = if gone { Letter::ACCOUNT_DELETED } else { letter };
            Ok(Some(Addressee { letter, user: Some(user), email, again: None }))
        }
        Recipient::Typed => match email {
            Some(email) => typed(auth, letter, email).await,
            None => Ok(None),
        },
        Recipient::NewAddress => {
            let (Some(user), Some(email)) = (user, email) else { return Ok(None) };
            new_address(auth, letter, user, email).await
        }
        Recipient::Owner => {
            let Some(owner) = owner(auth, user, email).await?.filter(letter.needs) else {
                return Ok(None);
            };
            Ok(addressed(letter_for(auth, letter, &owner).await?, &owner))
        }
    }
}

/// Addresses a letter to the owner of a typed address. If nobody has the address, its reader gets a letter that says
/// so.
async fn typed(auth: &Auth, letter: Letter, email: &Email) -> Result<Option<Addressee>> {
    if let Some(owner) = user::by_email(auth.db(), email).await? {
        if !(letter.needs)(&owner) {
            return Ok(None);
        }
        return Ok(addressed(letter_for(auth, letter, &owner).await?, &owner));
    }
    let letter = match auth.config().registration() {
        Registration::Closed => Letter::NO_ACCOUNT_HERE,
        Registration::Open | Registration::Private => Letter::NO_ACCOUNT,
    };
    Ok(Some(Addressee { letter, user: None, email: email.clone(), again: None }))
}

/// Addresses a letter to the owner of a former address who asked for it. Returns `None` if they cannot undo a change.
async fn former_owner(auth: &Auth, letter: Letter, former: &Email) -> Result<Option<Addressee>> {
    let Some(change) = one_time::undoable(auth, former).await? else { return Ok(None) };
    let account = user::by_id(auth.db(), change.user).await?;
    Ok(account.filter(|account| account.disabled_at.is_none()).map(|account| {
        let again = Again { changed_at: change.asked_at, until: change.expires_at };
        Addressee { letter, user: Some(account.id), email: change.former, again: Some(again) }
    }))
}

/// Returns the user with this number, or without a number the user with this address.
async fn owner(auth: &Auth, user: Option<UserId>, email: Option<&Email>) -> Result<Option<User>> {
    match (user, email) {
        (Some(user), _) => user::by_id(auth.db(), user).await,
        (None, Some(email)) => user::by_email(auth.db(), email).await,
        (None, None) => Ok(None),
    }
}

/// Returns the letter that is right for the owner of an address.
///
/// If the address was never verified, the account may have been made by somebody else. When the owner of the address
/// registers too, they get a letter with which they take the account over. From then on they get no letter that only
/// verifies the address: the account would be theirs, but the person who chose its password could still log in.
async fn letter_for(auth: &Auth, letter: Letter, owner: &User) -> Result<Letter> {
    let unverified = owner.email_verified_at.is_none() && owner.disabled_at.is_none();
    if letter == Letter::LOG_IN && unverified && auth.config().password_login {
        return Ok(Letter::FIRST_LOG_IN);
    }
    let takes_over = if letter == Letter::ALREADY_REGISTERED {
        unverified
    } else {
        letter == Letter::VERIFY_EMAIL && one_time::is_there(auth, owner.id, Purpose::RESET_PASSWORD).await?
    };
    Ok(if takes_over { Letter::FINISH_REGISTRATION } else { letter })
}

/// Addresses a letter to a user. It goes to the stored address, not to the address that was typed in the request.
fn addressed(letter: Letter, user: &User) -> Option<Addressee> {
    Some(Addressee { letter, user: Some(user.id), email: Email::of_account(&user.email).ok()?, again: None })
}

/// Addresses a letter to the new address that `user` wants. If another user has this address, that user gets a notice
/// instead.
async fn new_address(auth: &Auth, letter: Letter, user: UserId, email: &Email) -> Result<Option<Addressee>> {
    match user::by_email(auth.db(), email).await? {
        Some(owner) if owner.id != user => Ok(addressed(Letter::ALREADY_REGISTERED, &owner)),
        _ => {
            let asking = user::by_id(auth.db(), user).await?.filter(|asking| asking.disabled_at.is_none());
            Ok(asking.map(|_| Addressee { letter, user: Some(user), email: email.clone(), again: None }))
        }
    }
}
