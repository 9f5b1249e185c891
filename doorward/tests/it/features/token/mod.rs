//! Tests of tokens for programs: giving, revoking and checking them.

mod introspect;
mod routes;
