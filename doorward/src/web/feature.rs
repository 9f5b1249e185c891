//! What a feature brings along.

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    auth::Auth,
    base::text::{template::BuiltIn, texts::Files},
    model::letter::Letter,
    web::pages::{
        around::SharedForm,
        page::{Link, Pages},
    },
};

/// A feature, as a table of contents. The top of the house reads it; nothing here runs inside another feature.
pub(crate) struct Feature {
    /// The routes of the API, which the OpenAPI document shows.
    pub(crate) routes: fn() -> OpenApiRouter<Auth>,
    /// Routes that the OpenAPI document does not show. They depend on the settings.
    pub(crate) unlisted: fn(&Auth) -> Router,
    /// The pages.
    pub(crate) pages: fn() -> Router<Pages>,
    /// Forms on paths where JSON is for the API.
    pub(crate) forms: &'static [SharedForm],
    /// The templates of its pages. An operator replaces them by their names.
    pub(crate) templates: &'static [BuiltIn],
    /// The texts of its pages and letters, in each language.
    pub(crate) texts: Files,
    /// The letters that it sends.
    pub(crate) letters: &'static [Letter],
    /// What the page of the log-in links to.
    pub(crate) links: &'static [Link],
}

impl Feature {
    /// Brings nothing. A feature writes `..Feature::NONE` and names only what it has.
    pub(crate) const NONE: Self = Self {
        routes: OpenApiRouter::new,
        unlisted: |_| Router::new(),
        pages: Router::new,
        forms: &[],
        templates: &[],
        texts: [""; 5],
        letters: &[],
        links: &[],
    };
}
