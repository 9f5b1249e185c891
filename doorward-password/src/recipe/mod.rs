//! The computations on a password, whatever form a system stores them in.

pub(crate) mod argon2;
pub(crate) mod bcrypt;
pub(crate) mod crypt;
pub(crate) mod digest;
pub(crate) mod hash;
mod kind;
pub(crate) mod pbkdf2;
pub(crate) mod scrypt;

pub(crate) use hash::Digest;
pub(crate) use kind::Recipe;
