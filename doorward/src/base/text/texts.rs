//! The texts that people read, in every language.
//!
//! They are Fluent files (<https://projectfluent.org>) and compiled in. The files of a feature are in its folder, the
//! shared ones in `languages/`. A test checks that all languages have the same keys with the same variables.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::base::{
    text::language::{LANGUAGES, Language},
    time::Timestamp,
};

/// The content of one file in each language, in the order of [`LANGUAGES`].
pub(crate) type Files = [&'static str; LANGUAGES.len()];

/// Includes the files `en.ftl`, `de.ftl`, … of a folder. The path is relative to the calling file.
macro_rules! texts {
    ($folder:literal) => {
        [
            include_str!(concat!($folder, "/en.ftl")),
            include_str!(concat!($folder, "/de.ftl")),
            include_str!(concat!($folder, "/fr.ftl")),
            include_str!(concat!($folder, "/es.ftl")),
            include_str!(concat!($folder, "/zh.ftl")),
        ]
    };
}
pub(crate) use texts;

/// The texts that features share.
const SHARED: [Files; 2] = [texts!("../../../languages/frame"), texts!("../../../languages/time")];

/// The texts in every language.
pub(crate) struct Texts {
    files: Vec<Files>,
    /// The parsed texts. A language is parsed at its first use.
    bundles: [OnceLock<FluentBundle<FluentResource>>; LANGUAGES.len()],
}

impl Texts {
    /// Takes the texts of the features, and adds the shared ones.
    pub(crate) fn of(features: impl IntoIterator<Item = Files>) -> Self {
        let files = SHARED.into_iter().chain(features).collect();
        Self { files, bundles: Default::default() }
    }

    fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        self.bundles[language as usize].get_or_init(|| {
            let tag = language.tag().parse().expect("our tags are well-formed");
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // Fluent would put invisible characters around a variable. A reader who copies an address would copy them.
            bundle.set_use_isolating(false);
            for file in self.sources(language) {
                let texts = FluentResource::try_new(file.to_owned()).expect("a test reads every file");
                bundle.add_resource(texts).expect("a test finds no key twice");
            }
            bundle
        })
    }

    /// Returns the content of all files of a language.
    pub(crate) fn sources(&self, language: Language) -> impl Iterator<Item = &'static str> {
        self.files.iter().map(move |files| files[language as usize])
    }
}

/// The texts in one language. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Words {
    texts: Arc<Texts>,
    pub(crate) language: Language,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.language).finish()
    }
}

impl Words {
    pub(crate) fn of(texts: &Arc<Texts>, language: Language) -> Self {
        Self { texts: Arc::clone(texts), language }
    }

    /// Returns the text of this key, with its variables filled in. If there is no such text, returns the key and logs
    /// an error.
    ///
    /// Variables are not escaped here: a template does that.
    pub(crate) fn text(&self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        self.find(key, variables).unwrap_or_else(|| {
            tracing::error!(key, language = self.language.tag(), "there is no such text");
            key.to_owned()
        })
    }

    /// Returns the text of this key, if there is one.
    pub(crate) fn find(&self, key: &str, variables: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let bundle = self.texts.bundle(self.language);
        let pattern = bundle.get_message(key).and_then(|message| message.value())?;
        let variables: FluentArgs<'_> =
            variables.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&variables), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        if !errors.is_empty() {
            tracing::error!(key, language = self.language.tag(), ?errors, "a text was filled in badly");
        }
        Some(text.into_owned())
    }

    /// Writes a day in UTC: "22 November 2026".
    pub(crate) fn date(&self, moment: Timestamp) -> String {
        let moment = jiff::Timestamp::from_second(moment.as_second()).unwrap_or(jiff::Timestamp::MAX);
        let day = jiff::tz::Offset::UTC.to_datetime(moment);
        self.text(
            "date",
            &[("day", day.day().into()), ("month", day.month().into()), ("year", day.year().into())],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language) -> Words {
        Words::of(&Arc::new(Texts::of([])), language)
    }

    #[test]
    fn a_date_is_written_in_the_manner_of_each_language() {
        let day = Timestamp(1_772_323_200);
        let dates = LANGUAGES.map(|language| words(language).date(day));
        assert_eq!(
            dates,
            ["1 March 2026", "1. März 2026", "1er mars 2026", "1 de marzo de 2026", "2026年3月1日"]
        );
    }

    #[test]
    fn a_key_without_a_text_is_not_found() {
        let words = words(Language::English);
        assert_eq!(words.find("unheard-of", &[]), None);
        assert_eq!(words.text("unheard-of", &[]), "unheard-of");
    }
}
