//! What a user proves themselves with beside the first proof: an authenticator app, recovery codes. Owns the tables `totp`
//! and `recovery_codes`.
//!
//! Whether a log-in needs it is decided by `session::log_in` alone. A build without the cargo feature `totp` still asks
//! for the second step, and cannot take it.

mod factors;
#[cfg(feature = "totp")]
mod prove;
#[cfg(feature = "totp")]
pub(crate) mod recovery_codes;
#[cfg(feature = "totp")]
pub(crate) mod reseal;
#[cfg(feature = "totp")]
mod shown;
#[cfg(feature = "totp")]
pub(crate) mod totp;

#[cfg(feature = "totp")]
pub(crate) use factors::{Factors, remove_all};
pub(crate) use factors::{look_at, of_user};
#[cfg(feature = "totp")]
pub(crate) use prove::{Checked, check};
#[cfg(feature = "totp")]
pub(crate) use shown::Shown;
