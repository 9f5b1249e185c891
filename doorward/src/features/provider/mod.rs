//! The provider of OAuth 2.1 and OpenID Connect: people log in to apps on other hosts here, and come back to them.
//!
//! An app sends the browser to `/oauth/authorize`. The person logs in, allows the app what it asks for, and comes back to
//! the app with a code. The app exchanges the code for tokens at `/oauth/token`. PKCE is required (RFC 7636). There is no
//! other flow. The provider is on if the settings have a `secret_key` and the pages are on.

mod answer;
mod apps;
mod authorize;
mod claims;
mod client_auth;
pub(crate) mod clients;
mod confirm;
mod consent;
mod decided;
mod hint;
mod introspect;
mod logout;
mod metadata;
mod parameters;
mod posted;
mod readable;
mod refusal;
mod request;
mod revoke;
mod routes;
mod scopes;
mod token;
mod userinfo;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
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
        confirm::TEMPLATE,
        consent::TEMPLATE,
        logout::TEMPLATE,
    ],
    texts: texts!("."),
    ..Feature::NONE
};
