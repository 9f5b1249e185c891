//! Who gets a mail, and which letter is right for them: decided when it is sent, so that whoever asked for it cannot
//! tell, and with what holds then.

use crate::{
    accounts::{one_time, user},
    auth::Auth,
    base::{email::Email, error::Result},
    model::{
        letter::{Letter, Recipient},
        purpose::Purpose,
        user::{User, UserId},
    },
};

/// Who gets a letter, and at which address.
pub(crate) struct Addressee {
    pub(crate) letter: Letter,
    pub(crate) user: UserId,
    pub(crate) email: Email,
}

/// Whom a letter goes to that was asked for by or for `user`, or for whoever has the address `email`. `None` if it is
/// for nobody, or nobody needs it any more.
pub(crate) async fn find(
    auth: &Auth,
    letter: Letter,
    user: Option<UserId>,
    email: Option<&Email>,
) -> Result<Option<Addressee>> {
    match letter.to {
        Recipient::FormerAddress => {
            let (Some(user), Some(email)) = (user, email.cloned()) else { return Ok(None) };
            // An account that is gone cannot be given back.
            let gone = user::by_id(auth.db(), user).await?.is_none();
            let letter = if gone { Letter::ACCOUNT_DELETED } else { letter };
            Ok(Some(Addressee { letter, user, email }))
        }
        Recipient::NewAddress => {
            let (Some(user), Some(email)) = (user, email) else { return Ok(None) };
            new_address(auth, letter, user, email).await
        }
        Recipient::Owner => {
            let Some(owner) = owner(auth, user, email).await?.filter(letter.needs) else {
                return Ok(None);
            };
            Ok(at(fitting(auth, letter, &owner).await?, &owner))
        }
    }
}

/// The user themselves, or whoever has the address.
async fn owner(auth: &Auth, user: Option<UserId>, email: Option<&Email>) -> Result<Option<User>> {
    match (user, email) {
        (Some(user), _) => user::by_id(auth.db(), user).await,
        (None, Some(email)) => user::by_email(auth.db(), email).await,
        (None, None) => Ok(None),
    }
}

/// The letter that is right for this owner. Whose address was never verified may not be who made the account. If they
/// register too, they get a letter with which they take it over, and no more of those that verify it as it is: it would
/// be theirs in name, and open to whoever chose its password.
async fn fitting(auth: &Auth, letter: Letter, owner: &User) -> Result<Letter> {
    let unverified = owner.email_verified_at.is_none() && owner.disabled_at.is_none();
    let takes_over = if letter == Letter::ALREADY_REGISTERED {
        unverified
    } else {
        letter == Letter::VERIFY_EMAIL && one_time::is_there(auth, owner.id, Purpose::RESET_PASSWORD).await?
    };
    Ok(if takes_over { Letter::FINISH_REGISTRATION } else { letter })
}

/// Mail goes to the address as it is stored, whatever was typed.
fn at(letter: Letter, user: &User) -> Option<Addressee> {
    Some(Addressee { letter, user: user.id, email: Email::parse(&user.email).ok()? })
}

/// The address that `user` wants; if it is another's, that one learns of it instead.
async fn new_address(auth: &Auth, letter: Letter, user: UserId, email: &Email) -> Result<Option<Addressee>> {
    match user::by_email(auth.db(), email).await? {
        Some(owner) if owner.id != user => Ok(at(Letter::ALREADY_REGISTERED, &owner)),
        _ => {
            let asking = user::by_id(auth.db(), user).await?.filter(|asking| asking.disabled_at.is_none());
            Ok(asking.map(|_| Addressee { letter, user, email: email.clone() }))
        }
    }
}
