//! How a person shows that a mail reached them: by the token of its link, or by its code together with the address of
//! their account.

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
        event::{By, New},
        event_kind::EventKind,
        purpose::Purpose,
    },
};

/// What a person took from a mail.
pub(crate) enum Proof {
    Link(String),
    Code { email: Email, code: String },
}

impl Input for Proof {
    /// Reads `token`, or `email` and `code`.
    fn read(fields: &mut Fields) -> Option<Self> {
        if let Some(token) = fields.optional_text("token")? {
            return Some(Self::Link(token));
        }
        let email = fields.email("email");
        let code = fields.text("code");
        Some(Self::Code { email: email?, code: code? })
    }
}

impl Proof {
    /// The address that it is about. It is not proved by this.
    ///
    /// # Errors
    /// [`Error::InvalidLink`] for a link that does not work.
    pub(crate) async fn address(&self, auth: &Auth, purpose: Purpose) -> Result<String> {
        Ok(match self {
            Self::Link(token) => one_time::look_at(auth, purpose, token).await?.sent_to.typed,
            Self::Code { email, .. } => email.typed.clone(),
        })
    }

    /// The secret that works, still to be spent. Codes count as guesses at the account, as passwords do.
    ///
    /// # Errors
    /// [`Error::InvalidLink`] if this proves nothing; [`Error::TooManyAttempts`] if it is a code that was not looked at,
    /// since too many were tried. It may be right: the link works all the same, and so will a newer code.
    pub(crate) async fn claim(&self, auth: &Auth, purpose: Purpose, client: &Client) -> Result<Claim> {
        match self {
            Self::Link(token) => one_time::look_at(auth, purpose, token).await,
            Self::Code { email, code } => {
                let mut reserved = guesses::reserve(auth, &email.key, client).await?;
                let mut user = None;
                let tried = async {
                    guesses::count_code(auth, purpose, email).await?;
                    user = user::by_email(auth.db(), email).await?.map(|user| user.id);
                    one_time::try_code(auth, purpose, user, code).await
                };
                match tried.await {
                    Ok(claim) => {
                        let mut tx = auth.db().begin().await?;
                        reserved.succeed(&mut tx).await?;
                        tx.commit().await?;
                        Ok(claim)
                    }
                    Err(Error::InvalidLink) => {
                        let failed = New::of(EventKind::CodeFailed, user, By::User(client));
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
