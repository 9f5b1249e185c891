//! A relying party for passkeys (W3C WebAuthn Level 3): it asks browsers for passkeys and verifies their answers.
//!
//! It knows no web and no database. All of it is plain functions over bytes, and all cryptography is that of aws-lc-rs.
//!
//! ```
//! use doorward_passkey::{RegistrationResponse, RelyingParty, User};
//!
//! let site = RelyingParty::new("example.org", "Example", ["https://example.org"]);
//!
//! // To the browser, for `PublicKeyCredential.parseCreationOptionsFromJSON`:
//! let challenge = [7; 32]; // 32 random bytes, stored
//! let ann = User { handle: &42_u64.to_be_bytes(), name: "ann@example.org", display_name: "Ann" };
//! let options = serde_json::to_string(&site.creation_options(&challenge, ann, &[]))?;
//!
//! // From the browser: what `toJSON()` of the new credential says.
//! # let body = br#"{"id": "AQ", "type": "public-key", "response": {"clientDataJSON": "", "attestationObject": ""}}"#;
//! let response = RegistrationResponse::from_json(body)?;
//! match site.register(&challenge, &response) {
//!     Ok(passkey) => println!("store {:?} and its public key", passkey.id),
//!     Err(error) => println!("{error}"), // such as "the origin is not accepted"
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! - [`RelyingParty`] is the site. [`RelyingParty::creation_options`] and [`RelyingParty::request_options`] ask the
//!   browser; [`RelyingParty::register`] and [`RelyingParty::authenticate`] verify its answers.
//! - [`RegistrationResponse`] and [`AuthenticationResponse`] read the JSON of a browser.
//! - [`Credential`] is a new passkey, [`Stored`] is what the database knows of it later, and [`Authentication`] is a
//!   proof with it. [`PublicKey`] holds the key and its [`Algorithm`] together.
//! - [`Error`] has one reason for each check. [`provider`] knows the names of password managers.
//!
//! # What a caller can get wrong
//!
//! - **A challenge is used once.** Delete it before you verify, whatever the result will be. Bind the challenge of a
//!   registration to the user and the session that asked for it. Let it expire.
//! - **The id of a credential is unique among all users.** Refuse a registration with a known one, and never move a
//!   passkey to another user.
//! - **The stored passkey names the user**, and not the client. Find it by [`AuthenticationResponse::id`].
//! - **Store the flags and the count** after each proof: the next one is compared with them.
//! - **The domain can never change.** Passkeys for `example.org` do not work at `example.com`.
//! - **Limit the length of a body.** 64 KiB is plenty. The memory for an answer is a small multiple of its length.

mod algorithm;
mod authentication;
mod authenticator_data;
mod client_data;
mod error;
mod options;
mod provider;
mod public_key;
mod registration;
mod relying_party;
mod response;

pub use algorithm::Algorithm;
pub use authentication::{Authentication, Stored};
pub use error::Error;
pub use options::{CreationOptions, Known, RequestOptions, User};
pub use provider::provider;
pub use public_key::PublicKey;
pub use registration::Credential;
pub use relying_party::{RelyingParty, UserVerification};
pub use response::{AuthenticationResponse, RegistrationResponse};

/// The README's example, compiled and run with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
