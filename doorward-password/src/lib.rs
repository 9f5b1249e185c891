//! A password context.
