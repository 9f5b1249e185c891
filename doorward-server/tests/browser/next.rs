//! Apps on other hosts send people to `/login?next=`: what works, and what a person sees where it cannot work. All over
//! https, so that the cookie has its `__Host-` prefix.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    chromium::{Chromium, Tab},
    people::{ANN, PASSWORD, send_credentials},
    server::Server,
    tls::Tls,
};

/// Finds our hosts on this machine, and trusts their certificates.
const FLAGS: [&str; 2] = ["host-resolver-rules=MAP *.test 127.0.0.1", "ignore-certificate-errors"];

/// A server on one host, and an app on the same host or another.
struct Place {
    server: Server,
    /// The origin of the server.
    accounts: String,
    /// The origin of the app.
    app: String,
    app_front: Tls,
}

impl Place {
    /// Starts a server on the host `accounts`, for an app on the host `app`.
    async fn with(accounts: &str, app: &str, pages_may_call: bool) -> Self {
        let (front, app_front) = (Tls::bind().await, Tls::bind().await);
        let accounts = format!("https://{accounts}:{}", front.port);
        let app = format!("https://{app}:{}", app_front.port);
        let mut settings = vec![("PUBLIC_URL", &*accounts), ("NEXT_ORIGINS", &app)];
        if pages_may_call {
            settings.push(("CORS_ORIGINS", &app));
        }
        let server = Server::with(&settings);
        server.register(ANN, PASSWORD);
        front.lead_to(server.address());
        Self { server, accounts, app, app_front }
    }
}

/// What an app with pages from its server knows.
#[derive(Clone)]
struct App {
    /// The address of the log-in, with `next`.
    log_in: String,
    /// The host and the port of the accounts.
    accounts: String,
    requests: Arc<AtomicUsize>,
}

/// Greets the user whose cookie came along, and sends others to log in.
async fn greet(State(app): State<App>, request: Request) -> Response {
    app.requests.fetch_add(1, Ordering::Relaxed);
    let cookie = request.headers().get(header::COOKIE).and_then(|cookie| cookie.to_str().ok());
    match email(&app.accounts, cookie.unwrap_or_default()).await {
        Some(email) => Html(format!("<!doctype html><title>app</title><p>Hello {email}")).into_response(),
        None => Redirect::to(&app.log_in).into_response(),
    }
}

/// Asks `GET /me` with the cookies of a request.
async fn email(accounts: &str, cookie: &str) -> Option<String> {
    let mut stream = TcpStream::connect(accounts).await.ok()?;
    let head =
        format!("GET /me HTTP/1.1\r\nHost: {accounts}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let user: serde_json::Value = serde_json::from_str(body).ok()?;
    head.starts_with("HTTP/1.1 200").then(|| user["email"].as_str().map(str::to_owned))?
}

/// Serves an app whose pages its server writes. Returns the number of its requests.
async fn serve_pages_of_a_server(place: Place) -> (Server, String, String, Arc<AtomicUsize>) {
    let Place { server, accounts, app, app_front } = place;
    let requests = Arc::<AtomicUsize>::default();
    let log_in = format!("{accounts}/login?next={app}/");
    let state = App { log_in, accounts: server.address(), requests: Arc::clone(&requests) };
    serve(Router::new().route("/", get(greet)).with_state(state), app_front).await;
    (server, accounts, app, requests)
}

async fn serve(routes: Router, front: Tls) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    front.lead_to(listener.local_addr().unwrap().to_string());
    // The browser asks for an icon.
    let routes = routes.route("/favicon.ico", get(async || ()));
    tokio::spawn(async move { axum::serve(listener, routes).await });
}

async fn log_in(tab: &Tab, accounts: &str) {
    tab.element("#email").await;
    assert!(tab.address().await.starts_with(&format!("{accounts}/login?next=")));
    send_credentials(tab, ANN, PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_cannot_see_the_log_in_makes_no_circle() {
    let place = Place::with("accounts.test", "app.test", false).await;
    let (_server, accounts, app, requests) = serve_pages_of_a_server(place).await;
    let chromium = Chromium::launch_with(&FLAGS).await;
    let tab = chromium.tab().await;
    tab.open(&app).await;
    log_in(&tab, &accounts).await;
    let host = app.strip_prefix("https://").unwrap();
    tab.wait_for_text("h1", "You are logged in").await;
    tab.wait_for_text("main", &format!("We led you to {host} a moment ago")).await;
    assert!(tab.address().await.starts_with(&format!("{accounts}/login?next=")));
    assert_eq!(requests.load(Ordering::Relaxed), 2, "before the log-in, and after it");
    let cookies = tab.cookies(&accounts).await;
    assert!(cookies.iter().any(|cookie| cookie.name == "__Host-doorward"), "{cookies:?}");

    // Each try is one request. Loading the page again is none.
    for tries in 1..=2 {
        tab.click(".stack .primary").await;
        tab.wait_for_text("h1", "You are logged in").await;
        crate::chromium::until("the request", async || {
            (requests.load(Ordering::Relaxed) == 2 + tries).then_some(())
        })
        .await;
    }
    tab.wait_for_text("h1", "You are logged in").await;
    tab.value("location.reload(); true").await;
    tab.wait_for_text("h1", "You are logged in").await;
    assert_eq!(requests.load(Ordering::Relaxed), 4);
    // The same in a second tab, while the first one is open.
    let second = chromium.tab().await;
    second.open(&app).await;
    second.wait_for_text("h1", "You are logged in").await;
    // What is missing, for those who build the app.
    tab.to_front().await;
    tab.click("summary").await;
    tab.wait_for_text("details", &format!("GET {accounts}/me")).await;
    tab.wait_for_text("details", &format!("must have {app}.")).await;
    tab.click(".cancel").await;
    tab.wait_for_text("main", "This device").await;
    for tab in [&tab, &second] {
        assert_eq!(tab.complaints(), [] as [&str; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_on_the_same_host_sees_the_log_in() {
    let place = Place::with("accounts.test", "accounts.test", false).await;
    let (_server, accounts, app, _) = serve_pages_of_a_server(place).await;
    let chromium = Chromium::launch_with(&FLAGS).await;
    let tab = chromium.tab().await;
    for _ in 0..2 {
        tab.open(&app).await;
        log_in(&tab, &accounts).await;
        tab.wait_for_text("p", &format!("Hello {ANN}")).await;
        assert_eq!(tab.address().await, format!("{app}/"));
        // The app sends them to log out, and gets them back.
        tab.open(&format!("{accounts}/logout?next={app}/")).await;
        tab.click("button.primary").await;
        tab.element("#email").await;
    }
    assert_eq!(tab.complaints(), [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_on_the_same_site_sees_the_log_in() {
    let Place { server: _server, accounts, app, app_front } =
        Place::with("accounts.example.test", "app.example.test", true).await;
    let page = format!(
        r#"<!doctype html><title>app</title><p></p><button>Log out</button><script>
        const ask = (path, method) => fetch("{accounts}" + path, {{ method, credentials: "include" }});
        const log_in = () => location = "{accounts}/login?next=" + encodeURIComponent(location.href);
        ask("/me", "GET").then(async (answer) => answer.ok
            ? document.querySelector("p").textContent = "Hello " + (await answer.json()).email : log_in());
        document.querySelector("button").onclick = () => ask("/logout", "POST").then(log_in);
        </script>"#
    );
    serve(Router::new().route("/", get(async move || Html(page.clone()))), app_front).await;
    let chromium = Chromium::launch_with(&FLAGS).await;
    let tab = chromium.tab().await;
    tab.open(&app).await;
    // A person who logs out and comes again sees no other page than the log-in.
    for _ in 0..2 {
        log_in(&tab, &accounts).await;
        tab.wait_for_text("p", &format!("Hello {ANN}")).await;
        assert_eq!(tab.address().await, format!("{app}/"));
        tab.click("button").await;
    }
    log_in(&tab, &accounts).await;
    tab.wait_for_text("p", &format!("Hello {ANN}")).await;
    // The log has the 401 of the script before each log-in.
    let complaints = tab.complaints();
    assert!(complaints.iter().all(|complaint| complaint.contains("401")), "{complaints:?}");
}
