//! Stored addresses with their keys, page by page, to bring the keys up to date. As a key, older versions only wrote the
//! address in lower case.

use crate::base::{
    db::{self, Column, FromRow, Row},
    email::Email,
};

/// The most rows of a page.
pub(crate) const PAGE: i64 = 500;

/// A row with an address: its primary key, the address, the key of the address, and the time that orders the rows.
pub(crate) struct Keyed<Id> {
    pub(crate) id: Id,
    pub(crate) email: String,
    pub(crate) key: String,
    pub(crate) at: i64,
}

impl<Id: Column + Send + 'static> FromRow for Keyed<Id> {
    fn from_row(row: Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.get(0)?, email: row.get(1)?, key: row.get(2)?, at: row.get(3)? })
    }
}

/// Returns the rows whose key is outdated, each with the right one.
pub(crate) fn outdated<Id>(page: Vec<Keyed<Id>>) -> Vec<(Keyed<Id>, String)> {
    let folded = |row: &Keyed<Id>| Email::of_account(&row.email).ok().map(|email| email.key);
    let with_key = page.into_iter().filter_map(|row| folded(&row).map(|key| (row, key)));
    with_key.filter(|(row, folded)| row.key != *folded).collect()
}
