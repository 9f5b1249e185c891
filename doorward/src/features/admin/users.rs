//! Operations on accounts for operators. The command line of the server calls these functions.

use crate::{
    accounts::{credential, device, event, limit::guesses, mail::outbox, one_time, session, user},
    auth::Auth,
    base::{
        email::{Email, trimmed},
        error::{Error, Result},
        http::input::Rules as _,
        passwords::{password::Password, queue::Caller},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        letter::Letter,
        purpose::Purpose,
        user::{User, UserId},
    },
};

impl Auth {
    /// Adds a user, even while registration is closed. No mail is sent, and the address is not verified. If the settings ask
    /// for a verified address, the user cannot log in before that: see [`Auth::send_verification`] and
    /// [`Auth::mark_email_verified`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed address or a password that is not good enough. [`Error::EmailExists`] also while a
    /// former owner of the address can get it back, though [`Auth::user_by_email`] then finds nobody.
    /// [`Error::Unavailable`].
    pub async fn add_user(&self, email: &str, password: &str) -> Result<User> {
        let email = Email::parse(email).map_err(|fault| Error::field("email", fault))?;
        let password = self.chosen(password, &email.typed).await?;
        credential::register(self, &email, password, By::Operator).await
    }

    /// Adds a user who has no password yet, even while registration is closed. The user logs in by [`Auth::log_in`], or
    /// chooses a password with a mail ([`Auth::send_password_reset`]). All else is as with [`Auth::add_user`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed address, [`Error::EmailExists`], [`Error::Unavailable`].
    pub async fn add_user_without_password(&self, email: &str) -> Result<User> {
        let email = Email::parse(email).map_err(|fault| Error::field("email", fault))?;
        let mut tx = self.db().begin().await?;
        let user = user::insert(self, &mut tx, &email, user::Details::default()).await?;
        event::record(self, &tx, NewEvent::of(EventKind::Registered, Some(user.id), By::Operator)).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Returns the user with this id, also if they are disabled.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn user(&self, id: impl Into<UserId>) -> Result<Option<User>> {
        Ok(self.as_shown(user::by_id(self.db(), id.into()).await?))
    }

    /// Returns the user with this e-mail address, in any spelling, also if they are disabled. `None` for a text that is no
    /// address.
    ///
    /// The address may not be theirs as long as [`User::email_verified_at`] is `None`: then another provider's user with
    /// this address may be another person.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        match Email::known(email) {
            Ok(email) => Ok(self.as_shown(user::by_email(self.db(), &email).await?)),
            Err(_) => Ok(None),
        }
    }

    /// Returns the user with this e-mail address, in any spelling, or with this id. It is for a command line: a text that
    /// a stranger typed may be an id. [`Auth::user`] and [`Auth::user_by_email`] take only one of the two.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn find_user(&self, email_or_id: &str) -> Result<Option<User>> {
        if let Ok(id) = trimmed(email_or_id).parse::<UserId>() {
            return self.user(id).await;
        }
        self.user_by_email(email_or_id).await
    }

    /// Returns at most `limit` users in the order of their ids, from the first one or after `after`. Disabled users are among
    /// them. All of them are in memory at once, so choose a limit such as 1,000.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn users(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>> {
        let users = user::page(self.db(), after, limit).await?;
        Ok(users.into_iter().filter_map(|user| self.as_shown(Some(user))).collect())
    }

    /// Leaves out the roles that the settings do not declare any more: they open nothing.
    fn as_shown(&self, user: Option<User>) -> Option<User> {
        user.map(|mut user| {
            user.keep_roles(&self.config().roles);
            user
        })
    }

    /// Disables a user. All their sessions end at once on every node, and they cannot log in. Links that they were
    /// sent stay invalid after [`Auth::enable_user`], except the one that undoes a change of their address. Returns
    /// `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn disable_user(&self, id: impl Into<UserId>) -> Result<bool> {
        self.set_disabled(id.into(), Some(self.now()), EventKind::UserDisabled).await
    }

    /// Lets a disabled user log in again. The sessions that were ended stay ended. If two addresses claimed the account
    /// ([`EventKind::AccountFrozen`]), this decides for the present one: former addresses get nothing back any more. Its
    /// owner chooses a password with a mail. Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn enable_user(&self, id: impl Into<UserId>) -> Result<bool> {
        self.set_disabled(id.into(), None, EventKind::UserEnabled).await
    }

    async fn set_disabled(&self, id: UserId, disabled_at: Option<i64>, kind: EventKind) -> Result<bool> {
        let mut tx = self.db().begin().await?;
        // Enabling does all of this too: nothing that was requested while the user was disabled may start to work.
        credential::lock(&mut tx, id).await?;
        outbox::cancel(&mut tx, id, Letter::CONFIRM_EMAIL).await?;
        let found = user::set_disabled(&mut tx, id, disabled_at, self.now()).await?;
        one_time::kill_all(&mut tx, id).await?;
        if disabled_at.is_none() {
            one_time::thaw(&mut tx, id).await?;
        }
        session::end_all(&mut tx, id).await?;
        if found {
            event::record(self, &tx, NewEvent::of(kind, Some(id), By::Operator)).await?;
        }
        tx.commit().await?;
        Ok(found)
    }

    /// Gives the account of a user to the owner of another address. The address counts as unverified. Sessions, links, the
    /// password and everything that former addresses could do end: the owner chooses a password with a mail. A disabled
    /// user stays disabled. Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed address, [`Error::EmailExists`], [`Error::Unavailable`].
    pub async fn set_email(&self, id: impl Into<UserId>, email: &str) -> Result<bool> {
        let id = id.into();
        let email = Email::parse(email).map_err(|fault| Error::field("email", fault))?;
        let mut tx = self.db().begin().await?;
        credential::forget_password(&mut tx, id).await?;
        outbox::cancel(&mut tx, id, Letter::CONFIRM_EMAIL).await?;
        outbox::cancel(&mut tx, id, Letter::EMAIL_CHANGED).await?;
        // The owner of a former address may clash with another user. They get it back as an undo gives it back.
        let former = one_time::former_addresses(self, &mut tx, id).await?;
        let found = if former.iter().any(|former| former.keys() == email.keys()) {
            if !user::get_email_back(self, &mut tx, id, &email, None).await? {
                return Err(Error::EmailExists);
            }
            true
        } else {
            user::set_email(self, &mut tx, id, &email).await?.is_some()
        };
        one_time::kill_all(&mut tx, id).await?;
        one_time::kill(&mut tx, id, Purpose::UNDO_EMAIL_CHANGE).await?;
        session::end_all(&mut tx, id).await?;
        device::forget_all(&mut tx, id).await?;
        if found {
            event::record(self, &tx, NewEvent::of(EventKind::EmailChanged, Some(id), By::Operator)).await?;
        }
        tx.commit().await?;
        Ok(found)
    }

    /// Marks the present address of a user as verified, because your own code has shown that its mail reaches them: a
    /// provider that you trust says so, or they opened an invitation of yours. Returns `false` if there is no such user, or
    /// if they are disabled.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn mark_email_verified(&self, id: impl Into<UserId>) -> Result<bool> {
        let id = id.into();
        let mut tx = self.db().begin().await?;
        credential::lock(&mut tx, id).await?;
        let Some(user) = user::lock_any(&mut tx, id).await? else { return Ok(false) };
        if user.disabled_at.is_some() {
            return Ok(false);
        }
        if user.email_verified_at.is_none() {
            let email = Email::stored(user.email, String::new());
            if !user::set_verified(&mut tx, id, &email, self.now()).await? {
                return Ok(false);
            }
            event::record(self, &tx, NewEvent::of(EventKind::EmailVerified, Some(id), By::Operator)).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Sets a new password for a user and ends all their sessions. Returns `false` if there is no such user.
    ///
    /// It acts as an operator: it does not ask for the old password, and sends no notice. Users change their own password with
    /// `POST /password`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a password that is not good enough, [`Error::Unavailable`].
    pub async fn set_password(&self, id: impl Into<UserId>, password: &str) -> Result<bool> {
        let id = id.into();
        let Some(user) = user::by_id(self.db(), id).await? else { return Ok(false) };
        let password = self.chosen(password, &user.email).await?;
        let hash = self.hashing().hash(Caller::OPERATOR, password).await?;
        let mut tx = self.db().begin().await?;
        if !credential::set_password(self, &mut tx, id, hash).await? {
            // The user was deleted in the meantime.
            return Ok(false);
        }
        outbox::cancel(&mut tx, id, Letter::CONFIRM_EMAIL).await?;
        one_time::kill_after_new_password(&mut tx, id).await?;
        session::end_all(&mut tx, id).await?;
        event::record(self, &tx, NewEvent::of(EventKind::PasswordSet, Some(id), By::Operator)).await?;
        device::forget_all(&mut tx, id).await?;
        guesses::reset_account(&mut tx, &user.email).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets the wrong guesses at the account of a user, also those by their devices and by the clients of their
    /// sessions. So a log-in with the correct password works at once. Strangers who go on guessing block it again.
    /// Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn unlock_user(&self, id: impl Into<UserId>) -> Result<bool> {
        let id = id.into();
        let Some(user) = user::by_id(self.db(), id).await? else { return Ok(false) };
        let devices = device::all(self, id).await?;
        let sessions = session::list(self, id).await?;
        let mut tx = self.db().begin().await?;
        guesses::reset_account(&mut tx, &user.email).await?;
        for device in devices {
            guesses::reset_device(&mut tx, &device).await?;
        }
        for ip in sessions.into_iter().filter_map(|session| session.ip?.parse().ok()) {
            let client = Client { ip: Some(ip), ..Client::default() };
            guesses::reset_client(self, &mut tx, &user.email, &client).await?;
        }
        event::record(self, &tx, NewEvent::of(EventKind::UserUnlocked, Some(id), By::Operator)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes a user and everything that belongs to them. No notice is sent. Returns `false` if there is no such user.
    ///
    /// # Errors
    /// [`Error::Internal`] if a foreign key of yours holds the user, [`Error::Unavailable`].
    pub async fn delete_user(&self, id: impl Into<UserId>) -> Result<bool> {
        let id = id.into();
        let mut tx = self.db().begin().await?;
        let found = credential::delete_user(self, &mut tx, id, By::Operator).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Checks a new password for the account with this address.
    async fn chosen(&self, password: &str, email: &str) -> Result<Password> {
        const FIELD: &str = "password";
        let password = Password::chosen(password, self.shortest_password())
            .map_err(|expected| Error::field(FIELD, expected))?;
        self.policy().check(self.hashing(), Caller::OPERATOR, FIELD, &password, email).await?;
        Ok(password)
    }
}
