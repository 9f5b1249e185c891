//! Files that pages load: named by what they hold, so that a browser may keep them for ever, and compressed.

use std::{io::Read, sync::OnceLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// A file that a page loads.
pub(crate) struct Asset {
    content_type: &'static str,
    /// As it is kept, compressed or not.
    bytes: Bytes,
    gzip: bool,
    /// Names these bytes in an address, so that a browser may keep them for ever.
    pub(crate) version: String,
    /// What a client gets that does not take gzip; made when the first one asks.
    decompressed: OnceLock<Bytes>,
}

impl Asset {
    pub(crate) fn plain(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let version = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { content_type, bytes, gzip: false, version, decompressed: OnceLock::new() }
    }

    /// Of bytes that are compressed by gzip already.
    pub(crate) fn compressed(content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self { gzip: true, ..Self::plain(content_type, bytes) }
    }

    /// The answer to a request for it, which names its version as `?v=`.
    pub(crate) fn serve(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        // During an update another version may be asked for than the one here, and must not be kept.
        let asked_for = uri.query().and_then(|query| query.strip_prefix("v="));
        let keep = asked_for == Some(&self.version);
        let headers_out = [
            (header::CONTENT_TYPE, self.content_type),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, if keep { "public, max-age=31536000, immutable" } else { "no-cache" }),
        ];
        if !self.gzip {
            return (headers_out, self.bytes.clone()).into_response();
        }
        let vary = [(header::VARY, "accept-encoding")];
        if accepts_gzip(headers) {
            let encoding = [(header::CONTENT_ENCODING, "gzip")];
            return (headers_out, vary, encoding, self.bytes.clone()).into_response();
        }
        let decompressed = self.decompressed.get_or_init(|| {
            let mut plain = Vec::new();
            let read = flate2::read::GzDecoder::new(&self.bytes[..]).read_to_end(&mut plain);
            read.expect("these bytes were compressed when the file was vendored");
            plain.into()
        });
        (headers_out, vary, decompressed.clone()).into_response()
    }
}

/// Whether `Accept-Encoding` takes gzip, as RFC 9110 section 12.5.3 has it: by its name, or else by `*`, and not
/// with a weight of zero.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let takes = |coding: &str| {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next().filter(|name| name.eq_ignore_ascii_case(coding))?;
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)))
        })
    };
    takes("gzip").or_else(|| takes("*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let accepts = |values: &[&str]| {
            let headers = values.iter().map(|value| (header::ACCEPT_ENCODING, value.parse().unwrap()));
            accepts_gzip(&headers.collect())
        };
        for taken in ["gzip", "GZIP", "br, gzip", "gzip;q=0.5", "gzip ; q=1", "*", "identity;q=0, *;q=0.1"] {
            assert!(accepts(&[taken]), "{taken}");
        }
        for refused in ["", "br", "identity", "gzip;q=0", "gzip;Q=0.000", "gzip;q=0, *", "*;q=0", "gzip;q=x"]
        {
            assert!(!accepts(&[refused]), "{refused}");
        }
        assert!(accepts(&["br", "gzip"]));
        assert!(!accepts(&[]));
    }
}
