//! Asks a user who is logged in for another proof, and takes it: by the API, or on the page `/confirm`. Which changes
//! need one is decided by the extractors [`Sudo`](crate::Sudo) and [`TwoFactor`](crate::TwoFactor), and by the routes
//! of other features.

#[cfg(feature = "pages")]
mod page;
#[cfg(feature = "totp")]
mod passkey;
mod routes;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    ..Feature::NONE
};
