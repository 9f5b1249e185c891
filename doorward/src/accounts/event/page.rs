//! Reads both tables as one list, newest first.

use std::cmp::Reverse;

use crate::{
    accounts::event::{
        failures,
        query::{Place, Query},
        table,
    },
    auth::Auth,
    base::error::Result,
    model::event::Event,
};

/// Returns the next page of events that pass the filter, newest first, and the place of the last one.
pub(crate) async fn page(auth: &Auth, query: Query, limit: u32) -> Result<(Vec<Event>, Option<Place>)> {
    let mut found = table::page(auth, query, limit).await?;
    // Older versions kept failures in the other table, so that one is read for every kind.
    if query.kind.is_none_or(|kind| kind.is_of_strangers()) {
        found.extend(failures::page(auth, query, limit).await?);
        found.sort_unstable_by_key(|(place, _)| Reverse(*place));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let last = found.last().map(|(place, _)| *place);
    Ok((found.into_iter().map(|(_, event)| event).collect(), last))
}
