//! The clients, for operators and for the code of the host. The command line of the server calls these functions.

use crate::{
    accounts::{
        event,
        oauth::{clients, secrets},
    },
    auth::Auth,
    base::{
        config::ClientConfig,
        error::{Error, Result},
        secret,
    },
    model::{
        event::{By, NewEvent},
        event_kind::EventKind,
        oauth_client::{OAuthClient, Origin},
    },
};

/// The most clients in one answer of [`Auth::clients_after`].
const PAGE: i64 = 100;

/// The seconds for which an earlier secret still works after a new one was made.
const EARLIER: i64 = 24 * 3600;

/// A client that was just added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewClient {
    /// Its id.
    pub id: String,
    /// Its secret. It is shown once; only its hash is stored. `None` for a public client.
    pub secret: Option<String>,
}

impl Auth {
    /// Adds an app that people log in to here. Without an id in `client` it gets one. A secret in `client` is refused:
    /// this function makes one.
    ///
    /// # Errors
    /// [`Error::Invalid`] names what is wrong. The id must be free.
    pub async fn add_client(&self, client: ClientConfig) -> Result<NewClient> {
        let mut client = client;
        if client.secret.is_some() {
            return Err(Error::field("secret", "expected none: a secret is made"));
        }
        if client.id.is_empty() {
            client.id = format!("client_{:x}", secret::id(self.now_millis()));
        }
        client.check(&self.config().scopes).map_err(|text| match text.split_once(": ") {
            Some((field, expected)) => Error::field(field.to_owned(), expected.to_owned()),
            None => Error::field("client", text),
        })?;
        let mut tx = self.db().begin().await?;
        if !clients::is_free(&mut tx, &client.id).await? {
            return Err(Error::field("id", "expected an id that no client has"));
        }
        clients::store(self, &mut tx, &client, Origin::Admin).await?;
        let secret = match client.public {
            true => None,
            false => Some(secrets::renew(self, &mut tx, &client.id, self.now()).await?),
        };
        let added = NewEvent::of(EventKind::ClientAdded, None, By::Operator).with("client", &client.id);
        event::record(self, &tx, added).await?;
        tx.commit().await?;
        Ok(NewClient { id: client.id, secret })
    }

    /// Returns the client with this id, also a disabled one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn find_client(&self, id: &str) -> Result<Option<OAuthClient>> {
        clients::find(self, id).await
    }

    /// Returns at most 100 clients whose ids come after `id`, in the order of their ids. Begin with an empty text.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn clients_after(&self, id: &str) -> Result<Vec<OAuthClient>> {
        clients::after(self, id, PAGE).await
    }

    /// Makes a new secret for a client. Earlier ones work for another day, so the app can be changed meanwhile. With
    /// `at_once` they end now. Returns `None` if there is no such client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a public client, and for one of the configuration.
    pub async fn renew_client_secret(&self, id: &str, at_once: bool) -> Result<Option<String>> {
        let Some(client) = self.client_of_database(id).await? else { return Ok(None) };
        if !client.confidential {
            return Err(Error::field("client", "expected a client with a secret: this one is public"));
        }
        let mut tx = self.db().begin().await?;
        let until = if at_once { self.now() } else { self.now() + EARLIER };
        let secret = secrets::renew(self, &mut tx, id, until).await?;
        self.record_client(&tx, EventKind::ClientSecretRenewed, id).await?;
        tx.commit().await?;
        Ok(Some(secret))
    }

    /// Disables a client: when this returns, no node accepts its codes and tokens. Returns `false` if there is no such
    /// client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a client of the configuration.
    pub async fn disable_client(&self, id: &str) -> Result<bool> {
        if self.client_of_database(id).await?.is_none() {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let found = clients::disable(self, &mut tx, id).await?;
        self.record_client(&tx, EventKind::ClientDisabled, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Lets a disabled client work again. People need not allow it again, but its old tokens stay ended. Returns `false`
    /// if there is no such client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a client of the configuration.
    pub async fn enable_client(&self, id: &str) -> Result<bool> {
        if self.client_of_database(id).await?.is_none() {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let found = clients::enable(&mut tx, id).await?;
        self.record_client(&tx, EventKind::ClientEnabled, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Deletes a client, with its tokens and with what people allowed it. Returns `false` if there is no such client.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a client of the configuration.
    pub async fn delete_client(&self, id: &str) -> Result<bool> {
        if self.client_of_database(id).await?.is_none() {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let found = clients::delete(&mut tx, id).await?;
        self.record_client(&tx, EventKind::ClientDeleted, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Returns a client that an operator may change here.
    async fn client_of_database(&self, id: &str) -> Result<Option<OAuthClient>> {
        match clients::find(self, id).await? {
            Some(client) if client.origin == Origin::Config && client.disabled_at.is_none() => {
                Err(Error::field("client", "expected a change of its [[client]] in the configuration"))
            }
            client => Ok(client),
        }
    }

    async fn record_client(&self, tx: &crate::base::db::Tx, kind: EventKind, id: &str) -> Result<()> {
        let changed = NewEvent::of(kind, None, By::Operator).with("client", id);
        Ok(event::record(self, tx, changed).await?)
    }
}
