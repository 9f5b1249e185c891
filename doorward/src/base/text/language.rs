//! The languages of the texts, and the choice of one for a request.

use axum::http::{HeaderMap, Uri, header};

use crate::base::http::input;

/// A language of the texts.
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

/// Every language, in the order of the language menu.
pub(crate) const LANGUAGES: [Language; 5] =
    [Language::English, Language::German, Language::French, Language::Spanish, Language::Chinese];

impl Language {
    /// Returns the tag of RFC 5646, as in `lang` of HTML and in `Accept-Language`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Chinese => "zh",
        }
    }

    /// Returns the language of a tag. Ignores the country and the script in it: `de`, `de-AT`, `zh-Hans-CN`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }

    /// Returns the language that `?lang=` in the address names, if there are texts in it.
    pub(crate) fn chosen(uri: &Uri) -> Option<Self> {
        Self::of_tag(&input::parameter(uri, "lang")?)
    }

    /// Returns the [chosen](Self::chosen) language, or else the [accepted](Self::accepted) one.
    pub(crate) fn wanted(uri: &Uri, headers: &HeaderMap) -> Self {
        Self::chosen(uri).unwrap_or_else(|| Self::accepted(headers))
    }

    /// Returns the language with the greatest weight in `Accept-Language` (RFC 9110, section 12.5.4), or English if
    /// the header names none of ours.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let mut best = (Self::English, 0.0);
        for range in values.flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let Some(language) = Self::of_tag(parts.next().unwrap_or_default()) else { continue };
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let weight = weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
            // The first of several with the same weight wins. A weight of 0 refuses a language.
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
    fn the_accepted_language_with_the_greatest_weight_is_taken() {
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
