//! The account of the user who is logged in: shows it (`/account`, `GET /me`), downloads its data and deletes it.
//! Changes of the password and of the address are features of their own. The page lists sessions; `sessions` ends them.

#[cfg(feature = "pages")]
mod data_page;
#[cfg(feature = "pages")]
mod delete_page;
mod flow;
#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::ACCOUNT_DELETED],
    ..Feature::NONE
};
