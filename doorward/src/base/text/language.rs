//! The languages that people are spoken to in: which one somebody wants, and every text in it.
//!
//! The texts are Fluent files (<https://projectfluent.org>) in `languages/`, one folder for each language, compiled in.
//! English is the whole; a test holds the others to the same keys with the same variables.

use std::sync::LazyLock;

use axum::http::{HeaderMap, Uri, header};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::base::{http::input, time::Timestamp};

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

/// The texts of one language.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../../../languages/", $language, "/mail.ftl")),
            include_str!(concat!("../../../languages/", $language, "/time.ftl")),
            include_str!(concat!("../../../languages/", $language, "/pages.ftl")),
        ]
    };
}

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 5]> = LazyLock::new(|| LANGUAGES.map(bundle));

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag = language.tag().parse().expect("our tags are well-formed");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The invisible characters around what is put in would be copied along with an address.
    bundle.set_use_isolating(false);
    for file in language.files() {
        let texts = FluentResource::try_new(file.to_owned()).expect("a test reads every file");
        bundle.add_resource(texts).expect("a test finds no key twice");
    }
    bundle
}

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

    fn files(self) -> impl IntoIterator<Item = &'static str> {
        match self {
            Self::English => files!("en"),
            Self::German => files!("de"),
            Self::French => files!("fr"),
            Self::Spanish => files!("es"),
            Self::Chinese => files!("zh"),
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

    /// The text of this key, with its variables filled in.
    ///
    /// What is put in is not escaped: a template does that.
    pub(crate) fn text(self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = &BUNDLES[self as usize];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = self.tag(), "there is no such text");
            return key.to_owned();
        };
        let variables: FluentArgs<'_> =
            variables.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&variables), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        if !errors.is_empty() {
            tracing::error!(key, language = self.tag(), ?errors, "a text was filled in badly");
        }
        text.into_owned()
    }

    /// A day, in UTC: "22 November 2026".
    pub(crate) fn date(self, moment: Timestamp) -> String {
        let moment = jiff::Timestamp::from_second(moment.as_second()).unwrap_or(jiff::Timestamp::MAX);
        let day = jiff::tz::Offset::UTC.to_datetime(moment);
        self.text(
            "date",
            &[("day", day.day().into()), ("month", day.month().into()), ("year", day.year().into())],
        )
    }

    /// How long ago a moment was, in the largest unit that fits: "2 minutes ago"; after a month, the day.
    pub(crate) fn ago(self, now: Timestamp, moment: Timestamp) -> String {
        const MINUTE: i64 = 60;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        let passed = now.as_second() - moment.as_second();
        let count = |key, unit: i64| self.text(key, &[("count", (passed / unit).into())]);
        match passed {
            // The clocks of two nodes may differ.
            ..MINUTE => self.text("ago-now", &[]),
            MINUTE..HOUR => count("ago-minutes", MINUTE),
            HOUR..DAY => count("ago-hours", HOUR),
            _ if passed < 30 * DAY => count("ago-days", DAY),
            _ => self.date(moment),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use axum::http::HeaderValue;

    use super::*;

    /// The keys of a language, and the variables that the text of each names.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for file in language.files() {
            FluentResource::try_new(file.to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
            let mut key = String::new();
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                if line.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                    line.split_once(" =").unwrap().0.clone_into(&mut key);
                    assert!(keys.insert(key.clone(), BTreeSet::new()).is_none(), "{key} comes twice");
                }
                for (at, _) in line.match_indices('$') {
                    let name = line[at + 1..].chars().take_while(|letter| letter.is_ascii_alphanumeric());
                    keys.get_mut(&key).unwrap().insert(name.collect());
                }
            }
        }
        keys
    }

    #[test]
    fn every_language_has_every_text_with_the_same_variables() {
        let english = keys(Language::English);
        assert!(english.len() > 4);
        for language in LANGUAGES {
            assert_eq!(keys(language), english, "{}", language.tag());
        }
    }

    #[test]
    fn every_text_is_formed_without_an_error() {
        for language in LANGUAGES {
            let bundle = &BUNDLES[language as usize];
            // A text that is made of another has its variables too.
            let variables: BTreeSet<_> = keys(language).into_values().flatten().collect();
            for key in keys(language).into_keys() {
                for count in [0, 1, 2, 5, 12] {
                    let mut errors = Vec::new();
                    let arguments: FluentArgs<'_> =
                        variables.iter().map(|name| (&**name, FluentValue::from(count))).collect();
                    let pattern = bundle.get_message(&key).unwrap().value().unwrap();
                    let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
                    assert!(errors.is_empty() && !text.contains(['{', '}']), "{key}: {text} {errors:?}");
                }
            }
        }
    }

    fn accepted(line: &'static str) -> &'static str {
        let headers = [(header::ACCEPT_LANGUAGE, HeaderValue::from_static(line))];
        Language::accepted(&headers.into_iter().collect()).tag()
    }

    #[test]
    fn the_language_that_is_liked_best_is_taken() {
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

    #[test]
    fn days_are_written_as_each_language_does() {
        let day = Timestamp(1_772_323_200);
        let dates = LANGUAGES.map(|language| language.date(day));
        assert_eq!(
            dates,
            ["1 March 2026", "1. März 2026", "1er mars 2026", "1 de marzo de 2026", "2026年3月1日"]
        );
    }

    #[test]
    fn what_has_passed_is_counted_in_the_unit_that_fits() {
        let ago = |language: Language, seconds: i64| {
            language.ago(Timestamp(1_772_323_200), Timestamp(1_772_323_200 - seconds))
        };
        for (seconds, english) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (119, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (30 * 86_400 - 1, "29 days ago"),
            (30 * 86_400, "30 January 2026"),
        ] {
            assert_eq!(ago(Language::English, seconds), english);
        }
        assert_eq!(ago(Language::German, 172_800), "vor 2 Tagen");
        // In French, zero and one are singular, in Chinese there is one form.
        assert_eq!(ago(Language::French, 60), "il y a 1 minute");
        assert_eq!(ago(Language::Spanish, 7200), "hace 2 horas");
        assert_eq!(ago(Language::Chinese, 120), "2 分钟前");
    }
}
