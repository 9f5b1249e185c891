//! Tests the texts, templates and links of all features together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use fluent_bundle::{FluentResource, FluentValue};
use minijinja::Environment;

use super::FEATURES;
use crate::{
    base::text::{
        language::{LANGUAGES, Language},
        texts::{Texts, Words},
    },
    open,
};

fn texts() -> Arc<Texts> {
    Arc::new(Texts::of(FEATURES.iter().map(|feature| feature.texts)))
}

/// Returns the keys of a language, and the variables that each text uses.
fn keys(texts: &Texts, language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for file in texts.sources(language) {
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
    let texts = texts();
    let english = keys(&texts, Language::English);
    assert!(english.len() > 100);
    for language in LANGUAGES {
        assert_eq!(keys(&texts, language), english, "{}", language.tag());
    }
}

#[test]
fn every_text_is_formed_without_an_error() {
    let texts = texts();
    for language in LANGUAGES {
        let words = Words::of(&texts, language);
        let keys = keys(&texts, language);
        // A text that refers to another one needs its variables too.
        let variables: BTreeSet<_> = keys.values().flatten().collect();
        for key in keys.keys() {
            for count in [0, 1, 2, 5, 12] {
                let variables: Vec<_> =
                    variables.iter().map(|name| (&***name, FluentValue::from(count))).collect();
                // In tests, `find` panics if a text cannot be formed.
                let text = words.find(key, &variables).unwrap();
                assert!(!text.contains(['{', '}']), "{key}: {text}");
            }
        }
    }
}

#[test]
fn every_template_parses_and_has_its_own_name() {
    let mut names = BTreeSet::new();
    for (name, source) in open::templates() {
        let read = Environment::new().add_template(name, source);
        assert!(read.is_ok(), "{name}: {read:?}");
        assert!(names.insert(name), "{name} is there twice");
    }
}

#[test]
fn every_link_has_a_text() {
    let words = Words::of(&texts(), Language::English);
    for link in FEATURES.iter().flat_map(|feature| feature.pages.links) {
        assert!(words.find(link.text, &[]).is_some(), "{}", link.text);
    }
}
