//! Sends the owner of an account a link that allows one attempt to log in, while strangers keep the account blocked. The
//! log-in itself belongs to `login` and `token`, which take the token of the link.

mod flow;
#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[flow::LETTER],
    ..Feature::NONE
};
