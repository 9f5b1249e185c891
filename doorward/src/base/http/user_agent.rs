//! Reads the browser and its system from a `User-Agent`, by the names that people use.
//!
//! A client can send anything here, so the result is only shown and decides nothing.

/// A browser and a system, as far as they are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) browser: Option<String>,
    pub(crate) system: Option<&'static str>,
}

/// The marks of browsers. Most browsers claim to be others too, so the order counts.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The marks of systems, in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// The most characters that are shown of a program that is not a browser.
const MAX: usize = 40;

impl Program {
    pub(crate) fn of(user_agent: &str) -> Self {
        let find = |marks: &[(&str, &'static str)]| {
            marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
        };
        let system = find(&SYSTEMS);
        if user_agent.starts_with("Mozilla/") {
            return Self { browser: find(&BROWSERS).map(str::to_owned), system };
        }
        // `curl/8.5.0`: the name before the slash.
        let name: String =
            user_agent.split(['/', ' ']).next().unwrap_or_default().chars().take(MAX).collect();
        Self { browser: (!name.is_empty()).then_some(name), system }
    }
}

/// Returns the known names only: `Firefox, Linux`. For mails: an attacker could otherwise write their own text into a
/// mail to another person.
pub(crate) fn known(user_agent: &str) -> Option<String> {
    let Program { browser, system } = Program::of(user_agent);
    let browser = browser.filter(|browser| BROWSERS.iter().any(|(_, name)| name == browser));
    let names: Vec<_> = browser.as_deref().into_iter().chain(system).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_systems_have_their_usual_names() {
        for (user_agent, browser, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
                "Chrome",
                "iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet",
                "Android",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Linux"),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome",
                "ChromeOS",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0",
                "Opera",
                "Windows",
            ),
        ] {
            let program = Program::of(user_agent);
            assert_eq!(
                (program.browser.as_deref(), program.system),
                (Some(browser), Some(system)),
                "{user_agent}"
            );
        }
    }

    #[test]
    fn a_mail_shows_only_known_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        assert_eq!(known(firefox).as_deref(), Some("Firefox, Linux"));
        assert_eq!(known("Visit-evil.example (Android)").as_deref(), Some("Android"));
        assert_eq!(known("Mozilla/5.0 visit evil.example"), None);
        assert_eq!(known("Visit-evil.example"), None);
        assert_eq!(known(""), None);
    }

    #[test]
    fn another_program_has_its_own_name() {
        assert_eq!(Program::of("curl/8.5.0"), Program { browser: Some("curl".into()), system: None });
        assert_eq!(Program::of("okhttp/4.12 (Android)").system, Some("Android"));
        assert_eq!(Program::of(""), Program::default());
        assert_eq!(Program::of("Mozilla/5.0"), Program::default());
        assert_eq!(Program::of(&"x".repeat(300)).browser.unwrap().len(), MAX);
    }
}
