//! Puts the pages of all features together.

use axum::Router;

use crate::{
    auth::Auth,
    base::text::template::BuiltIn,
    web::pages::{
        around::{self, Around},
        error, localhost,
        of_feature::PagesOf,
        page::{self, Pages},
    },
};

/// Returns every template of pages.
pub(crate) fn templates(features: impl IntoIterator<Item = PagesOf>) -> impl Iterator<Item = BuiltIn> {
    let of_features = features.into_iter().flat_map(|pages| pages.templates).copied();
    page::TEMPLATES.into_iter().chain([error::TEMPLATE]).chain(of_features)
}

/// Returns the routes of all pages, and the layer that shows pages in place of the API's answers where a browser wants a
/// page. Returns `None` if the settings turn the pages off.
pub(crate) fn mount(auth: &Auth, features: &[PagesOf]) -> Option<(Router, Around)> {
    if !auth.config().pages {
        return None;
    }
    let links = features.iter().flat_map(|pages| pages.links).copied().collect();
    let forms: Vec<_> = features.iter().flat_map(|pages| pages.forms).copied().collect();
    let pages = Pages::of(auth, links);
    let of_features = features.iter().map(|pages| (pages.routes)());
    let routes = localhost::leading(of_features.fold(around::files(), Router::merge), auth.site());
    Some((routes.with_state(pages.clone()), Around::of(&pages, &forms)))
}
