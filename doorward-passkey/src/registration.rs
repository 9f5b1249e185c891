//! Verifies the answer to a registration (section 7.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use minicbor::Decoder;

use crate::{
    authenticator_data::AuthenticatorData, error::Error, public_key::PublicKey, relying_party::RelyingParty,
    response::RegistrationResponse,
};

const NAME: &str = "the attestation object";
const MALFORMED: Error = Error::Malformed(NAME);

/// A passkey that was just made. Store all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credential {
    /// Its id, at most 1023 bytes. Refuse it if any user has a passkey with this id, and never move it to another user.
    pub id: Vec<u8>,
    /// Its public key.
    pub public_key: PublicKey,
    /// How often it has signed. Most passkeys do not count, and always say zero.
    pub sign_count: u32,
    /// The model of the authenticator, or zeros. Nothing proves it: it may serve for a name ([`crate::provider`]), and
    /// for no decision.
    pub aaguid: [u8; 16],
    /// How the browser can reach the authenticator, such as `internal` or `usb`. Give them back in the options.
    pub transports: Vec<String>,
    /// Whether it can be backed up, that is, synchronised between devices.
    pub backup_eligible: bool,
    /// Whether it is backed up now.
    pub backed_up: bool,
    /// Whether the authenticator verified its user. Always, if the relying party requires it.
    pub user_verified: bool,
    /// Whether it can log in without a user name, as far as the client says. If not, it only serves as a second step.
    pub discoverable: Option<bool>,
}

impl RelyingParty {
    /// Verifies the answer to [`CreationOptions`](crate::CreationOptions) with this challenge.
    ///
    /// The caller makes sure that the challenge is its own, of this session, fresh, and used once. Attestation
    /// statements are not read: who made the authenticator is not proved.
    pub fn register(&self, challenge: &[u8], response: &RegistrationResponse) -> Result<Credential, Error> {
        self.check_client_data(&response.client_data, "webauthn.create", &URL_SAFE_NO_PAD.encode(challenge))?;
        let data = AuthenticatorData::parse(authenticator_data(&response.attestation_object)?)?;
        self.check_authenticator_data(&data)?;
        let (backup_eligible, backed_up) = (data.backup_eligible(), data.backed_up());
        let (sign_count, user_verified) = (data.sign_count, data.user_verified());
        let attested = data.attested.ok_or(Error::NoPublicKey)?;
        Ok(Credential {
            id: attested.id.to_vec(),
            public_key: attested.public_key,
            sign_count,
            aaguid: attested.aaguid,
            transports: response.transports.clone(),
            backup_eligible,
            backed_up,
            user_verified,
            discoverable: response.discoverable,
        })
    }
}

/// Finds the authenticator data in an attestation object (section 6.5). The format and the statement must be there, but
/// are not read.
fn authenticator_data(bytes: &[u8]) -> Result<&[u8], Error> {
    let mut decoder = Decoder::new(bytes);
    let (mut format, mut statement, mut data) = (false, false, None);
    for _ in 0..decoder.map().map_err(|_| MALFORMED)?.ok_or(MALFORMED)? {
        let repeated = match decoder.str().map_err(|_| MALFORMED)? {
            "fmt" => decoder.str().map(|_| std::mem::replace(&mut format, true)),
            "attStmt" => decoder.skip().map(|()| std::mem::replace(&mut statement, true)),
            "authData" => decoder.bytes().map(|bytes| data.replace(bytes).is_some()),
            _ => decoder.skip().map(|()| false),
        };
        if repeated.map_err(|_| MALFORMED)? {
            return Err(MALFORMED);
        }
    }
    if decoder.position() != bytes.len() {
        return Err(Error::TrailingBytes(NAME));
    }
    data.filter(|_| format && statement).ok_or(MALFORMED)
}
