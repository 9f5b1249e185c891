//! Who gets a mail, and which letter is right for them: decided when it is sent, so that whoever asked for it cannot
//! tell, and with what holds then.

use crate::{
    auth::Auth,
    email::Email,
    error::Result,
    letter::Letter,
    user::{self, User, UserId},
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
    match letter {
        // To an address that is not the account's any more.
        Letter::EmailChanged | Letter::AccountDeleted => {
            let (Some(user), Some(email)) = (user, email.cloned()) else { return Ok(None) };
            // Who is gone gets nothing back.
            let gone = user::by_id(&auth.db, user).await?.is_none();
            let letter = if gone { Letter::AccountDeleted } else { letter };
            Ok(Some(Addressee { letter, user, email }))
        }
        Letter::ConfirmEmail => {
            let (Some(user), Some(email)) = (user, email) else { return Ok(None) };
            new_address(auth, user, email).await
        }
        _ => Ok(owner(auth, user, email)
            .await?
            .filter(|owner| needs(letter, owner))
            .and_then(|owner| at(letter, &owner))),
    }
}

/// The user themselves, or whoever has the address.
async fn owner(auth: &Auth, user: Option<UserId>, email: Option<&Email>) -> Result<Option<User>> {
    match (user, email) {
        (Some(user), _) => user::by_id(&auth.db, user).await,
        (None, Some(email)) => user::by_email(&auth.db, email).await,
        (None, None) => Ok(None),
    }
}

fn needs(letter: Letter, user: &User) -> bool {
    match letter {
        Letter::VerifyEmail => user.email_verified_at.is_none() && user.disabled_at.is_none(),
        Letter::ResetPassword => user.disabled_at.is_none(),
        _ => true,
    }
}

/// Mail goes to the address as it is stored, whatever was typed.
fn at(letter: Letter, user: &User) -> Option<Addressee> {
    Some(Addressee { letter, user: user.id, email: Email::parse(&user.email).ok()? })
}

/// The address that `user` wants; if it is another's, that one learns of it instead.
async fn new_address(auth: &Auth, user: UserId, email: &Email) -> Result<Option<Addressee>> {
    match user::by_email(&auth.db, email).await? {
        Some(owner) if owner.id != user => Ok(at(Letter::AlreadyRegistered, &owner)),
        _ => {
            let asking = user::by_id(&auth.db, user).await?.filter(|asking| asking.disabled_at.is_none());
            Ok(asking.map(|_| Addressee { letter: Letter::ConfirmEmail, user, email: email.clone() }))
        }
    }
}
