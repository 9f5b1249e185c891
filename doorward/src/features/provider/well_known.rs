//! The metadata where clients look for it if the name of the provider has a path (RFC 8414, section 3.1): at the root of
//! the host, with the path behind it.

use axum::{Router, routing::get};

use crate::{
    auth::Auth,
    features::provider::{metadata, routes::preflight},
    web::pages::page::Pages,
};

impl Auth {
    /// Returns routes for the root of your host, if [`Auth::router`] is nested at a path. With the `public_url`
    /// `https://example.org/auth` they are `/.well-known/oauth-authorization-server/auth` and
    /// `/.well-known/openid-configuration/auth`. Some clients find the provider only there (RFC 8414, section 3.1).
    ///
    /// Merge them into the outermost router, with the state `()`:
    ///
    /// ```
    /// # use axum::Router;
    /// # use doorward::Auth;
    /// fn app(auth: &Auth) -> Router {
    ///     Router::new().nest("/auth", auth.router()).merge(auth.well_known())
    /// }
    /// ```
    ///
    /// There are none if `public_url` has no path, because then [`Auth::router`] has all of them, nor if the provider is
    /// off.
    pub fn well_known(&self) -> Router {
        let path = &self.site().path;
        if path.is_empty() || !self.has_provider() {
            return Router::new();
        }
        let show = || get(metadata::show).options(preflight);
        Router::new()
            .route(&format!("/.well-known/oauth-authorization-server{path}"), show())
            .route(&format!("/.well-known/openid-configuration{path}"), show())
            .with_state(Pages::of(self, Vec::new()))
    }
}
