//! Changes what is known of a user beside the address. Operators and the host write roles and attributes. The user
//! writes the display name and the profile.
//!
//! Each change reads the row in the same statement that locks it, so that two changes at once do not lose one of them.
//! It notes its owner even if nothing is to be changed: somebody else may have made the same change a moment ago, and
//! the caller must not hear of it before every node knows.

use crate::{
    base::{db::Tx, error::Result},
    model::{
        details::JsonObject,
        user::{User, UserId, user_columns},
    },
};

/// Locks a user until the transaction ends. Returns the user, disabled or not, or `None` if there is no such user.
pub(crate) async fn lock_any(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    Ok(tx
        .change(id, concat!("UPDATE users SET roles = roles WHERE id = ?1 RETURNING ", user_columns!()))
        .bind(id)
        .fetch_optional()
        .await?)
}

/// Sets the roles of a [locked](lock_any) user: sorted names, separated by spaces.
pub(crate) async fn set_roles(tx: &mut Tx, id: UserId, roles: String, now: i64) -> Result<()> {
    tx.change(id, "UPDATE users SET roles = ?1, updated_at = ?2 WHERE id = ?3")
        .bind(roles)
        .bind(now)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

/// Sets the attributes of a [locked](lock_any) user.
pub(crate) async fn set_attributes(tx: &mut Tx, id: UserId, attributes: &JsonObject, now: i64) -> Result<()> {
    tx.change(id, "UPDATE users SET attributes = ?1, updated_at = ?2 WHERE id = ?3")
        .bind(attributes.to_store())
        .bind(now)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

/// Sets the display name and the profile of a [locked](lock_any) user. Returns the user as they are then.
pub(crate) async fn set_own(
    tx: &mut Tx,
    id: UserId,
    display_name: Option<&str>,
    profile: &JsonObject,
    now: i64,
) -> Result<Option<User>> {
    Ok(tx
        .change(
            id,
            concat!(
                "UPDATE users SET display_name = ?1, profile = ?2, updated_at = ?3 WHERE id = ?4 RETURNING ",
                user_columns!()
            ),
        )
        .bind(display_name)
        .bind(profile.to_store())
        .bind(now)
        .bind(id)
        .fetch_optional()
        .await?)
}
