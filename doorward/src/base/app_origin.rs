//! The origins of apps that are not web sites. Their pages have a scheme of their own, such as `tauri://localhost`.
//!
//! Browsers send an origin as scheme, host and port, without a path (RFC 6454, section 6.2). Scheme and host are in
//! lower case (section 4). No port is left out, because only the schemes of the web imply one.

/// Pages of these schemes have no origin. Browsers send `null` for all of them.
const WITHOUT_ORIGIN: [&str; 7] =
    ["about", "blob", "data", "file", "filesystem", "javascript", "view-source"];

/// Reads the origin of an app. Returns it, or the reason to refuse it. Returns `None` for an origin of the web, and for
/// a text without a scheme.
pub(super) fn read(origin: &str) -> Option<Result<String, String>> {
    let (scheme, _) = origin.split_once("://")?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    // RFC 3986, section 3.1.
    let is_scheme =
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_part);
    let scheme = scheme.to_ascii_lowercase();
    let is_app = is_scheme && scheme != "http" && scheme != "https";
    is_app.then(|| check(origin, &scheme))
}

fn check(origin: &str, scheme: &str) -> Result<String, String> {
    let lower = origin.to_ascii_lowercase();
    if origin.contains('*') {
        return Err("a wildcard would allow any app; list each origin".into());
    }
    if WITHOUT_ORIGIN.contains(&scheme) {
        return Err(format!("browsers send null for pages of {scheme}:, and pages of anybody send null"));
    }
    let named = &lower[scheme.len() + "://".len()..];
    let (host, port) = named.split_once(':').map_or((named, None), |(host, port)| (host, Some(port)));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
    if host.is_empty() || !host.bytes().all(is_host) || !port.is_none_or(is_port) {
        return Err(format!("expected an origin such as \"{scheme}://localhost\", without a path"));
    }
    if scheme == "ws" || scheme == "wss" {
        let page = lower.replacen("ws", "http", 1);
        return Err(format!("a WebSocket has the origin of its page, such as {page:?}"));
    }
    if lower == origin { Ok(lower) } else { Err(format!("browsers send it as {lower:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_send_it() {
        for good in [
            "tauri://localhost",
            "capacitor://localhost",
            "ionic://localhost",
            "app://.",
            "app://-",
            "app://bundle.example:1420",
            "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn",
            "moz-extension://a1cd9ab7-ab15-462c-9315-8eece8e16982",
            "vscode-file://vscode-app",
            "com.example.app://localhost",
            "x+1://localhost:0",
        ] {
            assert_eq!(read(good), Some(Ok(good.to_owned())));
        }
    }

    #[test]
    fn an_origin_that_no_browser_sends_is_refused_with_the_cause() {
        for (bad, cause) in [
            ("tauri://", "without a path"),
            ("tauri://localhost/", "without a path"),
            ("tauri://localhost/index.html", "without a path"),
            ("tauri://localhost?x", "without a path"),
            ("tauri://localhost#x", "without a path"),
            ("tauri://ann@localhost", "without a path"),
            ("tauri://localhost:", "without a path"),
            ("tauri://localhost:080", "without a path"),
            ("tauri://localhost:+80", "without a path"),
            ("tauri://localhost:65536", "without a path"),
            ("tauri://local host", "without a path"),
            ("tauri://bücher", "without a path"),
            ("tauri://localhost, tauri://x", "without a path"),
            ("tauri://localhost\n", "without a path"),
            ("Tauri://localhost", "browsers send it as \"tauri://localhost\""),
            ("tauri://LOCALHOST", "browsers send it as \"tauri://localhost\""),
            ("tauri://*", "wildcard"),
            ("chrome-extension://*", "wildcard"),
            ("file://", "browsers send null"),
            ("file://localhost", "browsers send null"),
            ("FILE://localhost", "browsers send null"),
            ("blob://localhost", "browsers send null"),
            ("data://x", "browsers send null"),
            ("wss://app.example.org", "such as \"https://app.example.org\""),
            ("ws://localhost:3000", "such as \"http://localhost:3000\""),
        ] {
            let refused = read(bad).unwrap().unwrap_err();
            assert!(refused.contains(cause), "{bad:?}: {refused}");
        }
    }

    #[test]
    fn other_texts_are_no_origin_of_an_app() {
        for other in [
            "https://app.example.org",
            "HTTP://localhost",
            "http://tauri.localhost",
            "null",
            "*",
            "",
            "tauri",
            "tauri:localhost",
            "1tauri://localhost",
            "://localhost",
            "ta uri://localhost",
        ] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }
}
