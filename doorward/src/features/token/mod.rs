//! Bearer tokens: getting one, ending it, and asking about it.

pub(crate) mod introspect;
pub(crate) mod routes;
