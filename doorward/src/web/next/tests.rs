//! Addresses that were used for attacks elsewhere. A parser that follows WHATWG, as browsers do, checks each.

use url::Url;

use super::*;
use crate::base::config::Config;

const OWN: &str = "https://accounts.example.org";
const LISTED: [&str; 2] = ["https://app.example.org", "http://localhost:3000"];

fn site() -> Site {
    Site::of(&Config {
        public_url: format!("{OWN}/auth"),
        next_origins: LISTED.map(str::to_owned).into(),
        ..Config::default()
    })
    .unwrap()
}

const GOOD: [&str; 16] = [
    "/",
    "/account",
    "/a/b/c.html",
    "/search?q=a%20b&next=//evil.example",
    "/page#part",
    "/a?url=https://evil.example/",
    "/@evil.example",
    "/%E4%BD%A0",
    "/a:b",
    "/.well-known/x",
    "/...",
    "https://app.example.org",
    "https://app.example.org/",
    "https://app.example.org/back?code=1#x",
    "http://localhost:3000/",
    "https://accounts.example.org/auth/account",
];

const EVIL: [&str; 124] = [
    "",
    " ",
    "account",
    "evil.example",
    "?next",
    "#x",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "//evil.example@app.example.org",
    "//app.example.org@evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/\\/evil.example",
    "/\\\\evil.example",
    "//\\evil.example",
    "/path\\evil",
    "/..\\evil",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "https:\\evil.example",
    "HTTPS://evil.example",
    "hTTps:evil.example",
    "http://evil.example",
    "http:app.example.org",
    "https://evil.example",
    "https://evil.example/https://app.example.org",
    "https://evil.example#https://app.example.org",
    "https://evil.example?https://app.example.org",
    "https://app.example.org@evil.example",
    "https://app.example.org:443@evil.example",
    "https://app.example.org:x@evil.example/",
    "https://app.example.org%40evil.example",
    "https://app.example.org.evil.example",
    "https://app.example.orgevil.example",
    "https://app.example.org-evil.example",
    "https://app.example.org:8443",
    "https://app.example.org:8443/",
    "https://app.example.org\\@evil.example",
    "https://app.example.org\\.evil.example",
    "https://app.example.org%2f@evil.example",
    "https://app.example.org%00.evil.example",
    "https://app.example.org&@evil.example",
    "https://app.example.org;@evil.example",
    "https://app.example.org?@evil.example",
    "https://app.example.org#@evil.example",
    "https://app.example.org\t@evil.example",
    "https://app.example.org\n.evil.example",
    "https://user@app.example.org/",
    "https://user:pw@app.example.org/",
    "https://@app.example.org/",
    "https://App.example.org/",
    "http://app.example.org/",
    "https://app.example.org./",
    "https://xapp.example.org/",
    "https://sub.app.example.org/",
    "https://example.org/",
    "https://localhost:3000/",
    "http://localhost:30000/",
    "http://localhost:3000.evil.example/",
    "http://localhost/",
    "http://localhost:3000@evil.example/",
    "wss://app.example.org/",
    "ftp://app.example.org/",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "\tjavascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "javascript://app.example.org/%0aalert(1)",
    "javascript:%61lert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://app.example.org/x",
    "about:blank",
    "mailto:a@evil.example",
    "intent://evil.example#Intent;scheme=https;end",
    " //evil.example",
    "\t//evil.example",
    "\n//evil.example",
    "\r\n//evil.example",
    "\u{b}//evil.example",
    "\u{c}//evil.example",
    "\u{0}//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/ /evil.example",
    "\u{a0}//evil.example",
    "\u{feff}//evil.example",
    "/\u{2028}/evil.example",
    "\u{ff0f}\u{ff0f}evil.example",
    "/\u{ff0f}evil.example",
    "\u{2215}\u{2215}evil.example",
    "/\u{29f8}evil.example",
    "//evil\u{3002}example",
    "https://ev\u{131}l.example",
    "/..//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
    "/%2E./evil.example",
    "/./evil.example",
    "/../evil.example",
    "/a//evil.example",
    "/%09/evil.example",
    "/%0d%0aLocation:%20//evil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/a\r\nLocation: https://evil.example",
    "/a\r\nSet-Cookie: doorward=x",
    "/a\u{0}b",
    "/caf\u{e9}",
    "/a b",
    "/\u{7f}",
];

/// Returns the address that a browser on our login page would open.
fn followed(next: &str) -> Url {
    Url::parse(OWN).unwrap().join("/auth/login").unwrap().join(next).unwrap()
}

#[test]
fn listed_apps_and_our_own_paths_pass() {
    for next in GOOD {
        assert_eq!(checked(next, &site()), Some(next), "{next:?}");
        let origin = followed(next).origin().ascii_serialization();
        assert!(origin == OWN || LISTED.contains(&&*origin), "{next:?} leads to {origin}");
    }
}

#[test]
fn nothing_leads_to_another_site() {
    for next in EVIL {
        assert_eq!(checked(next, &site()), None, "{next:?}");
    }
    assert_eq!(checked(&format!("/{}", "a".repeat(MAX)), &site()), None);
}

proptest::proptest! {
    #[test]
    fn a_browser_stays_on_listed_origins(
        start in proptest::sample::select(vec!["", "/", "//", "https:", "https://app.example.org", OWN, "http://localhost:3000"]),
        rest in proptest::collection::vec(
            proptest::sample::select(vec!["/", "\\", "@", ":", ".", "..", "?", "#", "%2f", "%09", "\t", " ", "evil.example", "a", ";", "443"]),
            0..8,
        ),
    ) {
        let next = format!("{start}{}", rest.concat());
        if let Some(next) = checked(&next, &site()) {
            let origin = followed(next).origin().ascii_serialization();
            proptest::prop_assert!(origin == OWN || LISTED.contains(&&*origin), "{next:?} leads to {origin}");
        }
    }
}
