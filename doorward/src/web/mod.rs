//! What features share towards HTTP: extractors, cookies, protection from other sites' pages, headers, and the frame of
//! pages. No SQL stands here.

pub(crate) mod answers;
pub(crate) mod client;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod current_user;
pub(crate) mod feature;
pub(crate) mod layers;
pub(crate) mod mailed;
pub(crate) mod oauth;
pub(crate) mod pages;
