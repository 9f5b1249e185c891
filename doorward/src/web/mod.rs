//! What features share towards HTTP: extractors, cookies, protection from other sites' pages, headers, and the frame of
//! pages. No SQL stands here.

pub(crate) mod cookies;
