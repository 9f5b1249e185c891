//! The answers of a context.

use std::fmt;

use crate::scheme::Scheme;

/// The answer to "is this the password of this hash?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a verdict that nobody reads lets everyone in"]
pub struct Verdict {
    /// `true` if the password is correct.
    pub matches: bool,
    /// The reason to replace the stored hash by a new one of the same password, from [`Worker::hash`](crate::Worker).
    ///
    /// `None` if there is no reason, if the password is wrong, and if the stored hash accepts other texts too: the text may
    /// then be another one than its owner chose, and the owner's would be refused afterwards. bcrypt, for example, checks 72
    /// bytes, and `WordPress` trims.
    /// Replace the hash only if it is still the one that was verified. Otherwise a password change in the meantime is
    /// lost.
    pub upgrade: Option<Reason>,
    /// The reason to replace the stored hash by the result of [`Worker::rewrap`](crate::Worker::rewrap), which accepts the
    /// same texts as before. For hashes that accept several texts. `None` if there is no reason, or if `upgrade` has one.
    pub wrap: Option<Reason>,
    /// How many computations this took: more than one if the first text did not match and there are others.
    pub tries: usize,
    /// How many more it would have taken to refuse the password.
    pub spared: usize,
}

/// Why a stored hash is due for an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It was made with another scheme than the preferred one.
    Scheme,
    /// It was made with a lower cost, a shorter salt or an older version than the preferred one.
    Cost,
    /// It was made without the current pepper, or with a retired one.
    Pepper,
    /// It is a legacy hash that was wrapped in argon2id.
    Wrapped,
    /// It was made from another spelling of the password than the first one.
    Spelling,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Scheme => "another scheme is preferred",
            Reason::Cost => "a higher cost is preferred",
            Reason::Pepper => "the current pepper is missing",
            Reason::Wrapped => "a wrapped legacy hash",
            Reason::Spelling => "another spelling is preferred",
        })
    }
}

/// The facts that a stored hash says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identified {
    /// The scheme that decides how hard guessing is: for a wrapped hash, the outer one.
    pub scheme: Scheme,
    /// The cost of that scheme.
    pub cost: Cost,
    /// The legacy scheme inside a wrapped hash.
    pub wrapped: Option<Scheme>,
    /// `true` if its password is quick to guess. [`PasswordContext::wrap`](crate::PasswordContext::wrap) is for such
    /// hashes.
    pub weak: bool,
    /// The key id of the pepper.
    pub pepper: Option<String>,
}

impl fmt::Display for Identified {
    /// Writes scheme and cost in one line, such as `argon2id m=19456,t=2,p=1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.scheme)?;
        match self.cost {
            Cost::Argon2 { memory_kib, iterations, parallelism } => {
                write!(f, " m={memory_kib},t={iterations},p={parallelism}")?;
            }
            Cost::Scrypt { n, r, p } => write!(f, " n={n},r={r},p={p}")?,
            Cost::LogRounds(cost) => write!(f, " cost={cost}")?,
            Cost::Rounds(rounds) => write!(f, " rounds={rounds}")?,
            Cost::Single => {}
        }
        match self.wrapped {
            Some(inner) => write!(f, " over {inner}"),
            None => Ok(()),
        }
    }
}

/// The cost parameters of a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cost {
    /// argon2's `m`, `t` and `p`.
    #[non_exhaustive]
    Argon2 {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over the memory, `t`.
        iterations: u32,
        /// Lanes.
        parallelism: u32,
    },
    /// scrypt's and yescrypt's `N`, `r` and `p`.
    #[non_exhaustive]
    Scrypt {
        /// The work factor, a power of two.
        n: u64,
        /// The block size.
        r: u32,
        /// The parallelism.
        p: u32,
    },
    /// bcrypt's cost, the binary logarithm of its rounds.
    LogRounds(u32),
    /// Rounds or iterations.
    Rounds(u32),
    /// One computation of a fast digest: no cost at all.
    Single,
}
