//! Tests of the provider of OAuth 2.1 and OpenID Connect. The judge of tokens is `jsonwebtoken`.

mod access;
mod authorize;
mod clients;
mod keys;
mod kinds;
mod logout;
mod metadata;
pub(crate) mod parties;
mod prompt;
mod races;
mod refresh;
mod resource;
mod token;
mod well_known;
