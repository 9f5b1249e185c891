//! Verifies the answer to an authentication (section 7.2).

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    authenticator_data::AuthenticatorData, error::Error, public_key::PublicKey, relying_party::RelyingParty,
    response::AuthenticationResponse,
};

/// What is stored about the passkey that answers. The caller finds it by the id in the response.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The id of the credential.
    pub id: &'a [u8],
    /// The handle of its user, as it was in the options when the passkey was made.
    pub user_handle: &'a [u8],
    /// Its public key.
    pub public_key: &'a PublicKey,
    /// How often it had signed.
    pub sign_count: u32,
    /// Whether it could be backed up.
    pub backup_eligible: bool,
}

/// A proof that the owner of the passkey is there. Store its numbers and flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authentication {
    /// How often the passkey has signed: the larger of the stored and the new count.
    pub sign_count: u32,
    /// The count did not grow. Somebody may have copied the passkey. But honest authenticators do it too, so this is
    /// a reason to tell the owner, and none to refuse.
    pub count_regressed: bool,
    /// Whether the passkey can be backed up.
    pub backup_eligible: bool,
    /// The passkey could not be backed up, and now can be. Section 7.2 says that this never changes, but providers
    /// learn to synchronise passkeys that they already have.
    pub became_backup_eligible: bool,
    /// Whether it is backed up now.
    pub backed_up: bool,
    /// Whether the authenticator verified its user. Always, if the relying party requires it.
    pub user_verified: bool,
}

impl RelyingParty {
    /// Verifies the answer to [`RequestOptions`](crate::RequestOptions) with this challenge.
    ///
    /// The caller makes sure that the challenge is its own, fresh, and used once, and that the user may log in.
    pub fn authenticate(
        &self,
        challenge: &[u8],
        response: &AuthenticationResponse,
        stored: &Stored<'_>,
    ) -> Result<Authentication, Error> {
        if response.id != stored.id {
            return Err(Error::OtherCredential);
        }
        if response.user_handle.as_ref().is_some_and(|handle| handle != stored.user_handle) {
            return Err(Error::OtherUser);
        }
        self.check_client_data(&response.client_data, "webauthn.get", &URL_SAFE_NO_PAD.encode(challenge))?;
        let data = AuthenticatorData::parse(&response.authenticator_data)?;
        self.check_authenticator_data(&data)?;
        if stored.backup_eligible && !data.backup_eligible() {
            return Err(Error::BackupEligibilityLost);
        }
        let hash = digest(&SHA256, &response.client_data);
        let signed = [&response.authenticator_data, hash.as_ref()].concat();
        stored.public_key.verify(&signed, &response.signature)?;

        let counts = data.sign_count != 0 || stored.sign_count != 0;
        Ok(Authentication {
            sign_count: data.sign_count.max(stored.sign_count),
            count_regressed: counts && data.sign_count <= stored.sign_count,
            backup_eligible: data.backup_eligible(),
            became_backup_eligible: data.backup_eligible() && !stored.backup_eligible,
            backed_up: data.backed_up(),
            user_verified: data.user_verified(),
        })
    }
}
