//! Logs people in with a link or a code from a mail. The same pages and routes take the code that a password needs in
//! an unknown browser. A program finishes such a log-in at `token`.

#[cfg(feature = "pages")]
mod page;
mod routes;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[
        Letter::LOG_IN,
        Letter::FIRST_LOG_IN,
        Letter::NO_ACCOUNT,
        Letter::NO_ACCOUNT_HERE,
        Letter::LOG_IN_CODE,
    ],
    ..Feature::NONE
};
