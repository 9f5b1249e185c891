//! What happened to accounts: the audit log. [`record()`] takes an event, and [`page()`] reads them in the order of time.
//!
//! An event of a change stands alone in the table `events`. A client that has proved nothing could fill that table. So
//! its failures are gathered in the table `failures`. Both are read as one list.

mod failures;
mod page;
mod query;
mod record;
mod table;

pub(crate) use failures::delete_expired as delete_expired_failures;
pub(crate) use page::page;
pub(crate) use query::{Place, Query};
pub(crate) use record::{log_in_failed, record, record_alone, record_with, throttled};
pub(crate) use table::delete_expired;
