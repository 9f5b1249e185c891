//! Adds a passkey of a user who is logged in.

use doorward_passkey::{CreationOptions, Error as Reason, RegistrationResponse, User as PasskeyUser};

use crate::{
    accounts::passkey::{
        challenges::{self, Purpose},
        table::{self, Passkey},
    },
    auth::Auth,
    base::{
        db::Tx,
        error::{Error, Result},
        http::user_agent::Program,
    },
    model::{client::Client, session::Session, user::UserId},
};

/// The most passkeys that a user may have.
pub(crate) const MOST: usize = 25;

/// Returns the handle of a new passkey: the number of the user. It says nothing about the person (section 5.4.3).
fn handle(user: UserId) -> [u8; 8] {
    i64::from(user).to_be_bytes()
}

/// Returns options for a new passkey.
///
/// # Errors
/// [`Error::LimitReached`], [`Error::PasskeysNotConfigured`].
pub(crate) async fn ask(auth: &Auth, session: &Session) -> Result<CreationOptions> {
    let (site, user) = (auth.relying_party()?, &session.user);
    let passkeys = table::usable(auth.db(), user.id).await?;
    if passkeys.len() >= MOST {
        return Err(Error::LimitReached(MOST));
    }
    let challenge = challenges::ask(auth, Purpose::Add(session.id)).await?;
    let transports: Vec<_> = passkeys.iter().map(Passkey::transports).collect();
    let handle = handle(user.id);
    let person = PasskeyUser { handle: &handle, name: &user.email, display_name: &user.email };
    Ok(site.creation_options(&challenge, person, &table::known(&passkeys, &transports)))
}

/// A new passkey that was verified. It is not stored yet.
#[must_use]
pub(crate) struct New(doorward_passkey::Credential);

/// Verifies a new passkey. Its challenge is used up, right or wrong.
///
/// # Errors
/// [`Error::PasskeyRefused`].
pub(crate) async fn verify(auth: &Auth, session: &Session, answer: &RegistrationResponse) -> Result<New> {
    let site = auth.relying_party()?;
    let refused = |reason: Reason| Error::PasskeyRefused(reason.to_string());
    let challenge = answer.challenge().map_err(refused)?;
    if !challenges::take(auth, &challenge, Purpose::Add(session.id)).await? {
        let why = "the challenge was answered before, is too old, or was another one";
        return Err(Error::PasskeyRefused(why.into()));
    }
    site.register(&challenge, answer).map(New).map_err(refused)
}

impl New {
    /// Returns `true` if it only serves as a second step.
    pub(crate) fn second_step_only(&self) -> bool {
        self.0.discoverable == Some(false)
    }

    /// Stores the passkey, in the transaction `tx`, which has locked the credential of the user. Returns its number.
    ///
    /// # Errors
    /// [`Error::PasskeyExists`] if anybody has it, [`Error::LimitReached`].
    pub(crate) async fn store(&self, auth: &Auth, tx: &Tx, session: &Session, name: &str) -> Result<i64> {
        let (site, user) = (auth.relying_party()?, session.user.id);
        if table::count(tx, user).await? >= MOST as i64 {
            return Err(Error::LimitReached(MOST));
        }
        let stored = table::insert(auth, tx, (user, &handle(user)), &self.0, (&site.id, name)).await?;
        stored.ok_or(Error::PasskeyExists)
    }

    /// Returns a name for the passkey: that of its password manager, or else that of the browser that made it. It is
    /// numbered if the user has one with this name.
    pub(crate) fn name(&self, passkeys: &[Passkey], client: &Client) -> String {
        let made_by = || {
            let program = Program::of(client.user_agent.as_deref().unwrap_or_default());
            match (program.browser, program.system) {
                (Some(browser), Some(system)) => format!("{browser} on {system}"),
                (Some(name), None) => name,
                (None, Some(name)) => name.to_owned(),
                (None, None) => "Passkey".to_owned(),
            }
        };
        let base = doorward_passkey::provider(&self.0.aaguid).map_or_else(made_by, str::to_owned);
        let taken = |name: &str| passkeys.iter().any(|passkey| passkey.name == name);
        let numbered = (2..).map(|number| format!("{base} {number}"));
        std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
    }
}
