//! Gives a bearer token for a password, ends it, and looks it up for other services. Log-ins that set a cookie belong
//! to `login`.

mod introspect;
mod routes;

use crate::web::feature::Feature;

pub(super) const FEATURE: Feature =
    Feature { routes: || routes::routes().merge(introspect::routes()), ..Feature::NONE };
