//! The relying party: the site that people log in to (section 4), and what it demands of every answer.

use aws_lc_rs::digest::{SHA256, digest};

use crate::{authenticator_data::AuthenticatorData, client_data::ClientData, error::Error};

/// A site that people log in to with passkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The domain that passkeys are made for, such as `example.org`. It can never change: passkeys work for no other.
    pub id: String,
    /// The name of the site, for people.
    pub name: String,
    /// The origins of the pages and apps that may use the passkeys, such as `https://accounts.example.org`. They are
    /// compared as texts: a sub-domain is another origin.
    pub origins: Vec<String>,
    /// Whether authenticators must verify their user.
    pub user_verification: UserVerification,
}

/// Whether the authenticator must check who its user is, by a PIN or by biometrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// It must. Then a passkey is two factors: the device, and what unlocks it.
    Required,
    /// It should. An answer without it is accepted, and says so. Then a passkey is one factor.
    Preferred,
}

impl RelyingParty {
    /// A relying party that requires user verification.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        origins: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            origins: origins.into_iter().map(Into::into).collect(),
            user_verification: UserVerification::Required,
        }
    }

    /// Checks what the browser saw (sections 7.1 and 7.2).
    pub(crate) fn check_client_data(
        &self,
        json: &[u8],
        ceremony: &str,
        challenge: &str,
    ) -> Result<(), Error> {
        let data = ClientData::parse(json)?;
        if data.ceremony != ceremony {
            return Err(Error::Ceremony);
        }
        if data.challenge != challenge {
            return Err(Error::Challenge);
        }
        if !self.origins.iter().any(|origin| *origin == data.origin) {
            return Err(Error::Origin);
        }
        if data.cross_origin == Some(true) {
            return Err(Error::CrossOrigin);
        }
        if data.top_origin.is_some() {
            return Err(Error::TopOrigin);
        }
        Ok(())
    }

    /// Checks what the authenticator did (sections 7.1 and 7.2).
    pub(crate) fn check_authenticator_data(&self, data: &AuthenticatorData<'_>) -> Result<(), Error> {
        if data.rp_id_hash != digest(&SHA256, self.id.as_bytes()).as_ref() {
            return Err(Error::RelyingParty);
        }
        if !data.user_present() {
            return Err(Error::UserNotPresent);
        }
        if self.user_verification == UserVerification::Required && !data.user_verified() {
            return Err(Error::UserNotVerified);
        }
        if data.backed_up() && !data.backup_eligible() {
            return Err(Error::BackedUpButNotEligible);
        }
        Ok(())
    }
}
