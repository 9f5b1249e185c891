//! Plain data: a user, a session, an event, a letter. No file here waits for anything or asks the database.

pub(crate) mod client;
pub(crate) mod event;
pub(crate) mod event_kind;
pub(crate) mod letter;
pub(crate) mod post;
pub(crate) mod purpose;
pub(crate) mod session;
pub(crate) mod user;
