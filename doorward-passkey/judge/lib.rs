//! Nothing: this package has a test only.
