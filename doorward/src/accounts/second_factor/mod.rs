//! What a user proves themselves with beside the first proof: an authenticator app, recovery codes. Owns the tables `totp`
//! and `recovery_codes`.
//!
//! Whether a log-in needs it is decided by `session::log_in` alone.

mod factors;

pub(crate) use factors::{Factors, of_user};
