//! Puts the routes of all features into one router, and describes them in one OpenAPI document.

use axum::{Json, Router, extract::OriginalUri, routing::get};
use utoipa::{
    OpenApi as _,
    openapi::{
        ObjectBuilder, OpenApi, RefOr, Schema, Server, Type,
        security::{
            ApiKey, ApiKeyValue, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityScheme,
        },
    },
};
use utoipa_axum::router::OpenApiRouter;

#[cfg(feature = "provider")]
use crate::features::provider;
use crate::{
    auth::Auth,
    base::{http::input::Rules as _, passwords::password::BETTER},
    features::FEATURES,
    open,
    web::{
        cookies, layers,
        pages::{self, Around},
        profile_schema,
    },
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Doorward", description = "User accounts and sign-in.", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    tags(
        (name = "account", description = "Registration, and the account of the user"),
        (name = "mail", description = "Links and codes in mails"),
        (name = "session", description = "Log-in, log-out, tokens and sessions"),
        (name = "health", description = "Checks for monitoring"),
    )
)]
struct Document;

impl Auth {
    /// Returns all routes, ready to be nested: `Router::new().nest("/auth", auth.router())`. They need no further
    /// layer.
    ///
    /// Serve them with [`Auth::serve`], or give `axum::serve` the app as
    /// `app.into_make_service_with_connect_info::<SocketAddr>()`. Otherwise the client addresses are unknown: nothing
    /// is limited by client address, and users do not see where their sessions began.
    ///
    /// The first call starts the background tasks, such as sending mails. They run on the tokio runtime that opened the
    /// accounts, and end at [`Auth::close`] or with the last handle.
    pub fn router(&self) -> Router {
        let (routes, pages) = self.routes();
        layers::around_routes(self, routes, pages, open_paths())
    }

    /// Returns [`Auth::router`] as one service, for [`Auth::serve_alone`]. Nothing else is mounted there, so the layers
    /// surround the whole router and not each route. This saves each request two allocations and some copying. Every
    /// answer has `header` with an empty value, to be filled in.
    #[cfg(feature = "serve")]
    pub(crate) fn service(&self, header: axum::http::HeaderName) -> layers::Surrounded<Router> {
        let (routes, pages) = self.routes();
        layers::around(self, routes, pages, open_paths(), header)
    }

    /// Returns all routes, and the layer that shows pages around them, if there are pages.
    fn routes(&self) -> (Router, Option<Around>) {
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
        let of_features: Vec<_> = FEATURES.iter().map(|feature| feature.pages).collect();
        match pages::mount(self, &of_features) {
            Some((pages, around)) => (routes.merge(pages), Some(around)),
            None => (routes, None),
        }
    }

    /// Returns the OpenAPI 3.1 document of the routes, as JSON. Its server is the path of `public_url`.
    ///
    /// # Panics
    /// Never: the document is made of text and numbers.
    #[must_use]
    pub fn openapi(&self) -> String {
        self.document("").to_pretty_json().expect("a document is text and numbers")
    }

    /// Returns the document for routes that are mounted at the path `mounted_at`. A path in `public_url` replaces it,
    /// because a proxy may show the routes under another path.
    fn document(&self, mounted_at: &str) -> OpenApi {
        let base = if self.site().path.is_empty() { mounted_at } else { &self.site().path };
        let mut document = api().into_openapi();
        document.info.title.clone_from(&self.config().service_name);
        document.servers = Some(vec![Server::new(if base.is_empty() { "/" } else { base })]);
        let components = document.components.get_or_insert_default();
        let flow = Flow::Password(Password::new(format!("{base}/token"), Scopes::new()));
        for (name, schema) in &mut components.schemas {
            say_shortest_password(schema, self.shortest_password());
            if ATTEMPTS.contains(&&**name) {
                say_attempt_fields(schema, self.attempt_fields());
            }
        }
        profile_schema::describe(components.schemas.iter_mut(), &self.config().profile);
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
        #[cfg(feature = "provider")]
        provider::openapi::describe(self, base, &mut document);
        document
    }
}

/// The fewest characters of a password, as the descriptions of bodies have it.
const SHORTEST: usize = 8;

/// Writes the fewest characters that are in force into the description of a body with a new password.
fn say_shortest_password(schema: &mut RefOr<Schema>, shortest: usize) {
    let RefOr::T(Schema::Object(body)) = schema else { return };
    for field in body.properties.values_mut() {
        if let RefOr::T(Schema::Object(field)) = field
            && field.min_length == Some(SHORTEST)
        {
            field.min_length = Some(shortest);
            let described = field.description.take();
            field.description = described.map(|text| {
                let text = text.replacen(&format!("{SHORTEST} to"), &format!("{shortest} to"), 1);
                if shortest < BETTER { text } else { text.replacen("; 15 or more are better", "", 1) }
            });
        }
    }
}

/// The bodies of attempts, whose further fields the host may see.
const ATTEMPTS: [&str; 8] = [
    "ForgottenPassword",
    "Login",
    "LoginAttemptRequest",
    "Registration",
    "TokenRequest",
    "UndoRequest",
    "UserChange",
    "VerificationRequest",
];

/// Adds the further fields that the host wants to see to the description of a body.
fn say_attempt_fields(schema: &mut RefOr<Schema>, fields: &[String]) {
    let RefOr::T(Schema::Object(body)) = schema else { return };
    for name in fields {
        let field = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("For the host, which decides about this. It is not stored"));
        body.properties.entry(name.clone()).or_insert_with(|| field.into());
    }
}

/// Returns the routes of the API.
fn api() -> OpenApiRouter<Auth> {
    let of_features = FEATURES.iter().map(|feature| (feature.routes)());
    of_features.fold(OpenApiRouter::with_openapi(Document::openapi()), OpenApiRouter::merge)
}

/// Returns the paths that pages of any site may post to.
fn open_paths() -> layers::Open {
    FEATURES.iter().flat_map(|feature| feature.open).copied().collect()
}
