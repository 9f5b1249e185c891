//! SQLite: the file, and the one writer.

mod file;
mod writer;
