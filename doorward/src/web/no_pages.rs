//! Stands in the place of `pages` in a build without that feature. No feature has pages, and nothing is around the routes.

use std::{convert::Infallible, iter};

use axum::{Router, extract::Request, response::Response};

use crate::{auth::Auth, base::text::template::BuiltIn};

#[derive(Clone, Copy)]
pub(crate) struct PagesOf;

pub(crate) struct Around(Infallible);

pub(crate) struct ErrorPage(Infallible);

pub(crate) fn templates(_: impl IntoIterator<Item = PagesOf>) -> impl Iterator<Item = BuiltIn> {
    iter::empty()
}

pub(crate) fn mount(_: &Auth, _: &[PagesOf]) -> Option<(Router, Around)> {
    None
}

impl PagesOf {
    pub(crate) const NONE: Self = Self;
}

impl Around {
    pub(crate) fn forms_for(&self, _: &Request) -> Option<Router> {
        match self.0 {}
    }

    pub(crate) fn error_page(&self, _: &Request) -> Option<ErrorPage> {
        match self.0 {}
    }
}

impl ErrorPage {
    pub(crate) fn in_place_of(&self, _: Response) -> Response {
        match self.0 {}
    }
}
