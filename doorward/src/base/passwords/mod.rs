//! Passwords: their form, hashing them on threads, and the policy for new ones. No table is known here.

pub(crate) mod context;
pub(crate) mod hashing;
pub(crate) mod pace;
pub(crate) mod password;
pub(crate) mod policy;
pub(crate) mod queue;
