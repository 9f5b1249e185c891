//! A query for events, and the place of an event in the list.

use crate::{
    base::time::Timestamp,
    model::{event_kind::EventKind, user::UserId},
};

/// The filter of a query for events, and the place where the next page begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query {
    pub(crate) user: Option<UserId>,
    pub(crate) kind: Option<EventKind>,
    pub(crate) since: Timestamp,
    /// The place of the last event of the page before.
    pub(crate) before: Place,
}

/// The place of an event in the list of all. A later event has a greater place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    at: Timestamp,
    /// The number of the event. For gathered failures, that of the newest event when the first of them happened.
    number: i64,
    /// The number of gathered failures. [`Place::ALONE`] for an event that stands alone.
    failures: i64,
}

impl Place {
    /// Less than the number of any failures.
    const ALONE: i64 = i64::MIN;
    /// The place after all events.
    pub(crate) const END: Self = Self { at: Timestamp(i64::MAX), number: i64::MAX, failures: Self::ALONE };

    pub(super) fn of_event(at: Timestamp, number: i64) -> Self {
        Self { at, number, failures: Self::ALONE }
    }

    pub(super) fn of_failures(at: Timestamp, after_event: i64, number: i64) -> Self {
        Self { at, number: after_event, failures: number }
    }

    /// Returns the time and the number before which the events of the next page are.
    pub(super) fn before_events(self) -> (Timestamp, i64) {
        // The event with this number happened before the failures that name it.
        (self.at, self.number.saturating_add(i64::from(self.failures != Self::ALONE)))
    }

    /// Returns the time and the two numbers before which the failures of the next page are.
    pub(super) fn before_failures(self) -> (Timestamp, i64, i64) {
        (self.at, self.number, self.failures)
    }
}
