//! Tests of the connection to the mail server.

mod transport;
