//! A password context: hash with the best scheme, verify every scheme that a system ever used, and know when a
//! hash is due for an upgrade.
//!
//! ```
//! use doorward_password::PasswordContext;
//!
//! let passwords = PasswordContext::builder().build()?;
//! let stored = passwords.hash("correct horse battery staple")?; // $argon2id$v=19$m=19456,t=2,p=1$…
//! assert!(passwords.verify("correct horse battery staple", &stored)?.matches);
//!
//! // A hash from an older system verifies as it is, and says that it should be replaced.
//! let old = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
//! let verdict = passwords.verify("U*U", old)?;
//! assert!(verdict.matches && verdict.upgrade.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! - [`PasswordContext::builder`] sets the cost of new hashes, the accepted schemes, and the keys that some hashes
//!   need: a pepper, Devise's, those of a Firebase project. A [`BuildError`] names a setting that is not possible.
//! - [`PasswordContext`] hashes and verifies; a [`Worker`] does the same faster on a thread of its own. A [`Verdict`]
//!   says whether the password is correct and whether to hash it again. An [`Error`] means that the hash could not be
//!   verified.
//! - For an import, [`PasswordContext::identify`] reads a stored hash and computes nothing, and
//!   [`PasswordContext::wrap`] protects weak hashes. [`Bounds`] limit the cost of a stored hash.
//! - [`Scheme`] has the names of the computations. Django, Keycloak, `WordPress` and some twenty others store them in
//!   texts of their own, which are recognised without a hint. The README lists each form and the source of its tests.
//!
//! # What a caller can get wrong
//!
//! - **The caller normalises passwords.** They are taken as their UTF-8 bytes: bring them to one Unicode form (NFC)
//!   before every call. [`PasswordContext::verify_any`] tries the spellings that another system may have hashed.
//! - **Some hashes accept several texts.** Never replace one by a hash of the text that was typed, unless the [`Verdict`]
//!   has a reason in `upgrade`. For a reason in `wrap`, store the result of [`PasswordContext::rewrap`].
//! - **Hashing is slow on purpose.** Run it on a limited number of threads of its own, each with a [`Worker`], never on
//!   those of an async runtime.
//! - **An unknown user must cost the same.** Call [`PasswordContext::verify_dummy`] when there is no hash to verify.
//! - **An upgrade may race with a password change.** Replace a stored hash only if it is still the one verified.
//! - **Secrets**: the context wipes its keys and everything it derives from a password. The caller wipes the password.

mod bounds;
mod builder;
mod context;
mod error;
mod form;
mod pepper;
mod recipe;
mod scheme;
mod settings;
mod text;
mod treatment;
mod verdict;
mod worker;

pub use bounds::{Bounds, MAX_PASSWORD_BYTES};
pub use builder::{BuildError, Builder};
pub use context::PasswordContext;
pub use error::Error;
pub use scheme::Scheme;
pub use treatment::most_tries;
pub use verdict::{Cost, Identified, Reason, Verdict};
pub use worker::Worker;

/// The README's example, compiled and run with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
