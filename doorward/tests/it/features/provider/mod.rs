//! Tests of the provider of OAuth 2.1 and OpenID Connect. The judge of tokens is `jsonwebtoken`.

mod access;
mod authorize;
mod cached_keys;
mod clients;
mod grants;
mod keys;
mod kinds;
mod letters;
mod logout;
mod metadata;
mod nodes;
pub(crate) mod parties;
mod prompt;
mod races;
mod refresh;
mod resource;
mod rotation;
mod token;
mod well_known;
