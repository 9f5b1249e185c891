//! What the browser is asked for: options as `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take them
//! (sections 5.4 and 5.5).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use crate::{
    algorithm::Algorithm,
    relying_party::{RelyingParty, UserVerification},
};

/// How long the browser should wait, in milliseconds.
const TIMEOUT: u32 = 300_000;

/// The user that a passkey is made for.
#[derive(Debug, Clone, Copy)]
pub struct User<'a> {
    /// The handle: 1 to 64 bytes that say nothing about the person, and never change (section 5.4.3).
    pub handle: &'a [u8],
    /// The name of the account, such as its address.
    pub name: &'a str,
    /// The name of the person.
    pub display_name: &'a str,
}

/// A passkey that the server knows.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The id of the credential.
    pub id: &'a [u8],
    /// How the browser can reach it, as it said at the registration.
    pub transports: &'a [String],
}

/// Options for `navigator.credentials.create()`. Serialised, they are its `publicKey` in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreationOptions {
    rp: RpJson,
    user: UserJson,
    challenge: String,
    pub_key_cred_params: Vec<AlgorithmJson>,
    timeout: u32,
    exclude_credentials: Vec<CredentialJson>,
    authenticator_selection: SelectionJson,
    hints: [&'static str; 0],
    attestation: &'static str,
    extensions: ExtensionsJson,
}

/// Options for `navigator.credentials.get()`. Serialised, they are its `publicKey` in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestOptions {
    challenge: String,
    timeout: u32,
    rp_id: String,
    allow_credentials: Vec<CredentialJson>,
    user_verification: UserVerification,
    hints: [&'static str; 0],
}

impl RelyingParty {
    /// Asks for a new passkey. The challenge is 32 random bytes, used once.
    ///
    /// Give all passkeys of the user as `exclude`: the browser then refuses a second one on the same authenticator.
    /// Without that, some authenticators replace the first one.
    ///
    /// A discoverable passkey is preferred and not required, because security keys have few places for them.
    pub fn creation_options(
        &self,
        challenge: &[u8],
        user: User<'_>,
        exclude: &[Known<'_>],
    ) -> CreationOptions {
        CreationOptions {
            rp: RpJson { id: self.id.clone(), name: self.name.clone() },
            user: UserJson {
                id: URL_SAFE_NO_PAD.encode(user.handle),
                name: user.name.to_owned(),
                display_name: user.display_name.to_owned(),
            },
            challenge: URL_SAFE_NO_PAD.encode(challenge),
            pub_key_cred_params: Algorithm::ALL
                .into_iter()
                .map(|algorithm| AlgorithmJson { kind: PUBLIC_KEY, alg: algorithm.number() })
                .collect(),
            timeout: TIMEOUT,
            exclude_credentials: exclude.iter().map(CredentialJson::of).collect(),
            authenticator_selection: SelectionJson {
                resident_key: "preferred",
                require_resident_key: false,
                user_verification: self.user_verification,
            },
            hints: [],
            attestation: "none",
            extensions: ExtensionsJson { cred_props: true },
        }
    }

    /// Asks for a proof with a passkey. The challenge is 32 random bytes, used once.
    ///
    /// Without `allow`, the browser offers every discoverable passkey for this site, and the answer names the user. So
    /// the options tell nothing about any account.
    pub fn request_options(&self, challenge: &[u8], allow: &[Known<'_>]) -> RequestOptions {
        RequestOptions {
            challenge: URL_SAFE_NO_PAD.encode(challenge),
            timeout: TIMEOUT,
            rp_id: self.id.clone(),
            allow_credentials: allow.iter().map(CredentialJson::of).collect(),
            user_verification: self.user_verification,
            hints: [],
        }
    }
}

const PUBLIC_KEY: &str = "public-key";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RpJson {
    id: String,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserJson {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AlgorithmJson {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct CredentialJson {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    transports: Vec<String>,
}

impl CredentialJson {
    fn of(known: &Known<'_>) -> Self {
        Self { kind: PUBLIC_KEY, id: URL_SAFE_NO_PAD.encode(known.id), transports: known.transports.to_vec() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SelectionJson {
    resident_key: &'static str,
    require_resident_key: bool,
    user_verification: UserVerification,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtensionsJson {
    cred_props: bool,
}
