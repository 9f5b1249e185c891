//! The page that asks whether an app may see an account: what a person answers reaches the app, and nobody else can answer.

use axum::{
    Router,
    extract::RawQuery,
    response::Html,
    routing::{get, post},
};
use tokio::net::TcpListener;

use crate::{
    chromium::{Chromium, Tab, until},
    cross_site::serve,
    people::{ANN, PASSWORD, logged_in, send_credentials},
    server::Server,
    tls::Tls,
};

/// Finds our hosts on this machine, and trusts their certificates.
const FLAGS: [&str; 2] = ["host-resolver-rules=MAP *.test 127.0.0.1", "ignore-certificate-errors"];

/// The file of a server with one app, which people come back to at this address.
fn with_app(callback: &str) -> String {
    format!(
        "[[client]]\nid = \"wiki\"\nname = \"The wiki\"\nsecret = \"the secret of the wiki, 32 or more\"\n\
         redirect_uris = [\"{callback}\"]\n"
    )
}

/// The path of a request of the app. `more` are further parameters.
fn request(callback: &str, more: &str) -> String {
    let callback = form_encoded(callback);
    format!(
        "/oauth/authorize?response_type=code&client_id=wiki&redirect_uri={callback}&scope=openid+email&state=the-state\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256{more}"
    )
}

fn form_encoded(text: &str) -> String {
    text.replace(':', "%3A").replace('/', "%2F")
}

/// An app that shows what it gets. Returns its origin.
async fn app() -> String {
    let front = Tls::bind().await;
    let origin = format!("https://app.test:{}", front.port);
    let show = |text: String| Html(format!("<!doctype html><title>app</title><p>{text}</p>"));
    let routes = Router::new()
        .route("/callback", get(async move |RawQuery(query): RawQuery| show(query.unwrap_or_default())))
        .route("/callback", post(async move |form: String| show(format!("posted {form}"))))
        .route("/favicon.ico", get(async || ()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    front.lead_to(listener.local_addr().unwrap().to_string());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    origin
}

#[tokio::test(flavor = "multi_thread")]
async fn both_answers_of_a_person_reach_the_app() {
    let callback = format!("{}/callback", app().await);
    let front = Tls::bind().await;
    let accounts = format!("https://accounts.test:{}", front.port);
    let server = Server::with_file(&with_app(&callback), &[("PUBLIC_URL", &accounts)]);
    server.register(ANN, PASSWORD);
    front.lead_to(server.address());
    let chromium = Chromium::launch_with(&FLAGS).await;
    let tab = chromium.tab().await;

    // Right after a log-in, where the page comes from a form.
    tab.open(&format!("{accounts}{}", request(&callback, ""))).await;
    send_credentials(&tab, ANN, PASSWORD).await;
    tab.wait_for_text("h1", "The wiki").await;
    tab.screenshot("consent.png").await;
    tab.click("button.secondary").await;
    tab.wait_for_text("p", "error=access_denied").await;
    assert!(tab.address().await.starts_with(&format!("{callback}?error=access_denied")));
    tab.wait_for_text("p", "state=the-state").await;

    // Now that the person is logged in.
    tab.open(&format!("{accounts}{}", request(&callback, ""))).await;
    tab.wait_for_text("h1", "The wiki").await;
    tab.click("button.primary").await;
    tab.wait_for_text("p", "code=dw_o_").await;
    tab.wait_for_text("p", &format!("iss={}", form_encoded(&accounts))).await;
    assert!(tab.address().await.starts_with(&format!("{callback}?code=")));

    // The same with the answer as a form.
    for (button, told) in [("button.primary", "code=dw_o_"), ("button.secondary", "error=access_denied")] {
        let more = "&prompt=consent&response_mode=form_post";
        tab.open(&format!("{accounts}{}", request(&callback, more))).await;
        tab.wait_for_text("h1", "The wiki").await;
        tab.click(button).await;
        tab.wait_for_text("p", &format!("posted {told}")).await;
        assert_eq!(tab.address().await, callback);
    }
    assert_eq!(tab.complaints(), [] as [&str; 0]);
}

/// Asserts that the person is still asked: nobody has answered for them.
async fn assert_asks(tab: &Tab, server: &Server, request: &str) {
    tab.open(&server.url(request)).await;
    tab.wait_for_text("h1", "The wiki").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_frame_shows_the_question_and_no_other_site_answers_it() {
    let callback = "https://wiki.example.org/callback";
    let server = Server::with_file(&with_app(callback), &[]);
    server.register(ANN, PASSWORD);
    let chromium = Chromium::launch().await;
    let own = logged_in(&chromium, &server).await;
    let request = request(callback, "");
    assert_asks(&own, &server, &request).await;

    let (page, answer) = (server.url(&request), server.url(&request.replacen("/authorize?", "/consent?", 1)));
    let frame = format!("<!doctype html><title>frame</title><iframe src=\"{page}\"></iframe>");
    let form = format!(
        "<!doctype html><form method=\"post\" action=\"{answer}\"><input name=\"decision\" value=\"allow\"></form>\
         <script>document.forms[0].submit()</script>"
    );
    let port = serve(vec![frame, form]).await;
    // The second is another origin of the same site: the browser sends the cookie along.
    for host in ["127.0.0.1", "localhost"] {
        let tab = chromium.tab().await;
        tab.open(&format!("http://{host}:{port}/0")).await;
        let complaints = until("the refusal of the frame", async || {
            Some(tab.complaints()).filter(|complaints| complaints.iter().any(|text| text.contains("frame")))
        });
        assert!(complaints.await.iter().any(|text| text.contains(&server.url(""))), "{host}");

        let tab = chromium.tab().await;
        tab.open(&format!("http://{host}:{port}/1")).await;
        let status = until("the answer", async || {
            let sent = tab.exchanges().into_iter().find(|exchange| exchange.url == answer);
            sent.and_then(|exchange| exchange.status)
        });
        assert_eq!(status.await, 403, "{host}");
        assert_asks(&own, &server, &request).await;
    }
}
