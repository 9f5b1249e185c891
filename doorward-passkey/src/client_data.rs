//! Reads the client data: what the browser says about the ceremony (section 5.8.1).

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::IgnoredAny};

use crate::error::Error;

/// The fields that are checked. There may be others, and there will be.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientData<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) ceremony: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) challenge: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) origin: Cow<'a, str>,
    pub(crate) cross_origin: Option<bool>,
    pub(crate) top_origin: Option<IgnoredAny>,
}

impl<'a> ClientData<'a> {
    pub(crate) fn parse(json: &'a [u8]) -> Result<Self, Error> {
        // "UTF-8 decode" of the Encoding Standard, which section 7.1 demands, drops a byte order mark.
        let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
        serde_json::from_slice(json).map_err(|_| Error::Malformed("the client data"))
    }
}

/// The challenge that the client data answer, to look it up.
pub(crate) fn challenge(json: &[u8]) -> Result<Vec<u8>, Error> {
    let data = ClientData::parse(json)?;
    URL_SAFE_NO_PAD.decode(data.challenge.as_ref()).map_err(|_| Error::Malformed("the challenge"))
}
