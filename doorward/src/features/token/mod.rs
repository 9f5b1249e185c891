//! Bearer tokens: getting one for a password, ending it, and asking about it.

mod introspect;
mod routes;

use crate::web::feature::Feature;

pub(super) const FEATURE: Feature =
    Feature { routes: || routes::routes().merge(introspect::routes()), ..Feature::NONE };
