//! The work of operators, as functions of `Auth`.

pub(crate) mod users;
