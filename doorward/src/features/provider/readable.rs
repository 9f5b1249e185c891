//! The headers that let pages of any site read an answer.

use axum::http::{HeaderName, header};

/// Lets a page of any site read an answer. These routes read no cookie, so a page can only do what its own program could
/// do too.
pub(super) const READABLE: [(HeaderName, &str); 2] =
    [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::ACCESS_CONTROL_EXPOSE_HEADERS, "www-authenticate")];
