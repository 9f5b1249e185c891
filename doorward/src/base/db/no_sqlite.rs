//! Stands in the place of `sqlite` in a build without that feature. A value of these types cannot exist.

use std::{convert::Infallible, sync::Arc};

use crate::base::{
    db::{
        changes::{Changes, Mark},
        error::Result,
        migrate::Migrated,
        trouble::Trouble,
        value::{FromRow, Value},
    },
    open_error::OpenError,
};

pub(crate) struct Sqlite {
    pub(super) trouble: Arc<Trouble>,
    never: Infallible,
}

pub(crate) struct Tx(Infallible);

pub(crate) struct Connection(Infallible);

pub(super) fn open(_: &str, _: Option<&str>, _: i64) -> Result<(Sqlite, Migrated), OpenError> {
    Err(OpenError::new(
        "bad database URL: this program was built without the feature `sqlite` of the library",
    ))
}

pub(super) fn optional<T: FromRow>(on: &Connection, _: &str, _: &[Value]) -> Result<Option<T>> {
    match on.0 {}
}

pub(super) fn all<T: FromRow>(on: &Connection, _: &str, _: &[Value]) -> Result<Vec<T>> {
    match on.0 {}
}

pub(super) fn execute(on: &Connection, _: &str, _: &[Value]) -> Result<u64> {
    match on.0 {}
}

impl Sqlite {
    pub(super) fn read<T>(&self, _: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match self.never {}
    }

    pub(super) async fn write<T>(&self, _: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match self.never {}
    }

    pub(super) async fn write_unflushed<T>(&self, _: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match self.never {}
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        match self.never {}
    }

    pub(super) fn has_committed(&self) -> bool {
        match self.never {}
    }

    pub(super) fn is_all_known(&self) -> bool {
        match self.never {}
    }

    pub(super) fn changes(&self) -> &Changes {
        match self.never {}
    }

    pub(super) fn mark(&self) -> Mark {
        match self.never {}
    }

    pub(super) fn is_unchanged(&self, _: i64, _: Mark) -> bool {
        match self.never {}
    }

    #[cfg(feature = "test-util")]
    pub(super) fn written(&self, _: &str) -> String {
        match self.never {}
    }

    pub(super) async fn flush(&self) {
        match self.never {}
    }
}

impl Tx {
    pub(super) async fn run<T>(&self, _: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match self.0 {}
    }

    pub(super) fn note_change(&mut self, _: i64) {
        match self.0 {}
    }

    pub(super) fn commit(self) -> std::future::Ready<Result<()>> {
        match self.0 {}
    }
}
