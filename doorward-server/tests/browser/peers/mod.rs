//! Programs of others log people in at Doorward: the apps of `examples`, and libraries that relying parties use. Each
//! test has its own network and mount namespace, with hosts, a port 443 and an authority of its own.
//!
//! `script/test peers` installs what they need, and runs them. Nothing else does.

mod alone;
mod guides;
mod hosts;
mod parties;
mod program;
