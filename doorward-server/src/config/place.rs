//! The place where a setting was found.

use std::{fmt, path::PathBuf};

/// A place. Places come in the order of their sources: a later source wins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    File(PathBuf, usize),
    Variable(String),
    Flag(&'static str),
    /// In a file of its own. This is the place that names the file.
    NamedAt(Box<Self>),
}

impl Place {
    /// Returns the place that an operator looks at first.
    pub(super) fn outer(&self) -> &Self {
        match self {
            Self::NamedAt(place) => place,
            place => place,
        }
    }

    /// Returns `true` if both places are of one source. A later source wins over an earlier one.
    pub(super) fn is_of_same_source(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
            Self::NamedAt(place) => place.fmt(f),
        }
    }
}
