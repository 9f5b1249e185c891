//! The languages of texts, and which of them a request wants.

use axum::http::{HeaderMap, Uri, header};

use crate::base::http::input;

/// A language that there are texts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    German,
    French,
    Spanish,
    /// In simplified characters.
    Chinese,
}

/// Every language, in the order in which they are offered.
pub(crate) const LANGUAGES: [Language; 5] =
    [Language::English, Language::German, Language::French, Language::Spanish, Language::Chinese];

impl Language {
    /// As in `lang` of HTML and in `Accept-Language` (RFC 5646).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese => "zh",
        }
    }

    /// What those who speak it call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Chinese => "中文",
        }
    }

    /// The language of a tag, whatever country or script it names: `de`, `de-AT`, `zh-Hans-CN`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// The language that somebody chose by `?lang=`, if there is one of that name.
    pub(crate) fn chosen(uri: &Uri) -> Option<Self> {
        Self::of_tag(&input::parameter(uri, "lang")?)
    }

    /// The language that somebody chose, or else the one that their browser likes best.
    pub(crate) fn wanted(uri: &Uri, headers: &HeaderMap) -> Self {
        Self::chosen(uri).unwrap_or_else(|| Self::accepted(headers))
    }

    /// The language that `Accept-Language` likes best of those there are (RFC 9110, section 12.5.4); English if it
    /// names none.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let mut best = (Self::English, 0.0);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let Some(language) = Self::of_tag(parts.next().unwrap_or_default()) else { continue };
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let weight = weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
            // The first of those that are liked alike, and none that is refused.
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(line: &'static str) -> &'static str {
        let headers = [(header::ACCEPT_LANGUAGE, HeaderValue::from_static(line))];
        Language::accepted(&headers.into_iter().collect()).tag()
    }

    #[test]
    fn the_best_accepted_language_is_taken() {
        for (line, tag) in [
            ("", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.5, fr;q=0.7", "fr"),
            ("pt, es;q=0.3", "es"),
            ("zh-Hans-CN", "zh"),
            ("ZH", "zh"),
            ("fr, de", "fr"),
            ("de;q=0, es;q=0.1", "es"),
            ("de;q=x, fr;q=0.1", "fr"),
            ("deu, nl", "en"),
            ("*", "en"),
            (";;,,q=1", "en"),
        ] {
            assert_eq!(accepted(line), tag, "{line:?}");
        }
        assert_eq!(Language::accepted(&HeaderMap::new()), Language::English);
    }
}
