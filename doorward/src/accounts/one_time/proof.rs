//! The proof that a mail reached a person: the token of its link, or its code with the address of the account.

use crate::{
    accounts::{
        event,
        limit::guesses,
        one_time::{self, Claim},
        user,
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Result},
        http::input::{Fields, Input},
    },
    model::{
        client::Client,
        event::{By, NewEvent},
        event_kind::EventKind,
        purpose::Purpose,
    },
};

/// The secret that a person took from a mail.
pub(crate) enum Proof {
    Link(String),
    Code { email: Email, code: String },
}

impl Input for Proof {
    const EXACT: bool = true;

    /// Reads `token`, or `email` and `code`. A client that has a token may send the others too.
    fn read(fields: &mut Fields) -> Option<Self> {
        if let Some(token) = fields.optional_text("token")? {
            fields.optional_text("email");
            fields.optional_text("code");
            return Some(Self::Link(token));
        }
        let email = fields.email("email");
        let code = fields.text("code");
        Some(Self::Code { email: email?, code: code? })
    }
}

impl Proof {
    /// Returns the address that the secret was sent to, or the typed address for a code. This alone proves nothing.
    ///
    /// # Errors
    /// [`Error::InvalidLink`] for a link that does not work.
    pub(crate) async fn address(&self, auth: &Auth, purpose: Purpose) -> Result<String> {
        Ok(match self {
            Self::Link(token) => one_time::look_at(auth, purpose, token).await?.sent_to.typed,
            Self::Code { email, .. } => email.typed.clone(),
        })
    }

    /// Checks the secret, and returns the claim that the caller spends. Codes have counters of their own. So an attacker
    /// who guesses at passwords does not keep the owner from a code.
    ///
    /// # Errors
    /// [`Error::InvalidLink`] if the secret does not work. [`Error::TooManyAttempts`] if too many codes were tried.
    /// Then this code was not checked, and it may be correct: the link still works, and a newer code will.
    pub(crate) async fn claim(&self, auth: &Auth, purpose: Purpose, client: &Client) -> Result<Claim> {
        match self {
            Self::Link(token) => one_time::look_at(auth, purpose, token).await,
            Self::Code { email, code } => {
                let mut reserved = guesses::reserve_code(auth, purpose, email, client).await?;
                let mut user = None;
                let tried = async {
                    user = user::by_email(auth.db(), email).await?.map(|user| user.id);
                    one_time::try_code(auth, purpose, user, code, reserved.caller(client)).await
                };
                match tried.await {
                    Ok(claim) => {
                        let mut tx = auth.db().begin().await?;
                        reserved.succeed(&mut tx).await?;
                        tx.commit().await?;
                        Ok(claim)
                    }
                    Err(Error::InvalidLink) => {
                        let failed = NewEvent::of(EventKind::CodeFailed, user, By::User(client));
                        event::record_alone(auth, failed.with("purpose", purpose.name)).await?;
                        reserved.fail(&email.key, client).await?;
                        Err(Error::InvalidLink)
                    }
                    Err(error) => {
                        reserved.give_back().await;
                        Err(error)
                    }
                }
            }
        }
    }
}
