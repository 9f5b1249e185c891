//! Tools that know neither a table nor [`Auth`](crate::auth::Auth): settings, hashing, mail servers, text, HTTP bodies.
//! Nothing here imports from another floor.

mod app_origin;
pub(crate) mod config;
pub(crate) mod db;
pub(crate) mod email;
pub(crate) mod error;
pub(crate) mod host_code;
pub(crate) mod http;
#[cfg(feature = "provider")]
pub(crate) mod jose;
pub(crate) mod mail;
pub(crate) mod network;
pub(crate) mod open_error;
pub(crate) mod parse_error;
pub(crate) mod passwords;
pub(crate) mod profile;
#[cfg(feature = "totp")]
pub(crate) mod qr;
pub(crate) mod redirect_uri;
#[cfg(feature = "provider")]
pub(crate) mod seal;
pub(crate) mod secret;
pub(crate) mod site;
pub(crate) mod step_up;
#[cfg(feature = "provider")]
pub(crate) mod successor;
pub(crate) mod text;
pub(crate) mod time;
#[cfg(feature = "totp")]
pub(crate) mod totp;
