//! Imports the users of another system, with their password hashes as they are.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

use doorward_password::Identified;
use futures_util::{StreamExt as _, TryStreamExt as _, future, stream};
use serde_json::Map;

#[cfg(feature = "totp")]
use crate::{
    accounts::second_factor::{recovery_codes, totp},
    features::import::foreign_totp::{self, ForeignTotp},
};
use crate::{
    accounts::{
        credential, event,
        user::{self, Details, NewUser},
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, FieldError, Result},
    },
    features::import::foreign_user::ForeignUser,
    model::{
        details::NewDetails,
        event::{By, NewEvent},
        event_kind::EventKind,
        user::{User, UserId},
    },
};

/// The users in one transaction: few enough that other writers hardly wait.
const GROUP: usize = 500;
/// How many times a group is tried, if other users are added at the same moment.
const ROUNDS: usize = 5;

impl Auth {
    /// Adds a user with a stored password hash, in any form that the crate `doorward-password` verifies. Works even
    /// while registration is closed. The user logs in with the password of that hash. The first log-in replaces the
    /// hash by a new one, or wraps it if it accepts several texts.
    ///
    /// A hash that is quick to guess (MD5, SHA-1, …) is stored as it is. [`Auth::wrap_hashes`] protects such hashes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed address or a hash that no password can be compared with,
    /// [`Error::EmailExists`], [`Error::Unavailable`].
    pub async fn add_user_with_hash(&self, email: &str, stored: &str) -> Result<User> {
        let email = Email::imported(email).map_err(|fault| Error::field("email", fault))?;
        identify(self, stored).map_err(|error| Error::Invalid(vec![error]))?;
        credential::add(self, &email, stored.to_owned(), By::Operator).await
    }

    /// Begins to import users. Nothing is changed until [`UserImport::apply`] is called.
    ///
    /// ```no_run
    /// # async fn example(auth: doorward::Auth) -> doorward::Result<()> {
    /// let ann = doorward::import::ForeignUser::new("ann@example.org", "$2b$12$…");
    /// for outcome in auth.import().apply().batch(&[ann]).await? {
    ///     println!("{outcome:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn import(&self) -> UserImport {
        UserImport {
            auth: self.clone(),
            apply: false,
            wrap: false,
            seen: HashSet::new(),
            fingerprint: RandomState::new(),
        }
    }
}

/// An import of users, a few hundred at a time. Made by [`Auth::import`].
///
/// It may be repeated, because existing users are not changed. It keeps some 16 bytes for each user, to find users
/// that come twice.
#[derive(Debug)]
pub struct UserImport {
    auth: Auth,
    apply: bool,
    wrap: bool,
    /// Fingerprints of the addresses and ids that came so far.
    seen: HashSet<u64>,
    fingerprint: RandomState,
}

/// The outcome for one user of an [`UserImport`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Imported {
    /// The user is added now, or, in a dry run, would be.
    #[non_exhaustive]
    Added {
        /// The scheme of the hash, such as `bcrypt`.
        scheme: &'static str,
        /// `true` if the hash is quick to guess. [`UserImport::wrap`] puts argon2id around such a hash.
        weak: bool,
        /// The bits of the secret of the authenticator app, if it has fewer than 128 (RFC 4226, section 4). It works
        /// all the same, and its user should add the app anew.
        weak_totp: Option<usize>,
    },
    /// A user with this address and this hash exists. The stored hash may be wrapped in argon2id.
    AlreadyThere,
    /// The user cannot be imported. The error says why and repeats no hash.
    Refused(FieldError),
}

/// A user that may be added.
struct Candidate {
    /// The position in the group.
    index: usize,
    new: NewUser,
    given: String,
    identified: Identified,
    wrapped: Option<String>,
    #[cfg(feature = "totp")]
    totp: Option<ForeignTotp>,
    #[cfg(feature = "totp")]
    recovery_codes: Vec<String>,
    /// The hashes of the recovery codes.
    #[cfg(feature = "totp")]
    code_hashes: Vec<String>,
}

impl UserImport {
    /// Makes the import add the users. Without this it is a dry run.
    #[must_use]
    pub fn apply(self) -> Self {
        Self { apply: true, ..self }
    }

    /// Makes the import put argon2id around hashes that are quick to guess, before they are stored. This takes as
    /// long as a log-in for each of them.
    #[must_use]
    pub fn wrap(self) -> Self {
        Self { wrap: true, ..self }
    }

    /// Imports the next users and returns the outcome for each, in the same order. They are durable when this
    /// returns.
    ///
    /// An existing user is never changed. Ids are kept; an id that is taken is refused.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the database or the hashing threads cannot take this now. Then none, some or all of
    /// these users were added: begin a new import with all users.
    pub async fn batch(&mut self, users: &[ForeignUser]) -> Result<Vec<Imported>> {
        let mut outcomes = Vec::with_capacity(users.len());
        for group in users.chunks(GROUP) {
            outcomes.extend(self.group(group).await?);
        }
        Ok(outcomes)
    }

    async fn group(&mut self, users: &[ForeignUser]) -> Result<Vec<Imported>> {
        let mut outcomes = Vec::with_capacity(users.len());
        let mut pending = Vec::with_capacity(users.len());
        for (index, user) in users.iter().enumerate() {
            match self.candidate(index, user) {
                Ok(candidate) => {
                    outcomes.push(candidate.added());
                    pending.push(candidate);
                }
                Err(error) => outcomes.push(Imported::Refused(error)),
            }
        }
        for _ in 0..ROUNDS {
            let auth = &self.auth;
            let found =
                future::try_join_all(pending.iter().map(|candidate| in_the_way(auth, candidate))).await?;
            let mut free = Vec::with_capacity(pending.len());
            for (candidate, found) in pending.into_iter().zip(found) {
                match found {
                    Some(outcome) => outcomes[candidate.index] = outcome,
                    None => free.push(candidate),
                }
            }
            if free.is_empty() || !self.apply {
                return Ok(outcomes);
            }
            if self.wrap {
                free = wrapped(auth, free).await?;
            }
            #[cfg(feature = "totp")]
            {
                free = with_code_hashes(auth, free).await?;
            }
            // A user that was not added conflicts with one that was added a moment ago.
            pending = add(auth, free).await?;
            if pending.is_empty() {
                return Ok(outcomes);
            }
        }
        Err(Error::Unavailable)
    }

    /// Checks a user without looking at existing users.
    fn candidate(&mut self, index: usize, user: &ForeignUser) -> Result<Candidate, FieldError> {
        const MAX_ID: i64 = (1 << 53) - 1;
        const DAY: i64 = 24 * 3600;
        let wrong = |field: &'static str, message: &str| {
            Err(FieldError { field: field.into(), message: message.to_owned() })
        };
        let email = match Email::imported(&user.email) {
            Ok(email) => email,
            Err(fault) => return wrong("email", &fault.to_string()),
        };
        let identified = identify(&self.auth, &user.password_hash)?;
        if user.id.is_some_and(|id| !(1..=MAX_ID).contains(&id)) {
            return wrong("id", "expected a positive number below 2^53");
        }
        let now = self.auth.now();
        if user.created_at.is_some_and(|created_at| !(0..=now + DAY).contains(&created_at)) {
            return wrong("created_at", "expected a moment in the past, since 1970");
        }
        let details = details(&self.auth, user)?;
        #[cfg(feature = "totp")]
        {
            if user.totp.is_some() && !totp::is_offered(&self.auth) {
                return wrong(
                    "totp",
                    "expected a server with a secret_key; the first start makes one beside SQLite",
                );
            }
            foreign_totp::check_codes(&user.recovery_codes)?;
        }
        let address = self.fingerprint.hash_one(("email", &email.key));
        let number = user.id.map(|id| self.fingerprint.hash_one(("id", id)));
        if self.seen.contains(&address) {
            return wrong("email", "came before in this import");
        }
        if number.is_some_and(|number| self.seen.contains(&number)) {
            return wrong("id", "came before in this import");
        }
        self.seen.insert(address);
        self.seen.extend(number);
        let new = NewUser {
            id: user.id.map(UserId),
            email,
            email_verified_at: user.email_verified.then_some(now),
            created_at: user.created_at.unwrap_or(now),
            details,
        };
        Ok(Candidate {
            index,
            new,
            given: user.password_hash.clone(),
            identified,
            wrapped: None,
            #[cfg(feature = "totp")]
            totp: user.totp.clone(),
            #[cfg(feature = "totp")]
            recovery_codes: user.recovery_codes.clone(),
            #[cfg(feature = "totp")]
            code_hashes: Vec::new(),
        })
    }
}

impl Candidate {
    fn added(&self) -> Imported {
        #[cfg(feature = "totp")]
        let weak_totp = self.totp.as_ref().filter(|app| app.is_weak()).map(ForeignTotp::bits);
        #[cfg(not(feature = "totp"))]
        let weak_totp = None;
        Imported::Added { scheme: self.identified.scheme.as_str(), weak: self.identified.weak, weak_totp }
    }
}

/// Checks what is known of a user beside the address.
fn details(auth: &Auth, user: &ForeignUser) -> Result<Details, FieldError> {
    let new = NewDetails {
        display_name: user.display_name.clone(),
        roles: user.roles.clone(),
        attributes: user.attributes.clone(),
        profile: user.profile.clone(),
    };
    Details::checked(auth.config(), &new, Map::new())
}

/// Reads the scheme of a stored hash. Refuses a hash that cannot be stored or verified.
fn identify(auth: &Auth, stored: &str) -> Result<Identified, FieldError> {
    let wrong = |message| FieldError { field: "password_hash".into(), message };
    // PostgreSQL stores no NUL in a text.
    if stored.contains('\0') {
        return Err(wrong("expected no NUL".into()));
    }
    auth.hashing().identify(stored).map_err(|error| wrong(error.to_string()))
}

/// Returns the outcome for a user whose address or id exists already.
async fn in_the_way(auth: &Auth, candidate: &Candidate) -> Result<Option<Imported>> {
    let refused = |field: &'static str, message: &str| {
        Some(Imported::Refused(FieldError { field: field.into(), message: message.to_owned() }))
    };
    let Some((id, stored)) = credential::stored_password(auth, &candidate.new.email).await? else {
        let Some(id) = candidate.new.id else { return Ok(None) };
        let taken = user::by_id(auth.db(), id).await?.is_some();
        return Ok(if taken { refused("id", "belongs to another user") } else { None });
    };
    if candidate.new.id.is_some_and(|given| given != id) {
        return Ok(refused("id", "the user with this address has another id"));
    }
    let Some(stored) = stored else {
        return Ok(refused("email", "belongs to a user without a password"));
    };
    let wrapped = || {
        let inner = auth.hashing().identify(&stored).ok().and_then(|identified| identified.wrapped);
        inner == Some(candidate.identified.scheme)
    };
    Ok(if stored == candidate.given || wrapped() {
        Some(Imported::AlreadyThere)
    } else {
        refused("password_hash", "this user exists with another hash, as after a log-in")
    })
}

/// Puts argon2id around the weak hashes, on all hashing threads.
async fn wrapped(auth: &Auth, candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
    stream::iter(candidates)
        .map(async |mut candidate| {
            if candidate.identified.weak && candidate.wrapped.is_none() {
                candidate.wrapped = auth.hashing().wrap(candidate.given.clone()).await?;
            }
            Ok(candidate)
        })
        .buffered(auth.hashing().at_once())
        .try_collect()
        .await
}

/// Hashes the recovery codes, on all hashing threads.
#[cfg(feature = "totp")]
async fn with_code_hashes(auth: &Auth, candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
    stream::iter(candidates)
        .map(async |mut candidate| {
            if candidate.code_hashes.is_empty() && !candidate.recovery_codes.is_empty() {
                candidate.code_hashes = recovery_codes::hashed(auth, &candidate.recovery_codes).await?;
            }
            Ok(candidate)
        })
        .buffered(auth.hashing().at_once())
        .try_collect()
        .await
}

/// Adds users in one transaction. Returns those whose address or id was taken.
async fn add(auth: &Auth, candidates: Vec<Candidate>) -> Result<Vec<Candidate>> {
    let mut left = Vec::new();
    let mut tx = auth.db().begin().await?;
    for candidate in candidates {
        match user::insert_new(auth, &mut tx, &candidate.new).await? {
            Some(user) => {
                let hash = candidate.wrapped.unwrap_or(candidate.given);
                credential::set_password(auth, &mut tx, user.id, hash).await?;
                #[cfg(feature = "totp")]
                {
                    if let Some(app) = &candidate.totp {
                        let app = totp::Imported {
                            secret: &app.secret,
                            parameters: (app.algorithm, app.digits, app.period),
                            added_at: candidate.new.created_at,
                        };
                        totp::import(auth, &tx, user.id, &app).await?;
                    }
                    let made_at = candidate.new.created_at;
                    recovery_codes::import(&tx, user.id, &candidate.code_hashes, made_at).await?;
                }
                let imported = NewEvent::of(EventKind::UserImported, Some(user.id), By::Operator);
                let imported = imported.with("scheme", candidate.identified.scheme.as_str());
                event::record(auth, &tx, imported).await?;
            }
            None => left.push(candidate),
        }
    }
    tx.commit().await?;
    Ok(left)
}
