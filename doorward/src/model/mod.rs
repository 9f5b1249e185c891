//! Plain data that all floors above share: a user, a session, an event, a letter. A file here may say how to read its
//! type from a row. It runs no query and waits for nothing.

#[cfg(feature = "provider")]
pub(crate) mod access;
pub(crate) mod client;
pub(crate) mod details;
pub(crate) mod event;
pub(crate) mod event_kind;
pub(crate) mod id;
pub(crate) mod letter;
#[cfg(feature = "provider")]
pub(crate) mod oauth_client;
pub(crate) mod post;
pub(crate) mod purpose;
pub(crate) mod session;
#[cfg(feature = "provider")]
pub(crate) mod signing_keys;
pub(crate) mod user;
