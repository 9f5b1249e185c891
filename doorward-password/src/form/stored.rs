//! A stored hash, once it is read.

use crate::recipe::Recipe;

/// A stored hash, read.
pub(crate) struct Stored {
    /// What decides how hard guessing is.
    pub(crate) recipe: Recipe,
    /// What the recipe must give.
    pub(crate) digest: Vec<u8>,
    /// In a wrapped hash, the legacy computation whose digest takes the password's place.
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
}
