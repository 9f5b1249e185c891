//! Roles, attributes and names of users, for operators and for the host. Users write none of these roles and attributes:
//! no route does.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    accounts::{event, mail::outbox, user},
    auth::Auth,
    base::{
        config::roles,
        db::Tx,
        error::{Error, Result},
        text::display_name,
    },
    model::{
        client::Client,
        details::{JsonObject, MOST_ATTRIBUTES},
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        post::{Post, To},
        user::{User, UserId},
    },
};

/// The role whose new owners get a letter: nobody should have so many rights without knowing it.
const ADMINISTRATOR: &str = "admin";

/// Reports to users that they have the role of administrators. Only a verified address gets it: another one may belong
/// to a stranger.
pub(super) const NEW_ADMINISTRATOR: Letter = Letter {
    name: "new_administrator",
    page: Some("/account"),
    needs: |user| {
        user.email_verified_at.is_some()
            && user.disabled_at.is_none()
            && user.roles.iter().any(|role| role == ADMINISTRATOR)
    },
    is_notice: true,
    ..Letter::TO_OWNER
};

impl Auth {
    /// Gives a user exactly these roles. A role that is taken away is gone with the answer: no request on any node
    /// passes with it from then on. Returns `false` if there is no such user.
    ///
    /// A user with a verified address who gets the role `admin` is told so by mail.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) -> doorward::Result<()> {
    /// if let Some(ann) = auth.find_user("ann@example.org").await? {
    ///     auth.set_roles(ann.id, &["admin", "editor"]).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Invalid`] for a role that [`Config::roles`](crate::Config::roles) does not declare,
    /// [`Error::Unavailable`].
    pub async fn set_roles(&self, id: impl Into<UserId>, roles: &[&str]) -> Result<bool> {
        let id = id.into();
        let new = self.roles_to_store(roles.iter().copied())?;
        self.change_roles(id, |_| Ok(new)).await
    }

    /// Gives a user one more role. The others stay. Returns `false` if there is no such user.
    ///
    /// # Errors
    /// As [`Auth::set_roles`].
    pub async fn add_role(&self, id: impl Into<UserId>, role: &str) -> Result<bool> {
        let id = id.into();
        self.roles_to_store([role])?;
        self.change_roles(id, |user| {
            let mut all: BTreeSet<&str> = self.declared_of(user).collect();
            all.insert(role);
            self.roles_to_store(all)
        })
        .await
    }

    /// Takes a role away from a user, as strictly as [`Auth::set_roles`] does. The role need not be declared any more.
    /// Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove_role(&self, id: impl Into<UserId>, role: &str) -> Result<bool> {
        let id = id.into();
        self.change_roles(id, |user| self.roles_to_store(self.declared_of(user).filter(|name| *name != role)))
            .await
    }

    /// Replaces the attributes of a user: one JSON object of at most 2 KiB, for facts that the user must not change,
    /// such as a plan or a customer number. Anything that serializes as an object will do: a struct, a map, or
    /// `serde_json::json!({…})`. The user reads them with `GET /me`. Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is no object or too big, [`Error::Unavailable`].
    pub async fn set_attributes(&self, id: impl Into<UserId>, attributes: impl Serialize) -> Result<bool> {
        let id = id.into();
        let new = JsonObject::of(attributes)
            .filter(|object| object.as_str().len() <= MOST_ATTRIBUTES)
            .ok_or_else(|| Error::field("attributes", "expected one JSON object of at most 2 KiB"))?;
        let mut tx = self.db().begin().await?;
        let Some(user) = user::lock_any(&mut tx, id).await? else { return Ok(false) };
        if user.attributes != new {
            user::set_attributes(&mut tx, id, &new, self.now()).await?;
            let members = changed(&user.attributes, &new);
            let members: Vec<&str> = members.iter().map(String::as_str).collect();
            let event = NewEvent::of(EventKind::AttributesChanged, Some(id), By::Operator);
            event::record(self, &tx, event.with_names("members", &members)).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Sets the name that others see, or removes it with `None`. Users change it themselves with `PATCH /me`. Returns
    /// `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is empty, has more than 64 characters, or has one that breaks the line or
    /// changes the direction of the text; [`Error::Unavailable`].
    pub async fn set_display_name(&self, id: impl Into<UserId>, name: Option<&str>) -> Result<bool> {
        let id = id.into();
        let name = name.map(display_name::read).transpose();
        let name = name.map_err(|expected| Error::field("display_name", expected))?;
        let mut tx = self.db().begin().await?;
        let Some(user) = user::lock_any(&mut tx, id).await? else { return Ok(false) };
        if user.display_name != name {
            user::set_own(&mut tx, id, name.as_deref(), &user.profile, self.now()).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    fn roles_to_store<'a>(&self, given: impl IntoIterator<Item = &'a str>) -> Result<String> {
        roles::to_store(&self.config().roles, given).map_err(|expected| Error::field("roles", expected))
    }

    /// Returns the roles of a user that are still declared. The others count for nothing, so a change drops them.
    fn declared_of<'a>(&'a self, user: &'a User) -> impl Iterator<Item = &'a str> {
        user.roles.iter().filter(|role| self.config().roles.iter().any(|declared| declared == role))
    }

    async fn change_roles(&self, id: UserId, new: impl FnOnce(&User) -> Result<String>) -> Result<bool> {
        let mut tx = self.db().begin().await?;
        let Some(user) = user::lock_any(&mut tx, id).await? else { return Ok(false) };
        let new = new(&user)?;
        store_roles(self, &mut tx, &user, new).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn store_roles(auth: &Auth, tx: &mut Tx, user: &User, new: String) -> Result<()> {
    let before: BTreeSet<&str> = user.roles.iter().collect();
    let after: BTreeSet<&str> = new.split(' ').filter(|name| !name.is_empty()).collect();
    if before == after {
        return Ok(());
    }
    let added: Vec<&str> = after.difference(&before).copied().collect();
    let removed: Vec<&str> = before.difference(&after).copied().collect();
    let event = NewEvent::of(EventKind::RolesChanged, Some(user.id), By::Operator);
    event::record(auth, tx, event.with_names("added", &added).with_names("removed", &removed)).await?;
    if added.contains(&ADMINISTRATOR) {
        // An operator has no browser and no language.
        let post = Post::of(NEW_ADMINISTRATOR, To::User(user.id), &Client::default());
        outbox::post(auth, tx, &post).await?;
    }
    user::set_roles(tx, user.id, new, auth.now()).await
}

/// Returns the names of the members that differ.
fn changed(before: &JsonObject, after: &JsonObject) -> BTreeSet<String> {
    let (before, after) = (before.members(), after.members());
    let names = before.keys().chain(after.keys());
    names.filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}
