//! HTTP code that features share: extractors, cookies, protection from pages of other sites, headers, and the frame of
//! the pages. It contains no SQL.

pub(crate) mod answers;
pub(crate) mod auth_state;
pub(crate) mod client;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod current_session;
pub(crate) mod current_user;
pub(crate) mod feature;
#[cfg(feature = "provider")]
pub(crate) mod granted;
pub(crate) mod has_role;
pub(crate) mod layers;
pub(crate) mod mailed;
pub(crate) mod next;
pub(crate) mod oauth;
pub(crate) mod own_proof;
#[cfg_attr(not(feature = "pages"), path = "no_pages.rs")]
pub(crate) mod pages;
pub(crate) mod profile_schema;
pub(crate) mod require;
#[cfg(feature = "serve")]
pub(crate) mod serve;
pub(crate) mod sudo;
