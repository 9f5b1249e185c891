//! Lists the sessions of the user who is logged in, and ends them. The page with the list belongs to `account`, the
//! log-out to `login`.

mod flow;
pub(crate) mod operator;
#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    ..Feature::NONE
};
