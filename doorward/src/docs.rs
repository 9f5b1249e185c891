//! The documentation of the API to read and to try out: Swagger UI over `/openapi.json`.
//!
//! Everything comes from this crate and nothing from another host. Addresses are relative, so that the page
//! works under any prefix.

use std::{
    io::Read,
    sync::{LazyLock, OnceLock},
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::compressed("text/css; charset=utf-8", include_bytes!("../assets/swagger-ui/swagger-ui.css.gz"))
});
static BUNDLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::compressed(
        "text/javascript; charset=utf-8",
        include_bytes!("../assets/swagger-ui/swagger-ui-bundle.js.gz"),
    )
});
static INIT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::plain("text/javascript; charset=utf-8", include_bytes!("../assets/swagger-ui/init.js"))
});

/// The page and its files. Not part of the OpenAPI document, and open to everyone: mount them only where the
/// documentation is switched on.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/docs", get(page))
        .route("/docs/", get(async || Redirect::temporary("../docs")))
        .route("/docs/swagger-ui.css", get(async |uri: Uri, headers: HeaderMap| STYLE.serve(&uri, &headers)))
        .route(
            "/docs/swagger-ui-bundle.js",
            get(async |uri: Uri, headers: HeaderMap| BUNDLE.serve(&uri, &headers)),
        )
        .route("/docs/init.js", get(async |uri: Uri, headers: HeaderMap| INIT.serve(&uri, &headers)))
}

async fn page() -> Response {
    let (style, bundle, init) = (&STYLE.version, &BUNDLE.version, &INIT.version);
    let html = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API documentation</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css?v={style}">
</head>
<body>
<main id="swagger-ui"></main>
<noscript>This page needs JavaScript. The same is to be read in <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js?v={bundle}"></script>
<script src="docs/init.js?v={init}"></script>
</body>
</html>
"#
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(html)).into_response()
}

/// A file of the page.
struct Asset {
    content_type: &'static str,
    /// As it is in the binary.
    bytes: &'static [u8],
    gzip: bool,
    /// Names these bytes in an address, so that a browser may keep them for ever.
    version: String,
    /// What a client gets that does not take gzip; made when the first one asks.
    decompressed: OnceLock<Bytes>,
}

impl Asset {
    fn plain(content_type: &'static str, bytes: &'static [u8]) -> Self {
        let version = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { content_type, bytes, gzip: false, version, decompressed: OnceLock::new() }
    }

    fn compressed(content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self { gzip: true, ..Self::plain(content_type, bytes) }
    }

    fn serve(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        // During an update another version may be asked for than the one here, and must not be kept.
        let asked_for = uri.query().and_then(|query| query.strip_prefix("v="));
        let keep = asked_for == Some(&self.version);
        let headers_out = [
            (header::CONTENT_TYPE, self.content_type),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, if keep { "public, max-age=31536000, immutable" } else { "no-cache" }),
        ];
        if !self.gzip {
            return (headers_out, Bytes::from_static(self.bytes)).into_response();
        }
        let vary = [(header::VARY, "accept-encoding")];
        if accepts_gzip(headers) {
            let encoding = [(header::CONTENT_ENCODING, "gzip")];
            return (headers_out, vary, encoding, Bytes::from_static(self.bytes)).into_response();
        }
        let decompressed = self.decompressed.get_or_init(|| {
            let mut plain = Vec::new();
            let read = flate2::read::GzDecoder::new(self.bytes).read_to_end(&mut plain);
            read.expect("these bytes were compressed when the file was vendored");
            plain.into()
        });
        (headers_out, vary, decompressed.clone()).into_response()
    }
}

/// Whether `Accept-Encoding` takes gzip, as RFC 9110 section 12.5.3 has it: by its name, or else by `*`, and not
/// with a weight of zero.
fn accepts_gzip(headers: &HeaderMap) -> bool {
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
    use axum::{
        body::Body,
        http::{Request, StatusCode},
    };
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    /// The routes as a host app mounts them.
    async fn get(path: &str, accept_encoding: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = Request::get(path);
        if let Some(encodings) = accept_encoding {
            request = request.header(header::ACCEPT_ENCODING, encodings);
        }
        let app: Router = Router::new().nest("/auth", routes());
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    }

    async fn page() -> String {
        String::from_utf8(get("/auth/docs", None).await.2.to_vec()).unwrap()
    }

    /// What the page loads, as it is written there.
    fn addresses(page: &str) -> Vec<&str> {
        let tags = page.split('<').filter(|tag| tag.starts_with("script") || tag.contains("stylesheet"));
        tags.map(|tag| tag.split('"').find(|part| part.starts_with("docs/")).unwrap()).collect()
    }

    #[tokio::test]
    async fn the_page_finds_its_files_under_a_prefix_and_browsers_keep_them() {
        let page = page().await;
        let addresses = addresses(&page);
        assert_eq!(addresses.len(), 3, "{page}");
        for address in addresses {
            let (status, headers, body) = get(&format!("/auth/{address}"), Some("gzip")).await;
            assert_eq!(status, StatusCode::OK, "{address}");
            assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable", "{address}");
            assert!(!body.is_empty(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_file_without_its_version_is_not_kept() {
        for query in ["", "?v=", "?v=0000000000000000", "?other=1"] {
            let (status, headers, _) = get(&format!("/auth/docs/init.js{query}"), None).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(headers["cache-control"], "no-cache", "{query}");
        }
    }

    #[tokio::test]
    async fn the_page_allows_nothing_inline_and_no_other_host() {
        let (status, headers, body) = get("/auth/docs", None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let page = String::from_utf8(body.to_vec()).unwrap();
        for forbidden in ["<script>", "<style", " style=", " onload=", "//"] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
    }

    #[tokio::test]
    async fn a_client_without_gzip_gets_the_same_file() {
        for (name, start) in [("swagger-ui.css", ".swagger-ui"), ("swagger-ui-bundle.js", "/*!")] {
            let path = format!("/auth/docs/{name}");
            let (_, headers, compressed) = get(&path, Some("gzip, br")).await;
            assert_eq!(
                (&headers["content-encoding"], &headers["vary"]),
                (&"gzip".parse().unwrap(), &"accept-encoding".parse().unwrap())
            );
            let (_, headers, plain) = get(&path, None).await;
            assert_eq!(
                (headers.get("content-encoding"), headers["vary"].as_bytes()),
                (None, &b"accept-encoding"[..])
            );
            let mut decompressed = Vec::new();
            flate2::read::GzDecoder::new(&compressed[..]).read_to_end(&mut decompressed).unwrap();
            assert!(plain == decompressed, "{name}");
            assert!(plain.starts_with(start.as_bytes()), "{name}");
        }
    }

    #[tokio::test]
    async fn a_trailing_slash_leads_to_the_page_under_any_prefix() {
        let (status, headers, _) = get("/auth/docs/", None).await;
        assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(headers["location"], "../docs");
    }

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
