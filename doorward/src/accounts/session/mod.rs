//! Sessions: beginning, finding and ending them. Owns the table `sessions`.

mod find;
mod log_in;

pub(crate) use find::find;
pub(crate) use log_in::*;
