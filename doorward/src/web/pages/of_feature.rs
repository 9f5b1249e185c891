//! [`PagesOf`]: the pages of one feature, as one value.

use axum::Router;

use crate::{
    base::text::template::BuiltIn,
    web::pages::{
        around::SharedForm,
        page::{Link, Pages},
    },
};

/// The pages of a feature.
#[derive(Clone, Copy)]
pub(crate) struct PagesOf {
    pub(crate) routes: fn() -> Router<Pages>,
    /// Its forms on paths that the API shares.
    pub(crate) forms: &'static [SharedForm],
    /// An operator can replace each template by its name.
    pub(crate) templates: &'static [BuiltIn],
    /// Links to its pages, for the log-in page.
    pub(crate) links: &'static [Link],
}

impl PagesOf {
    /// No pages. A feature writes `..PagesOf::NONE` and names only the parts that it has.
    pub(crate) const NONE: Self = Self { routes: Router::new, forms: &[], templates: &[], links: &[] };
}
