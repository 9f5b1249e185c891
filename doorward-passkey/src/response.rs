//! Reads what browsers send: a credential as its `toJSON()` writes it (section 5.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{client_data, error::Error};

/// The most transports that are kept, and the longest name of one.
const MOST_TRANSPORTS: usize = 8;
const LONGEST_TRANSPORT: usize = 32;

/// The answer to a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationResponse {
    /// `response.clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `response.attestationObject`.
    pub attestation_object: Vec<u8>,
    /// `response.transports`.
    pub transports: Vec<String>,
    /// `clientExtensionResults.credProps.rk`.
    pub discoverable: Option<bool>,
}

/// The answer to an authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationResponse {
    /// `id`, which names the passkey.
    pub id: Vec<u8>,
    /// `response.clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `response.authenticatorData`.
    pub authenticator_data: Vec<u8>,
    /// `response.signature`.
    pub signature: Vec<u8>,
    /// `response.userHandle`, which names the user. Not every authenticator keeps it.
    pub user_handle: Option<Vec<u8>>,
}

impl RegistrationResponse {
    /// Reads the JSON of a `PublicKeyCredential` with an `AuthenticatorAttestationResponse`. Limit its length before.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let credential: CredentialJson<RegistrationJson> = read(json)?;
        let response = credential.response;
        let mut transports = response.transports;
        transports.retain(|name| is_transport(name));
        transports.truncate(MOST_TRANSPORTS);
        Ok(Self {
            client_data: decode(&response.client_data_json, "response.clientDataJSON")?,
            attestation_object: decode(&response.attestation_object, "response.attestationObject")?,
            transports,
            discoverable: credential.client_extension_results.cred_props.and_then(|properties| properties.rk),
        })
    }

    /// The challenge that this answers, to look it up. It is anybody's until that.
    pub fn challenge(&self) -> Result<Vec<u8>, Error> {
        client_data::challenge(&self.client_data)
    }
}

impl AuthenticationResponse {
    /// Reads the JSON of a `PublicKeyCredential` with an `AuthenticatorAssertionResponse`. Limit its length before.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let credential: CredentialJson<AuthenticationJson> = read(json)?;
        let response = credential.response;
        // Some clients write an absent handle as an empty one. No user has an empty one (section 5.4.3).
        let handle = response.user_handle.filter(|handle| !handle.is_empty());
        Ok(Self {
            id: decode(&credential.id, "id")?,
            client_data: decode(&response.client_data_json, "response.clientDataJSON")?,
            authenticator_data: decode(&response.authenticator_data, "response.authenticatorData")?,
            signature: decode(&response.signature, "response.signature")?,
            user_handle: handle.map(|handle| decode(&handle, "response.userHandle")).transpose()?,
        })
    }

    /// The challenge that this answers, to look it up. It is anybody's until that.
    pub fn challenge(&self) -> Result<Vec<u8>, Error> {
        client_data::challenge(&self.client_data)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialJson<T> {
    #[serde(rename = "type")]
    _kind: KindJson,
    id: String,
    response: T,
    #[serde(default)]
    client_extension_results: ExtensionsJson,
}

#[derive(Deserialize)]
enum KindJson {
    #[serde(rename = "public-key")]
    PublicKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationJson {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationJson {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExtensionsJson {
    cred_props: Option<PropertiesJson>,
}

#[derive(Deserialize)]
struct PropertiesJson {
    rk: Option<bool>,
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|_| Error::Malformed("the credential"))
}

fn decode(text: &str, name: &'static str) -> Result<Vec<u8>, Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Malformed(name))
}

/// Future names are kept too (section 5.8.4). What is no name is dropped: it must not refuse a passkey.
fn is_transport(name: &str) -> bool {
    (1..=LONGEST_TRANSPORT).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
