//! [`Feature`]: the parts of a feature, as one value.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    auth::Auth,
    base::text::{template::BuiltIn, texts::Files},
    model::letter::Letter,
    web::pages::PagesOf,
};

/// The parts of a feature. Only `open.rs` and `router.rs` read them, never another feature.
pub(crate) struct Feature {
    /// The routes of the API, which the OpenAPI document shows.
    pub(crate) routes: fn() -> OpenApiRouter<Auth>,
    /// Routes that the OpenAPI document does not show. They depend on the settings.
    pub(crate) unlisted: fn(&Auth) -> Router,
    /// The paths among these that pages of any site may post to, and whose answers they may read. Such a `POST` never
    /// brings a cookie along.
    pub(crate) open: &'static [&'static str],
    /// The pages for people. The cargo feature `pages` brings them.
    pub(crate) pages: PagesOf,
    /// Templates that every build has. Those of the pages are in `pages`.
    pub(crate) templates: &'static [BuiltIn],
    /// The texts of its pages and letters, in each language.
    pub(crate) texts: Files,
    /// The letters that it sends.
    pub(crate) letters: &'static [Letter],
}

impl Feature {
    /// A feature without parts. A feature writes `..Feature::NONE` and names only the parts that it has.
    pub(crate) const NONE: Self = Self {
        routes: OpenApiRouter::new,
        unlisted: |_| Router::new(),
        open: &[],
        pages: PagesOf::NONE,
        templates: &[],
        texts: [""; 5],
        letters: &[],
    };
}
