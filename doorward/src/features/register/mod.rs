//! Creates an account for a person who registers. Operators add accounts in `admin` and `import`. The mail that
//! verifies the address belongs to `verify_email`.

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
    letters: &[Letter::ALREADY_REGISTERED, Letter::FINISH_REGISTRATION],
    ..Feature::NONE
};
