//! Stands in the place of `postgres` in a build without that feature. A value of these types cannot exist.

use std::{convert::Infallible, fmt, sync::Arc};

use crate::base::{
    db::{
        changes::{Changes, Mark},
        column::postgres::Row,
        error::Result,
        migrate::Migrated,
        trouble::Trouble,
        value::Value,
    },
    open_error::OpenError,
};

pub(crate) struct Postgres {
    pub(super) trouble: Arc<Trouble>,
    never: Infallible,
}

pub(crate) struct Tx(Infallible);

pub(crate) struct Committed(Infallible);

pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) changed: u64,
}

pub(super) struct Settings(Infallible);

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Read,
    Write,
    WriteUnflushed,
}

#[cfg(feature = "test-util")]
pub(super) fn numbered(sql: &str) -> String {
    sql.to_owned()
}

#[cfg(feature = "test-util")]
pub(super) async fn delete_schema(settings: &Settings, _: &str) -> Result<(), OpenError> {
    match settings.0 {}
}

impl Settings {
    pub(super) fn parse(_: &str) -> Result<Self, OpenError> {
        Err(OpenError::new(
            "bad database URL: this program was built without the feature `postgres` of the library",
        ))
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl Postgres {
    pub(super) async fn open(
        settings: Settings,
        _: Option<&str>,
        _: i64,
    ) -> Result<(Self, Migrated), OpenError> {
        match settings.0 {}
    }

    pub(super) async fn run(&self, _: Kind, _: &'static str, _: &[Value]) -> Result<Answer> {
        match self.never {}
    }

    pub(super) async fn execute_each(&self, _: &'static str, _: &[Vec<Value>]) -> Result<()> {
        match self.never {}
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        match self.never {}
    }

    pub(super) async fn is_read_only(&self) -> Result<bool> {
        match self.never {}
    }

    pub(super) async fn time(&self) -> Result<Option<i64>> {
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

    pub(super) async fn close(&self) {
        match self.never {}
    }
}

impl Tx {
    pub(super) async fn run(&self, _: &'static str, _: &[Value]) -> Result<Answer> {
        match self.0 {}
    }

    pub(super) fn note_change(&mut self, _: i64) {
        match self.0 {}
    }

    pub(super) fn await_others(&mut self) {
        match self.0 {}
    }

    pub(super) fn afterwards(&mut self, _: &'static str, _: Vec<Value>) {
        match self.0 {}
    }

    pub(super) async fn commit(self) -> Result<Committed> {
        match self.0 {}
    }
}

impl Committed {
    pub(super) async fn settle(self) -> Result<()> {
        match self.0 {}
    }
}
