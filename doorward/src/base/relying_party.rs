//! The site that passkeys are made for: its domain, and the origins that may use them.

use std::net::IpAddr;

use doorward_passkey::RelyingParty;

use crate::base::{
    config::Config,
    open_error::OpenError,
    site::{self, Keys, Site},
    text::shown::shown,
};

/// The keys of the settings.
const RP_ID: Keys = &["passkey_rp_id", "public_url"];
const RELATED: Keys = &["passkey_related_origins"];
const APPS: Keys = &["passkey_app_origins"];

/// Returns the site of these settings, or `None` if browsers make no passkeys for it: its host is a number.
///
/// # Errors
/// If `passkey_rp_id` is neither the host of `public_url` nor a domain around it.
pub(crate) fn relying_party(config: &Config, site: &Site) -> Result<Option<RelyingParty>, OpenError> {
    let host = site.host();
    let is_number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let id = match &config.passkey_rp_id {
        None if is_number => return Ok(None),
        None => host,
        Some(id) => {
            let around = host.strip_suffix(id.as_str()).is_some_and(|rest| rest.ends_with('.'));
            let is_name = id.contains('.') && !id.starts_with('.') && !is_number;
            if id != host && !(around && is_name) {
                let expected = format!("expected {host:?} or a domain around it, not {:?}", shown(id));
                return Err(OpenError::of_setting(RP_ID, expected));
            }
            id
        }
    };
    site::list(RELATED, &config.passkey_related_origins, site::listed_origin)?;
    site::list(APPS, &config.passkey_app_origins, app_origin)?;
    let origin = site.origin.to_str().unwrap_or_default().to_owned();
    let listed = site.cors_origins.iter().filter_map(|origin| origin.to_str().ok());
    let inside = listed.filter(|origin| is_inside(origin, id)).map(str::to_owned);
    let others = config.passkey_related_origins.iter().chain(&config.passkey_app_origins).cloned();
    let origins: Vec<String> = std::iter::once(origin).chain(inside).chain(others).collect();
    Ok(Some(RelyingParty::new(id, &*config.service_name, origins)))
}

/// Checks the name of an app on a phone.
fn app_origin(keys: Keys, origin: &str) -> Result<(), OpenError> {
    let hash = origin.strip_prefix("android:apk-key-hash:").unwrap_or_default();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    match !hash.is_empty() && hash.bytes().all(is_base64) {
        true => Ok(()),
        false => {
            let expected = "expected an app such as android:apk-key-hash: and its hash in base64url";
            Err(OpenError::of_setting(keys, format!("{:?}: {expected}", shown(origin))))
        }
    }
}

/// Returns `true` if the host of this origin of the web is this domain or inside it.
fn is_inside(origin: &str, domain: &str) -> bool {
    let Some(named) = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")) else {
        return false;
    };
    let host = named.split(':').next().unwrap_or_default();
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(config: Config) -> Result<Option<RelyingParty>, OpenError> {
        relying_party(&config, &Site::of(&config).unwrap())
    }

    fn at(public_url: &str, rp_id: Option<&str>) -> Result<Option<String>, OpenError> {
        let (public_url, passkey_rp_id) = (public_url.to_owned(), rp_id.map(str::to_owned));
        Ok(of(Config { public_url, passkey_rp_id, ..Config::default() })?.map(|site| site.id))
    }

    #[test]
    fn the_domain_is_the_public_host_or_one_around_it() {
        let found = |url, id| at(url, id).unwrap();
        assert_eq!(found("https://accounts.example.org/auth", None).unwrap(), "accounts.example.org");
        assert_eq!(found("http://localhost:8000", None).unwrap(), "localhost");
        assert_eq!(found("https://accounts.example.org", Some("example.org")).unwrap(), "example.org");
        assert_eq!(found("http://127.0.0.1:8000", None), None);
        assert_eq!(found("http://[::1]:8000", None), None);
        for wrong in [
            "example.com",
            "org",
            "ts.example.org",
            ".example.org",
            "x.accounts.example.org",
            "",
            "Example.org",
        ] {
            let refused = at("https://accounts.example.org", Some(wrong)).unwrap_err().to_string();
            assert!(refused.contains("passkey_rp_id"), "{wrong}: {refused}");
        }
    }

    #[test]
    fn pages_inside_the_domain_may_use_its_passkeys() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let site = of(Config {
            public_url: "https://accounts.example.org".into(),
            passkey_rp_id: Some("example.org".into()),
            cors_origins: texts(&[
                "https://app.example.org:8443",
                "https://example.org",
                "https://badexample.org",
                "https://example.org.evil.example",
                "tauri://localhost",
            ]),
            passkey_related_origins: texts(&["https://example.net"]),
            passkey_app_origins: texts(&["android:apk-key-hash:AAAA"]),
            ..Config::default()
        });
        let expected = [
            "https://accounts.example.org",
            "https://app.example.org:8443",
            "https://example.org",
            "https://example.net",
            "android:apk-key-hash:AAAA",
        ];
        assert_eq!(site.unwrap().unwrap().origins, expected);
    }
}
