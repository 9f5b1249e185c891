//! Pages of several origins open a WebSocket of a host from the browser of a logged-in user. Only those of our own
//! origin and of a listed one get in (RFC 6455, section 10.2).

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Request, State, WebSocketUpgrade, ws::Message},
    http::header,
    middleware::{self, Next},
    response::{Html, Response},
    routing::{any, get},
};
use doorward::{Auth, Config, CurrentUser};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::chromium::{Chromium, Tab};

const ANN: &str = "ann@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// A handshake as it reached the host: whether it had a cookie, and the status of the answer.
type Handshakes = Arc<Mutex<Vec<(bool, u16)>>>;

async fn chat(upgrade: WebSocketUpgrade, CurrentUser(user): CurrentUser) -> Response {
    upgrade.on_upgrade(async move |mut socket| {
        let _ = socket.send(Message::Text(user.email.into())).await;
    })
}

async fn chat_for_anyone(upgrade: WebSocketUpgrade, user: Option<CurrentUser>) -> Response {
    let name = user.map_or("nobody".to_owned(), |CurrentUser(user)| user.email);
    upgrade.on_upgrade(async move |mut socket| {
        let _ = socket.send(Message::Text(name.into())).await;
    })
}

async fn record(State(handshakes): State<Handshakes>, request: Request, next: Next) -> Response {
    let has_cookie = request.headers().contains_key(header::COOKIE);
    let is_handshake = request.headers().contains_key(header::UPGRADE);
    let answer = next.run(request).await;
    if is_handshake {
        handshakes.lock().unwrap().push((has_cookie, answer.status().as_u16()));
    }
    answer
}

/// Serves an empty page at a port of its own, which makes it an origin. Returns the port.
async fn serve_empty_page() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(empty))).await });
    port
}

async fn empty() -> Html<&'static str> {
    Html("<!doctype html><title>empty</title>")
}

/// A host that takes a WebSocket. Returns its port, and the handshakes that reach it.
async fn serve_host(folder: &TempDir, listed: u16) -> (u16, Handshakes) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Config {
        public_url: format!("http://127.0.0.1:{port}/auth"),
        cors_origins: vec![format!("http://127.0.0.1:{listed}")],
        ..Config::default()
    };
    let url = format!("sqlite:{}", folder.path().join("host.db").display());
    let auth = Auth::open_with(&url, config).await.unwrap();
    auth.add_user(ANN, PASSWORD).await.unwrap();
    let handshakes = Handshakes::default();
    let app = Router::new()
        .route("/", get(empty))
        .route("/chat", any(chat))
        .route("/chat-for-anyone", any(chat_for_anyone))
        .with_state(auth.clone())
        .layer(middleware::from_fn_with_state(Arc::clone(&handshakes), record))
        .nest("/auth", auth.router());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (port, handshakes)
}

/// Opens a WebSocket from the page in `tab`. Returns the first message, or `refused`.
async fn open(tab: &Tab, host: &str, path: &str) -> String {
    let script = format!(
        "new Promise((done) => {{ const socket = new WebSocket('ws://{host}{path}'); \
         socket.onmessage = (message) => done(message.data); socket.onerror = () => done('refused'); }})"
    );
    tab.value(&script).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_of_trusted_origins_open_a_websocket_as_their_visitor() {
    let folder = tempfile::tempdir().unwrap();
    let (listed, evil) = (serve_empty_page().await, serve_empty_page().await);
    let (own, handshakes) = serve_host(&folder, listed).await;
    let chromium = Chromium::launch().await;
    let tab = chromium.tab().await;
    tab.open(&format!("http://127.0.0.1:{own}/")).await;
    let log_in = format!(
        "fetch('/auth/login', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
         body: JSON.stringify({{ email: '{ANN}', password: '{PASSWORD}' }}) }}).then((answer) => answer.ok)"
    );
    assert_eq!(tab.value(&log_in).await, true);

    let host = format!("127.0.0.1:{own}");
    // Another port is another origin but the same site: the browser sends the cookie along.
    for (page, message, status) in [
        (format!("http://127.0.0.1:{own}/"), ANN, 101),
        (format!("http://127.0.0.1:{listed}/"), ANN, 101),
        (format!("http://127.0.0.1:{evil}/"), "refused", 403),
    ] {
        tab.open(&page).await;
        for path in ["/chat", "/chat-for-anyone"] {
            handshakes.lock().unwrap().clear();
            assert_eq!(open(&tab, &host, path).await, message, "{page} {path}");
            assert_eq!(*handshakes.lock().unwrap(), [(true, status)], "{page} {path}");
        }
    }
    // Another site: the cookie is `SameSite`, so the page acts as nobody.
    tab.open(&format!("http://localhost:{evil}/")).await;
    handshakes.lock().unwrap().clear();
    assert_eq!(open(&tab, &host, "/chat").await, "refused");
    assert_eq!(open(&tab, &host, "/chat-for-anyone").await, "nobody");
    assert_eq!(*handshakes.lock().unwrap(), [(false, 401), (false, 101)]);
}
