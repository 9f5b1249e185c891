//! Files that pages load. Their address holds a hash of their content, so that browsers may cache them for ever.

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
    /// The content as it is stored, compressed or not.
    bytes: Bytes,
    gzip: bool,
    /// The start of the SHA-256 of `bytes`. It stands in the address of the file.
    pub(crate) version: String,
    /// The content for clients that do not accept gzip; made at the first such request.
    decompressed: OnceLock<Bytes>,
}

impl Asset {
    pub(crate) fn plain(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let version = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { content_type, bytes, gzip: false, version, decompressed: OnceLock::new() }
    }

    /// Takes bytes that are already compressed with gzip.
    #[cfg(any(test, feature = "docs"))]
    pub(crate) fn compressed(content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self { gzip: true, ..Self::plain(content_type, bytes) }
    }

    /// Answers a request for the file. Its address names the version as `?v=`.
    pub(crate) fn serve(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        // During an update, a page may ask for another version than this one. That answer must not be cached.
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

/// Returns `true` if `Accept-Encoding` accepts gzip (RFC 9110, section 12.5.3): by its name or else by `*`, with a
/// weight above zero.
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
    fn gzip_is_sent_only_to_clients_that_accept_it() {
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
