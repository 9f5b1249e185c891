//! Parts of HTTP that know no account: bodies, cookies as they come in, proxies, files, names of programs.

pub(crate) mod asset;
pub(crate) mod cookie;
pub(crate) mod input;
pub(crate) mod proxies;
pub(crate) mod user_agent;
