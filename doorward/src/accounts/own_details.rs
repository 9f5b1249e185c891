//! Changes what users say of themselves: the display name and the profile. The API and a page do the same.

use crate::{
    accounts::{session, user},
    auth::Auth,
    base::{
        error::{Error, Result},
        profile::Changes,
    },
    model::{details::JsonObject, session::Session, user::User},
};

/// Changes the details of the user who is logged in. `Some(None)` removes the name.
///
/// # Errors
/// [`Error::InvalidSession`] if the session has ended meanwhile.
pub(crate) async fn change(
    auth: &Auth,
    session: &Session,
    display_name: Option<Option<String>>,
    profile: Changes,
) -> Result<User> {
    let id = session.user.id;
    let mut tx = auth.db().begin().await?;
    let before = user::lock_any(&mut tx, id).await?.ok_or(Error::InvalidSession)?;
    if !session::has_not_ended(&mut tx, session).await? {
        return Err(Error::InvalidSession);
    }
    let display_name = display_name.unwrap_or_else(|| before.display_name.clone());
    let profile = JsonObject::from_members(&profile.over(before.profile.members()));
    let mut user = if display_name == before.display_name && profile == before.profile {
        before
    } else {
        let changed = user::set_own(&mut tx, id, display_name.as_deref(), &profile, auth.now()).await?;
        changed.ok_or(Error::InvalidSession)?
    };
    tx.commit().await?;
    user.keep_roles(&auth.config().roles);
    Ok(user)
}
