//! Any query as an authorization request, with and without a person who is logged in: no error of ours, no panic, and no way
//! to an address that is not registered.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use doorward::{Auth, Config, provider::ClientConfig, test_util::TestAuth};
use http_body_util::BodyExt as _;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The registered addresses, as they may begin a `Location`.
const REGISTERED: [&str; 3] =
    ["https://wiki.example.org/callback", "https://own.example.org/callback", "com.example.app:/callback"];

/// What became of the request of a person who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The app got a code.
    Code,
    /// The app was told an error.
    Told,
    /// A page asks the person, or answers the app as a form.
    Asked,
    /// A page leads on.
    LedOn,
    /// A page says that the link does not work.
    Refused,
    /// No server would take this path.
    Unreadable,
}

/// An application with apps, and a person in a browser.
pub struct Place {
    runtime: Runtime,
    accounts: TestAuth,
    router: Router,
    cookie: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Place {
    /// Tries a query.
    pub fn check(&self, bytes: &[u8]) -> Outcome {
        let Ok(query) = std::str::from_utf8(bytes) else { return Outcome::Unreadable };
        let wanted = format!("/auth/oauth/authorize?{query}");
        if axum::http::Uri::try_from(&wanted).is_err() {
            return Outcome::Unreadable;
        }
        self.runtime.block_on(async {
            Self::assert_safe(&self.send("GET", &wanted, None, "").await, query);
            for (form, body) in
                [("consent", "decision=allow"), ("consent", "decision=deny"), ("choose", "account=this")]
            {
                let address = format!("/auth/oauth/{form}?{query}");
                Self::assert_safe(&self.send("POST", &address, Some(&self.cookie), body).await, query);
            }
            // An app may also post it.
            Self::assert_safe(&self.send("POST", "/auth/oauth/authorize", None, query).await, query);
            Self::assert_safe(&self.send("GET", &wanted, Some(&self.cookie), "").await, query)
        })
    }

    pub fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio starts");
        let app = |id: &str, address: &str| ClientConfig {
            id: id.into(),
            name: id.into(),
            redirect_uris: vec![address.into()],
            ..ClientConfig::default()
        };
        let public = |id: &str, address: &str| ClientConfig { public: true, ..app(id, address) };
        let wiki = ClientConfig {
            secret: Some("a secret with 32 characters or more".into()),
            ..app("wiki", REGISTERED[0])
        };
        let own = ClientConfig { first_party: true, ..public("own-app", REGISTERED[1]) };
        let phone = ClientConfig {
            scopes: vec!["openid".into(), "read".into()],
            resources: vec!["https://api.example.org".into()],
            ..public("phone", REGISTERED[2])
        };
        let config = Config {
            public_url: "http://localhost:8000/auth".into(),
            secret_key_id: Some("test".into()),
            secret_key: Some("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".into()),
            scopes: [("read".to_owned(), "Read your things".to_owned())].into(),
            client: vec![wiki, own, public("tool", "http://127.0.0.1/callback"), phone],
            ..Config::default()
        };
        let (accounts, cookie) = runtime.block_on(async {
            let accounts = Auth::for_tests().config(config).await;
            let ann = accounts.new_user("ann@example.org").await;
            let cookie = accounts.log_in_browser_as(&ann).await.cookie();
            (accounts, cookie.to_str().expect("a cookie is ASCII").to_owned())
        });
        let auth: &Auth = &accounts;
        let router = Router::new().nest("/auth", auth.router());
        Self { runtime, accounts, router, cookie }
    }

    async fn send(&self, method: &str, address: &str, cookie: Option<&str>, body: &str) -> Answer {
        let mut request =
            Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(body.to_owned())).expect("the address was checked");
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body ends").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Asserts that an answer leads nowhere but to an address of ours or of the apps.
    fn assert_safe(answer: &Answer, query: &str) -> Outcome {
        let Answer { status, headers, text } = answer;
        assert!(!status.is_server_error() && !status.is_informational(), "{status} for {query:?}");
        let shown = |mark: &str| {
            let found = text.split(mark).nth(1)?.split('"').next()?;
            Some(found.replace("&#x2f;", "/").replace("&amp;", "&").replace("&#x27;", "'"))
        };
        if let Some(policy) = headers.get(header::CONTENT_SECURITY_POLICY) {
            let policy = policy.to_str().expect("a policy is ASCII");
            let forms =
                policy.split("form-action ").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or("none");
            let may = |source: &str| {
                ["'none'", "'self'"].contains(&source)
                    || is_of_app(&format!("{source}/callback"))
                    || source == "com.example.app:"
            };
            assert!(forms.split(' ').all(may), "{forms} for {query:?}");
        }
        for action in [shown("method=\"post\" action=\""), shown("content=\"0;url=")].into_iter().flatten() {
            assert!(is_ours(&action) || is_of_app(&action), "a page leads to {action} for {query:?}");
        }
        match headers.get(header::LOCATION) {
            Some(address) => {
                let address = address.to_str().expect("an address is ASCII");
                assert_eq!(*status, StatusCode::SEE_OTHER, "{query:?}");
                assert!(is_ours(address) || is_of_app(address), "led to {address} for {query:?}");
                if let Some(log_in) = address.strip_prefix("/auth/login?") {
                    let mut next =
                        form_urlencoded::parse(log_in.as_bytes()).filter(|(name, _)| name == "next");
                    assert!(next.all(|(_, next)| is_ours(&next)), "led to {address} for {query:?}");
                }
                if is_ours(address) {
                    Outcome::LedOn
                } else if address.contains("error=") {
                    Outcome::Told
                } else {
                    Outcome::Code
                }
            }
            None if *status == StatusCode::OK && text.contains("http-equiv=\"refresh\"") => Outcome::LedOn,
            None if *status == StatusCode::OK => Outcome::Asked,
            None => Outcome::Refused,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.runtime.block_on(self.accounts.close());
    }
}

/// Returns `true` for a path of ours.
fn is_ours(address: &str) -> bool {
    let pages = ["login", "oauth/authorize", "oauth/consent", "oauth/choose", "oauth/confirm", "account"];
    let rest = address.strip_prefix("/auth/");
    rest.is_some_and(|rest| pages.iter().any(|page| rest.strip_prefix(page).is_some_and(is_end)))
}

/// Returns `true` if an address is a registered one.
fn is_of_app(address: &str) -> bool {
    let registered = REGISTERED.iter().any(|known| address.strip_prefix(known).is_some_and(is_end));
    let port = address.strip_prefix("http://127.0.0.1:").unwrap_or_default();
    let port_end = port.find('/').unwrap_or(0);
    let with_port = port_end > 0
        && port[..port_end].bytes().all(|byte| byte.is_ascii_digit())
        && port[port_end..].strip_prefix("/callback").is_some_and(is_end);
    registered || with_port || address.strip_prefix("http://127.0.0.1/callback").is_some_and(is_end)
}

/// Returns `true` if the path of an address ends here.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('?')
}
