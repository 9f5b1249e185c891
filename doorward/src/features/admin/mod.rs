//! The work of operators on accounts, as functions of `Auth`. Importing many users belongs to `import`.

pub(crate) mod details;
pub(crate) mod users;
