//! The public address of the routes, and the other origins that may call them.

use axum::http::{HeaderName, HeaderValue, Uri, uri::Scheme};

use crate::base::{app_origin, config::Config, open_error::OpenError, text::shown::shown};

/// The parts of the public address, and the origins that are allowed.
#[derive(Debug)]
pub(crate) struct Site {
    /// As browsers send it: `https://example.org`.
    pub(crate) origin: HeaderValue,
    /// The path the routes are mounted at, if the address names one: `/auth`, without a slash at the end.
    pub(crate) path: String,
    /// `true` if the public address is https.
    pub(crate) secure: bool,
    /// `true` if only this machine reaches it.
    pub(crate) loopback: bool,
    /// The start of links in mails, without a slash at the end: our address, or `pages_url`.
    pub(crate) pages: String,
    /// The origins of `cors_origins`, of any scheme.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// The headers that pages of those origins may send, beside those that our routes read.
    pub(crate) cors_headers: Vec<HeaderName>,
    /// The origins of `next_origins`.
    pub(crate) next_origins: Vec<String>,
}

impl Site {
    /// Returns the name or address of the public host. An IPv6 address is in brackets.
    pub(crate) fn host(&self) -> &str {
        let origin = self.origin.to_str().unwrap_or_default();
        let named = origin.split_once("://").map_or(origin, |(_, named)| named);
        match named.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => named,
        }
    }

    pub(crate) fn of(config: &Config) -> Result<Self, OpenError> {
        let public = Address::of(&["public_url"], &config.public_url);
        let sends_mail = config.smtp_url.is_some() || config.dev_mailbox;
        let pages = match &config.pages_url {
            Some(url) => Address::of(&["pages_url"], url).map(|address| Some(address.text())),
            None if !config.pages && sends_mail => Err(no_pages()),
            None => Ok(None),
        };
        let cors_origins = list(&["cors_origins"], &config.cors_origins, any_origin);
        let cors_headers = list(&["cors_headers"], &config.cors_headers, header_name);
        let next_origins = list(&["next_origins"], &config.next_origins, listed_origin);
        let addresses = OpenError::both(public, pages);
        let lists = OpenError::both(OpenError::both(cors_origins, cors_headers), next_origins);
        let ((public, pages), lists) = OpenError::both(addresses, lists)?;
        let ((cors_origins, cors_headers), next_origins) = lists;
        let pages = pages.unwrap_or_else(|| public.text());
        let header = |origin| HeaderValue::try_from(origin).expect("an origin is checked to be ASCII");
        let Address { origin, path, secure, loopback } = public;
        Ok(Self {
            origin: header(origin),
            path,
            secure,
            loopback,
            pages,
            cors_origins: cors_origins.into_iter().map(header).collect(),
            cors_headers,
            next_origins,
        })
    }
}

/// There is mail, but no page that its links could open.
pub(crate) fn no_pages() -> OpenError {
    let why = match cfg!(feature = "pages") {
        true => ", with pages = false",
        false => ": this program was built without the feature `pages` of the library",
    };
    let cause = "expected the address of your pages, which links in mails open";
    OpenError::of_setting(&["pages_url", "pages"], format!("{cause}{why}"))
}

/// The keys that a mistake is about.
pub(crate) type Keys = &'static [&'static str];

/// The parts of a configured address.
struct Address {
    origin: String,
    path: String,
    secure: bool,
    loopback: bool,
}

impl Address {
    fn of(keys: Keys, text: &str) -> Result<Self, OpenError> {
        let bad = |cause: &str| OpenError::of_setting(keys, format!("{:?}: {cause}", shown(text)));
        let url: Uri = text.parse().map_err(|_| bad("expected an address such as https://example.org"))?;
        let (Some(scheme), Some(authority)) = (url.scheme(), url.authority()) else {
            return Err(bad("expected an address such as https://example.org"));
        };
        if authority.as_str().contains('@') || url.query().is_some() || text.contains('#') {
            return Err(bad("expected no user, query or fragment"));
        }
        let secure = *scheme == Scheme::HTTPS;
        let loopback = is_loopback(authority.host());
        if !secure && *scheme != Scheme::HTTP {
            return Err(bad("expected https"));
        }
        if !secure && !loopback {
            return Err(bad("expected https: over http, others on the way can read passwords and cookies"));
        }
        if !text.is_ascii() || text.contains('"') {
            return Err(bad("expected ASCII without quotes"));
        }
        let origin =
            canonical_origin(&url).ok_or_else(|| bad("expected an address such as https://example.org"))?;
        Ok(Self { origin, path: url.path().trim_end_matches('/').to_owned(), secure, loopback })
    }

    fn text(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

/// Reads a list. The error is about all that cannot be read.
pub(crate) fn list<T>(
    keys: Keys,
    texts: &[String],
    read: fn(Keys, &str) -> Result<T, OpenError>,
) -> Result<Vec<T>, OpenError> {
    let mut all = Ok(Vec::new());
    for text in texts {
        all = OpenError::both(all, read(keys, text)).map(|(mut all, one)| {
            all.push(one);
            all
        });
    }
    all
}

/// Reads an origin of the web, or of an app that is no web site.
fn any_origin(keys: Keys, origin: &str) -> Result<String, OpenError> {
    match app_origin::read(origin) {
        Some(read) => {
            read.map_err(|cause| OpenError::of_setting(keys, format!("{:?}: {cause}", shown(origin))))
        }
        None => listed_origin(keys, origin),
    }
}

/// Reads an origin of the web. It is compared byte by byte, so it must be written as browsers send it.
pub(crate) fn listed_origin(keys: Keys, origin: &str) -> Result<String, OpenError> {
    let bad = |cause: String| OpenError::of_setting(keys, format!("{:?}: {cause}", shown(origin)));
    if origin.contains('*') {
        return Err(bad("a wildcard would allow any site; list each origin".into()));
    }
    let url: Option<Uri> = origin.parse().ok();
    match url.as_ref().and_then(canonical_origin) {
        Some(canonical) if canonical == origin && origin.is_ascii() => Ok(canonical),
        Some(canonical) => Err(bad(format!("browsers send it as {:?}", shown(&canonical)))),
        None => Err(bad("expected an origin such as \"https://app.example.org\"".into())),
    }
}

/// Reads a name in `cors_headers`.
fn header_name(keys: Keys, name: &str) -> Result<HeaderName, OpenError> {
    let bad = |cause: &str| OpenError::of_setting(keys, format!("{:?}: {cause}", shown(name)));
    // Fetch, section 3.3.4: with cookies the wildcard is a name like any other.
    if name == "*" {
        return Err(bad("a wildcard allows nothing where pages send cookies; list each header"));
    }
    name.parse().map_err(|_| bad("expected the name of a header, such as \"x-request-id\""))
}

/// Returns scheme, host and port as browsers write them, without a port that the scheme implies.
fn canonical_origin(url: &Uri) -> Option<String> {
    let (scheme, authority) = (url.scheme_str()?.to_ascii_lowercase(), url.authority()?);
    let host = authority.host().to_ascii_lowercase();
    let default_port = match &*scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let named = authority.as_str().rsplit('@').next()?;
    let port = match named.get(host.len()..)?.strip_prefix(':') {
        None if named.len() == host.len() => None,
        None => return None,
        Some(port) => Some(port.parse::<u16>().ok()?),
    };
    if host.is_empty() || host.ends_with('.') || named.len() != authority.as_str().len() {
        return None;
    }
    Some(match port.filter(|port| *port != default_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// Returns `true` if this host of a URL is this machine for a browser. That is `localhost`, a name that ends with
/// `.localhost` (RFC 6761, section 6.3), or a loopback address.
///
/// To decide where to connect to, use [`is_dialled_here`]: a resolver may send another `.localhost` elsewhere.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    name.ends_with(".localhost") || is_dialled_here(&name)
}

/// Returns `true` if a connection to this host stays on this machine.
pub(crate) fn is_dialled_here(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let ip: Option<std::net::IpAddr> = name.parse().ok();
    name.eq_ignore_ascii_case("localhost") || ip.is_some_and(|ip| ip.is_loopback())
}

/// Returns `true` if the host of this URL is this machine.
pub(crate) fn is_loopback_url(url: &str) -> bool {
    let url: Option<Uri> = url.parse().ok();
    url.as_ref().and_then(Uri::host).is_some_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(public_url: &str, cors_origins: &[&str]) -> Result<Site, OpenError> {
        Site::of(&Config {
            public_url: public_url.into(),
            cors_origins: cors_origins.iter().map(|&origin| origin.to_owned()).collect(),
            ..Config::default()
        })
    }

    #[test]
    fn the_public_address_is_read() {
        let site = site("https://Example.org:443/auth/", &["https://app.example.org:8443"]).unwrap();
        assert_eq!((site.origin.to_str().unwrap(), &*site.path), ("https://example.org", "/auth"));
        assert!(site.secure && !site.loopback);
        assert_eq!(site.host(), "example.org");
        assert_eq!(site.cors_origins, ["https://app.example.org:8443"]);
    }

    #[test]
    fn without_our_pages_links_in_mails_open_those_of_the_host() {
        let config = |pages, pages_url: Option<&str>| Config {
            pages,
            pages_url: pages_url.map(str::to_owned),
            dev_mailbox: true,
            ..Config::default()
        };
        let pages = |pages, url| Site::of(&config(pages, url)).map(|site| site.pages);
        assert_eq!(pages(true, None).unwrap(), "http://localhost:8000");
        let own = Some("https://App.example.org/account/");
        assert_eq!(pages(false, own).unwrap(), "https://app.example.org/account");
        assert_eq!(pages(true, own).unwrap(), "https://app.example.org/account");
        assert!(pages(false, None).unwrap_err().to_string().contains("pages_url: expected the address"));
        for bad in ["", "http://example.org", "https://example.org/?a", "https://example.org/\"x"] {
            assert!(pages(false, Some(bad)).is_err(), "{bad:?}");
        }
        // Without mail there are no links.
        assert!(Site::of(&Config { pages: false, ..Config::default() }).is_ok());
    }

    #[test]
    fn plain_http_is_only_for_this_machine() {
        for good in [
            "http://127.0.0.1:8000",
            "http://localhost",
            "http://[::1]:3000/auth",
            "http://127.1.2.3",
            "http://auth.localhost:8000",
            "http://A.B.LocalHost",
        ] {
            let site = site(good, &[]).unwrap();
            assert!(site.loopback && !site.secure, "{good}");
            assert!(
                good.to_ascii_lowercase().contains(site.host()) && !site.host().ends_with("00"),
                "{good}: {}",
                site.host()
            );
        }
        for bad in [
            "http://example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
            "http://notlocalhost",
            "http://xlocalhost.",
            "http://0.0.0.0:8000",
        ] {
            assert!(site(bad, &[]).unwrap_err().to_string().contains("https"), "{bad}");
        }
    }

    #[test]
    fn a_bad_address_is_refused() {
        for bad in [
            "",
            "example.org",
            "/auth",
            "ftp://example.org",
            "https://",
            "https://ann@example.org",
            "https://example.org/?a",
            "https://example.org/#a",
            "https://example.org:x",
            "https://example.org:99999",
            "https://exa mple.org",
        ] {
            assert!(site(bad, &[]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn apps_are_listed_only_where_pages_call() {
        let of_app = ["tauri://localhost", "capacitor://localhost"];
        assert_eq!(site("https://example.org", &of_app).unwrap().cors_origins, of_app);
        for bad in ["file://localhost", "tauri://localhost/", "tauri://*", "tauri://ann:hunter2@localhost"] {
            let refused = site("https://example.org", &[bad]).unwrap_err().to_string();
            assert!(refused.contains("cors_origins"), "{refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
        // A page leads people only to the web.
        let next_origins = vec!["tauri://localhost".to_owned()];
        let refused = Site::of(&Config { next_origins, ..Config::default() }).unwrap_err().to_string();
        assert!(refused.contains("next_origins"), "{refused}");
    }

    #[test]
    fn headers_of_pages_are_listed_by_name() {
        let site = |names: &[&str]| {
            let cors_headers = names.iter().map(|&name| name.to_owned()).collect();
            Site::of(&Config { cors_headers, ..Config::default() }).map(|site| site.cors_headers)
        };
        assert_eq!(site(&["X-Custom", "x-b3-traceid"]).unwrap(), ["x-custom", "x-b3-traceid"]);
        assert!(site(&[]).unwrap().is_empty());
        for bad in ["*", "", "x custom", "x:custom", "a, b", "bücher", "x\n"] {
            assert!(site(&[bad]).unwrap_err().to_string().contains("cors_headers"), "{bad:?}");
        }
    }

    #[test]
    fn origins_are_listed_exactly_as_browsers_send_them() {
        for bad in [
            "*",
            "https://*.example.org",
            "null",
            "example.org",
            "https://example.org/",
            "https://example.org/app",
            "https://Example.org",
            "https://example.org:443",
            "https://example.org.",
            "https://ann@example.org",
            "",
            "file://x",
            "https://bücher.example",
            "https://example.org?x",
        ] {
            assert!(site("https://example.org", &[bad]).is_err(), "{bad:?}");
            let next_origins = vec![bad.to_owned()];
            assert!(Site::of(&Config { next_origins, ..Config::default() }).is_err(), "{bad:?}");
        }
    }
}
