//! One's own account: seeing it, taking its data, deleting it.

mod page;
mod routes;
