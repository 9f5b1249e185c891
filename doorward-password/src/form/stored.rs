//! A stored hash after reading.

use crate::recipe::Recipe;

/// A stored hash, read.
pub(crate) struct Stored {
    /// The computation that decides how hard guessing is.
    pub(crate) recipe: Recipe,
    /// The digest that the computation must give.
    pub(crate) digest: Vec<u8>,
    /// In a wrapped hash, the legacy computation. Its digest takes the password's place.
    pub(crate) wrapped: Option<Wrapped>,
}

/// The inner computation of a wrapped hash, and the length of its digest.
pub(crate) struct Wrapped {
    pub(crate) recipe: Recipe,
    pub(crate) length: usize,
}

impl Stored {
    pub(crate) fn new(recipe: Recipe, digest: Vec<u8>) -> Stored {
        Stored { recipe, digest, wrapped: None }
    }

    /// Returns the computation that takes the password.
    pub(crate) fn checked(&self) -> &Recipe {
        self.wrapped.as_ref().map_or(&self.recipe, |legacy| &legacy.recipe)
    }
}
