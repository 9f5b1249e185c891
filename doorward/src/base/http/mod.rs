//! Parts of HTTP that know no account: bodies and their room, cookies as they come in, proxies, files, names of programs.

#[cfg(any(feature = "docs", feature = "pages"))]
pub(crate) mod asset;
mod body;
pub(crate) mod cookie;
pub(crate) mod given;
pub(crate) mod input;
pub(crate) mod proxies;
pub(crate) mod room;
pub(crate) mod user_agent;
