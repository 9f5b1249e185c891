//! A single-page app at one origin and its API at another: `cargo run --example spa_and_api`, then open
//! <http://localhost:3000>.
//!
//! Both origins must belong to one site, such as `app.example.org` and `api.example.org`: otherwise browsers do not send
//! the cookie. Ports make no site, so this works on `localhost` too. The page is in `spa_and_api.html`.

use axum::{
    Json, Router,
    http::{HeaderValue, Method, header},
    response::Html,
    routing::get,
};
use doorward::{Auth, Config, CurrentUser};
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

/// Says hello to the user.
async fn hello(CurrentUser(user): CurrentUser) -> Json<Value> {
    Json(json!({"hello": user.email}))
}

/// The settings of the API at `api`, for the page at the origin `page`.
pub fn config(config: Config, api: &str, page: &str) -> Config {
    // Pages of this origin may call the routes of the accounts, and send changes with a cookie to all routes of the app.
    Config { public_url: format!("{api}/auth"), cors_origins: vec![page.into()], ..config }
}

/// Builds the API, with the accounts under `/auth`. The page is at the origin `page`.
pub fn api(auth: &Auth, page: HeaderValue) -> Router {
    // This lets the page read the answers of our own routes. The origin is named: with credentials, browsers take no `*`.
    let cors = CorsLayer::new()
        .allow_origin(page)
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE]);
    Router::new()
        .route("/hello", get(hello).post(hello))
        .route_layer(auth.require())
        // Outside of the guard: a browser asks for permission without a cookie.
        .layer(cors)
        .with_state(auth.clone())
        // Below the layer, which is then not around these routes: they have their own, made from `cors_origins`.
        .nest("/auth", auth.router())
}

/// Builds the server of the page, which calls the API at `api`. Any server of files does the same.
pub fn page(api: &str) -> Router {
    let page = include_str!("spa_and_api.html").replace("{API}", api);
    Router::new().route("/", get(|| async move { Html(page) }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (page_origin, api_origin) = ("http://localhost:3000", "http://localhost:4000");
    let config = config(Config::default(), api_origin, page_origin);
    let auth = Auth::open_with("sqlite:app.db", config).await?;
    let of_page = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    tokio::spawn(axum::serve(of_page, page(api_origin)).into_future());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
    Ok(auth.serve(listener, api(&auth, HeaderValue::from_static(page_origin))).await?)
}
