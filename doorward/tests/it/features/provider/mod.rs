//! Tests of the provider of OAuth 2.1 and OpenID Connect. The judge of tokens is `jsonwebtoken`.

mod access;
mod authorize;
mod cached_keys;
mod clients;
mod keys;
mod letters;
mod logout;
mod metadata;
mod nodes;
mod parties;
mod prompt;
mod rotation;
mod token;
