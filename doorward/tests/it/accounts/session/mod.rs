//! Sessions, from their beginning to their end.

mod find;
