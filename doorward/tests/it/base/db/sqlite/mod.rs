//! Tests of SQLite: its file and its one writer.

mod file;
mod writer;
