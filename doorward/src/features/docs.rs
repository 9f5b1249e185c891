//! The interactive documentation of the API: Swagger UI for `/openapi.json`.
//!
//! "Authorize" takes a password, and where the provider is on, it also goes through the log-in of an app. The page is then
//! an app like any other: a public client that the operator declares, with the address of [`RETURN`] here. There is no
//! built-in one. It would be an app that nobody has asked for, on every server.
//!
//! All files come from this crate, none from another host. Addresses are relative, so that the page works under any
//! prefix.

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderMap, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    auth::Auth,
    base::{config::ClientConfig, http::asset::Asset, redirect_uri},
    web::feature::Feature,
};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::compressed("text/css; charset=utf-8", include_bytes!("../../assets/swagger-ui/swagger-ui.css.gz"))
});
static BUNDLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::compressed(
        "text/javascript; charset=utf-8",
        include_bytes!("../../assets/swagger-ui/swagger-ui-bundle.js.gz"),
    )
});
static INIT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::plain("text/javascript; charset=utf-8", include_str!("../../assets/swagger-ui/init.js"))
});
static RETURNED: LazyLock<Asset> = LazyLock::new(|| {
    Asset::plain("text/javascript; charset=utf-8", include_str!("../../assets/swagger-ui/oauth2-redirect.js"))
});

/// The page to which the log-in of an app leads back, in a window of its own.
const RETURN: &str = "/docs/oauth2-redirect.html";

pub(super) const FEATURE: Feature = Feature {
    unlisted: |auth| if auth.serves_docs() { routes(&client(auth)) } else { Router::new() },
    ..Feature::NONE
};

/// Returns the id of the client that the configuration declares for this page, or an empty text: then the person types
/// one.
fn client(auth: &Auth) -> String {
    let site = auth.site();
    let address = format!("{}{}{RETURN}", site.origin.to_str().unwrap_or_default(), site.path);
    let is_for_this_page = |client: &&ClientConfig| {
        client.public && redirect_uri::is_registered(&client.redirect_uris, &address, true)
    };
    let client = auth.config().client.iter().find(is_for_this_page);
    client.map(|client| client.id.clone()).unwrap_or_default()
}

/// Returns the routes of the page and its files. They are not in the OpenAPI document and are open to everyone: mount
/// them only if the documentation is switched on.
fn routes(client: &str) -> Router {
    let page = page(client);
    Router::new()
        .route("/docs", get(async move || with_headers(page)))
        .route("/docs/", get(async || Redirect::temporary("../docs")))
        .route("/docs/swagger-ui.css", get(async |uri: Uri, headers: HeaderMap| STYLE.serve(&uri, &headers)))
        .route(
            "/docs/swagger-ui-bundle.js",
            get(async |uri: Uri, headers: HeaderMap| BUNDLE.serve(&uri, &headers)),
        )
        .route("/docs/init.js", get(async |uri: Uri, headers: HeaderMap| INIT.serve(&uri, &headers)))
        .route(RETURN, get(async || with_headers(page_of_return())))
        .route(
            "/docs/oauth2-redirect.js",
            get(async |uri: Uri, headers: HeaderMap| RETURNED.serve(&uri, &headers)),
        )
}

/// Returns the page. The id of a client has no letter that HTML would have to escape.
fn page(client: &str) -> String {
    let (style, bundle, init) = (&STYLE.version, &BUNDLE.version, &INIT.version);
    format!(
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
<main id="swagger-ui" data-client="{client}"></main>
<noscript>This page needs JavaScript. The same content is in <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js?v={bundle}"></script>
<script src="docs/init.js?v={init}"></script>
</body>
</html>
"#
    )
}

/// Returns the page that gives the answer of the log-in to the window that opened it.
fn page_of_return() -> String {
    let script = &RETURNED.version;
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>API documentation</title>
<link rel="icon" href="data:,">
<script src="oauth2-redirect.js?v={script}" defer></script>
</head>
<body></body>
</html>
"#
    )
}

fn with_headers(html: String) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::{
        body::{Body, Bytes},
        http::{Request, StatusCode},
    };
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    /// Sends a request to the routes, mounted as in a host app.
    async fn get(path: &str, accept_encoding: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = Request::get(path);
        if let Some(encodings) = accept_encoding {
            request = request.header(header::ACCEPT_ENCODING, encodings);
        }
        let app: Router = Router::new().nest("/auth", routes("a-client"));
        let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    }

    async fn page() -> String {
        String::from_utf8(get("/auth/docs", None).await.2.to_vec()).unwrap()
    }

    /// The addresses of the files that the page loads, as they stand in the page.
    fn addresses(page: &str) -> Vec<&str> {
        let tags = page.split('<').filter(|tag| tag.starts_with("script") || tag.contains("stylesheet"));
        tags.map(|tag| tag.split('"').find(|part| part.starts_with("docs/")).unwrap()).collect()
    }

    #[tokio::test]
    async fn the_page_finds_its_files_under_a_prefix_and_browsers_cache_them() {
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
    async fn a_file_without_its_version_is_not_cached() {
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
}
