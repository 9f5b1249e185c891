//! The look of the pages: style, accent colour, icon, logo and script. An operator can replace all but the script.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Uri},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    auth::Auth,
    base::{
        error::{Error, Result},
        http::asset::Asset,
    },
    web::pages::visit::Visit,
};

const STYLE: &str = include_str!("../../../assets/pages/style.css");
/// The icon, in the default accent colour.
const ICON: &str = include_str!("../../../assets/pages/icon.svg");
const SCRIPT: &str = include_str!("../../../assets/pages/script.js");

/// The file names that an operator's logo may have, and their media types.
const LOGOS: [(&str, &str); 2] = [("logo.svg", "image/svg+xml"), ("logo.png", "image/png")];

/// The files and the policy that all pages share.
pub(crate) struct Look {
    /// Every page contains it, so that a browser paints the page after one round trip.
    pub(crate) style: String,
    /// The content security policy. It allows the style by its hash.
    pub(crate) policy: HeaderValue,
    script: Asset,
    icon: Asset,
    logo: Option<(&'static str, Asset)>,
}

impl Look {
    pub(crate) fn of(auth: &Auth) -> Self {
        let own = |name: &str| auth.templates().file(name);
        let accent = Rgb::parse(&auth.config().accent_color);
        let (light, dark) = (accent.readable_on_white(), accent.readable_on_black());
        let style = own("style.css").map_or_else(|| STYLE.into(), String::from_utf8_lossy);
        let style = format!(
            "{}:root{{--accent:{}}}@media(prefers-color-scheme:dark){{:root{{--accent:{}}}}}",
            squeezed(&style),
            light.hex(),
            dark.hex()
        );
        let hash = STANDARD.encode(Sha256::digest(&style));
        // Browsers apply `form-action` to the redirect after a form too.
        let targets: String = auth.site().next_origins.iter().map(|origin| format!(" {origin}")).collect();
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; script-src 'self'; connect-src 'self'; img-src 'self'; \
             form-action 'self'{targets}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
        let icon = own("icon.svg")
            .map_or_else(|| ICON.replace("#2f5bd7", &light.hex()).into_bytes(), <[u8]>::to_vec);
        Self {
            style,
            policy: HeaderValue::try_from(policy).expect("origins are checked to be ASCII"),
            script: Asset::plain("text/javascript; charset=utf-8", SCRIPT),
            icon: Asset::plain("image/svg+xml", icon),
            logo: LOGOS
                .into_iter()
                .find_map(|(name, kind)| Some((name, Asset::plain(kind, own(name)?.to_vec())))),
        }
    }

    pub(super) fn script_address(&self, visit: &Visit) -> String {
        visit.address_of("script.js", &self.script)
    }

    pub(super) fn icon_address(&self, visit: &Visit) -> String {
        visit.address_of("icon.svg", &self.icon)
    }

    pub(super) fn logo_address(&self, visit: &Visit) -> Option<String> {
        self.logo.as_ref().map(|(name, logo)| visit.address_of(name, logo))
    }
}

/// `GET /static/{file}`.
pub(crate) async fn file(
    State(look): State<Arc<Look>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response> {
    let asset = match (&*name, &look.logo) {
        ("script.js", _) => &look.script,
        ("icon.svg", _) => &look.icon,
        (name, Some((known, logo))) if name == *known => logo,
        _ => return Err(Error::NotFound),
    };
    Ok(asset.serve(&uri, &headers))
}

/// Removes comments, indents and line ends from a style sheet.
fn squeezed(style: &str) -> String {
    let mut rest = style;
    let mut out = String::with_capacity(style.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.lines().map(str::trim).collect()
}

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb([f64; 3]);

impl Rgb {
    /// Reads `#rrggbb`. The configuration was checked for this form.
    fn parse(text: &str) -> Self {
        let part = |at: usize| {
            let digits = text.get(at..at + 2).unwrap_or_default();
            f64::from(u8::from_str_radix(digits, 16).unwrap_or_default()) / 255.0
        };
        Self([part(1), part(3), part(5)])
    }

    fn hex(self) -> String {
        let [red, green, blue] = self.0.map(|part| (part * 255.0).round() as u8);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Returns the relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self
            .0
            .map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Returns the contrast ratio (WCAG 2.2), from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }

    /// Moves this colour towards `end`, by as little as it takes to stand out from `ground`.
    fn moved(self, end: f64, ground: Self) -> Self {
        const ENOUGH: f64 = 5.0;
        (0..=50)
            .map(|step| Self(self.0.map(|part| part + (end - part) * f64::from(step) / 50.0)))
            .find(|color| color.contrast(ground) >= ENOUGH)
            .unwrap_or(Self([end; 3]))
    }

    /// Returns the colour for links and buttons on a light page. White text on such a button is readable too.
    fn readable_on_white(self) -> Self {
        self.moved(0.0, Self([1.0; 3]))
    }

    /// Returns the colour for a dark page. Its cards are lighter than black.
    fn readable_on_black(self) -> Self {
        self.moved(1.0, Self::parse("#20242d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_colour_can_be_read_in_both_themes() {
        for color in ["#000000", "#ffffff", "#ffff00", "#2f5bd7", "#777777", "#00ff00", "#d0021b", "#123456"]
        {
            let accent = Rgb::parse(color);
            assert!(accent.readable_on_white().contrast(Rgb([1.0; 3])) >= 4.5, "{color}");
            // The page, a card, and dark text on a button.
            for ground in ["#0e1014", "#171a21", "#0b1020"] {
                assert!(accent.readable_on_black().contrast(Rgb::parse(ground)) >= 4.5, "{color}");
            }
        }
        // A readable colour is not changed.
        assert_eq!(Rgb::parse("#2f5bd7").readable_on_white().hex(), "#2f5bd7");
        assert!((Rgb::parse("#ffffff").contrast(Rgb::parse("#000000")) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn a_style_is_squeezed_without_changing_its_meaning() {
        let style = "/* a */\n:root {\n  --a: 1px;\n}\n@media (x) {\n  a :hover { b: calc(1px + 2px); }\n}\n";
        assert_eq!(squeezed(style), ":root {--a: 1px;}@media (x) {a :hover { b: calc(1px + 2px); }}");
        assert!(squeezed(STYLE).len() < 15 * 1024);
        assert!(!squeezed(STYLE).contains("</"));
    }
}
