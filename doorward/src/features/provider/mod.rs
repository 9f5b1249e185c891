//! The provider of OAuth 2.1 and OpenID Connect: people log in to apps on other hosts here, and come back to them.
//!
//! An app sends the browser to `/oauth/authorize`. The person logs in, allows the app what it asks for, and comes back to
//! the app with a code. The app exchanges the code for tokens at `/oauth/token`, and later a refresh token for new ones. PKCE
//! is required (RFC 7636). There is no other flow. The provider is on if the settings have a `secret_key` and the pages are on.

mod answer;
mod apps;
mod asked_at;
mod authorize;
mod choose;
mod claims;
mod client_auth;
pub(crate) mod clients;
mod confirm;
mod consent;
mod decided;
mod end_grant;
mod give_code;
mod grants;
mod hint;
mod introspect;
mod keys;
mod logout;
mod metadata;
pub(crate) mod openapi;
mod parameters;
mod posted;
mod readable;
mod refresh;
mod refusal;
mod request;
pub(crate) mod resource;
mod revoke;
mod routes;
mod token;
mod token_form;
mod tokens;
mod userinfo;
mod well_known;

use crate::{
    accounts::oauth::refresh::{TOKEN_REPEATED, TOKEN_REUSED},
    base::text::texts::texts,
    web::feature::Feature,
};

pub(super) const FEATURE: Feature = Feature {
    routes: grants::routes,
    unlisted: routes::routes,
    open: &[
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/oauth/authorize",
        "/oauth/introspect",
        "/oauth/jwks.json",
        "/oauth/logout",
        "/oauth/revoke",
        "/oauth/token",
        "/oauth/userinfo",
    ],
    templates: &[
        answer::ONWARD,
        answer::REFUSED,
        answer::SENDING,
        apps::TEMPLATE,
        choose::TEMPLATE,
        confirm::TEMPLATE,
        consent::TEMPLATE,
        logout::TEMPLATE,
    ],
    texts: texts!("."),
    letters: &[give_code::APP_ALLOWED, TOKEN_REPEATED, TOKEN_REUSED],
    ..Feature::NONE
};
