//! All routes of all features, and the OpenAPI document of them.

use axum::{Json, Router, extract::OriginalUri, http::HeaderName, routing::get};
use utoipa::{
    OpenApi as _,
    openapi::{
        OpenApi, Server,
        security::{
            ApiKey, ApiKeyValue, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityScheme,
        },
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    auth::Auth,
    features::FEATURES,
    open,
    web::{
        cookies,
        layers::{self, Surrounded},
        pages::{
            around::{self, Around},
            page::Pages,
        },
    },
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Doorward", description = "User accounts and sign-in.", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    tags(
        (name = "account", description = "Registering, and one's own account"),
        (name = "mail", description = "What is done with the links and codes in mails"),
        (name = "session", description = "Logging in and out"),
        (name = "health", description = "For those who watch over the server"),
    )
)]
struct Document;

impl Auth {
    /// All routes, ready to be nested: `Router::new().nest("/auth", auth.router())`. They carry all their layers.
    ///
    /// The host should serve them with `into_make_service_with_connect_info::<SocketAddr>()`, so that people see
    /// where their sessions were begun.
    ///
    /// The first call begins what goes on in the open, such as sending mails, on the runtime that opened the
    /// accounts. It ends with the last handle, or at [`Auth::close`].
    pub fn router(&self) -> Router {
        let pages = self.pages();
        layers::around_routes(self, self.routes(pages.as_ref()), pages.as_ref().map(around))
    }

    /// [`Auth::router`] as one service, for the server that comes with this library. Nothing else is mounted there, so
    /// the layers stand around the whole and not around every route. That saves each request two allocations and some
    /// copying. Every answer has `header` without a value, for the server to put one in.
    #[doc(hidden)]
    pub fn service(&self, header: HeaderName) -> Surrounded<Router> {
        let pages = self.pages();
        layers::around(self, self.routes(pages.as_ref()), pages.as_ref().map(around), header)
    }

    /// What all pages are made with, if there are pages.
    fn pages(&self) -> Option<Pages> {
        let links = || FEATURES.iter().flat_map(|feature| feature.links).copied().collect();
        self.config().pages.then(|| Pages::of(self, links()))
    }

    fn routes(&self, pages: Option<&Pages>) -> Router {
        open::begin(self);
        let (mut routes, _) = api().with_state(self.clone()).split_for_parts();
        if self.serves_docs() {
            let auth = self.clone();
            let openapi = move |OriginalUri(uri): OriginalUri| async move {
                let mounted_at = uri.path().strip_suffix("/openapi.json").unwrap_or_default();
                Json(auth.document(mounted_at))
            };
            routes = routes.route("/openapi.json", get(openapi));
        }
        for feature in FEATURES {
            routes = routes.merge((feature.unlisted)(self));
        }
        if let Some(pages) = pages {
            let of_features = FEATURES.iter().map(|feature| (feature.pages)());
            let all = of_features.fold(around::files(), Router::merge);
            routes = routes.merge(all.with_state(pages.clone()));
        }
        routes
    }

    /// The OpenAPI 3.1 document of the routes, as JSON, for routes mounted where `public_url` says.
    ///
    /// # Panics
    /// Never: the document is made of text and numbers.
    #[must_use]
    pub fn openapi(&self) -> String {
        self.document("").to_pretty_json().expect("a document is text and numbers")
    }

    /// The document for routes mounted at the path `mounted_at`, unless `public_url` names another as it is seen
    /// from outside.
    fn document(&self, mounted_at: &str) -> OpenApi {
        let base = if self.site().path.is_empty() { mounted_at } else { &self.site().path };
        let mut document = api().into_openapi();
        document.info.title.clone_from(&self.config().service_name);
        document.servers = Some(vec![Server::new(if base.is_empty() { "/" } else { base })]);
        let components = document.components.get_or_insert_default();
        let flow = Flow::Password(Password::new(format!("{base}/token"), Scopes::new()));
        components.add_security_scheme(
            "bearer",
            SecurityScheme::OAuth2(OAuth2::with_description([flow], "A token of `POST /token`")),
        );
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                cookies::session_name(self),
                "The cookie of `POST /login`",
            ))),
        );
        components.add_security_scheme(
            "service",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Basic)
                    .description(Some(
                        "One of `introspection_secrets` as the password; the name does not matter",
                    ))
                    .build(),
            ),
        );
        document
    }
}

/// The routes of the API.
fn api() -> OpenApiRouter<Auth> {
    let of_features = FEATURES.iter().map(|feature| (feature.routes)());
    of_features.fold(OpenApiRouter::with_openapi(Document::openapi()), OpenApiRouter::merge)
}

/// The layer of pages around all routes.
fn around(pages: &Pages) -> Around {
    let forms: Vec<_> = FEATURES.iter().flat_map(|feature| feature.forms).copied().collect();
    Around::of(pages, &forms)
}
