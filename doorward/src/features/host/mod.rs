//! What the code of a host does without a request to our routes: it logs users in whom it has proved itself. Functions of
//! operators are in `admin`; those about sessions and mails are with their features.

pub(crate) mod log_in;
