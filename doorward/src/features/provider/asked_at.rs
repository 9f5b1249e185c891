//! When a person was asked to log in for a request. The request carries it through the log-in, in a parameter of ours. It
//! is sealed for this one request, so that no app and no other page can make it up.

use crate::{auth::Auth, features::provider::parameters::Parameters};

/// The name of the parameter.
pub(super) const ASKED_AT: &str = "asked_at";

/// Returns a request as a query that says that the person is asked now.
pub(super) fn asked_now(auth: &Auth, parameters: &Parameters) -> String {
    let sealer = auth.provider().sealer.as_ref().expect("the provider is on");
    parameters.with(ASKED_AT, &sealer.seal(&about(parameters), &auth.now().to_be_bytes()))
}

/// Returns when the person was asked for this request. `None` if they were not.
pub(super) fn read(auth: &Auth, parameters: &Parameters) -> Option<i64> {
    let sealed = parameters.one(ASKED_AT).ok().flatten()?;
    let opened = auth.provider().sealer.as_ref()?.open(&about(parameters), sealed).ok()?;
    opened.as_slice().try_into().ok().map(i64::from_be_bytes)
}

/// Tells requests apart: by the client, and by what it makes anew for each.
fn about(parameters: &Parameters) -> String {
    let names = ["client_id", "redirect_uri", "state", "nonce", "code_challenge"];
    let values = names.map(|name| parameters.one(name).ok().flatten().unwrap_or_default());
    format!("{ASKED_AT} {values:?}")
}
