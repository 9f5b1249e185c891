//! The templates of pages and letters. They are compiled in, and an operator's file of the same name replaces one.
//!
//! Templates are written in Jinja, in the dialect of `minijinja`. If the name of a template ends in `.html`, all values
//! are escaped. A template calls `t("key", name=value)` for a text in the reader's language. The variables `lang` and
//! `service_name` are always set.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use fluent_bundle::FluentValue;
use minijinja::{
    Environment, UndefinedBehavior, Value, context,
    value::{Kwargs, ValueKind},
};

use crate::base::{
    config::Config,
    error::{Error, Result},
    open_error::OpenError,
    text::{
        language::Language,
        shown::shown,
        texts::{Texts, Words},
    },
};

/// A template that is compiled in: its name and its source.
pub(crate) type BuiltIn = (&'static str, &'static str);

/// The templates that are compiled in, parsed. To parse them takes milliseconds, so a process does it once.
pub(crate) struct Parsed(Environment<'static>);

impl Parsed {
    pub(crate) fn of(built_in: impl IntoIterator<Item = BuiltIn>) -> Self {
        let mut environment = Environment::new();
        // To print a variable that is not set is an error. `{% if variable %}` is allowed.
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        for (name, source) in built_in {
            environment.add_template(name, source).expect("a test reads every template");
        }
        Self(environment)
    }
}

/// How many levels of an operator's folder are read: the folder, and the folders in it.
const DEPTH: usize = 2;

/// All templates: the operator's, and those that are compiled in for the rest.
pub(crate) struct Templates {
    environment: Environment<'static>,
    texts: Arc<Texts>,
    /// The operator's files that are not templates, such as a logo, by their names.
    #[cfg_attr(not(feature = "pages"), expect(dead_code, reason = "only pages show them"))]
    files: BTreeMap<String, Vec<u8>>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Takes the templates that are compiled in, and reads the operator's folder, if there is one. Checks the syntax of
    /// its templates.
    #[expect(clippy::disallowed_methods, reason = "a setting names the folder")]
    pub(crate) fn start(
        config: &Config,
        texts: &Arc<Texts>,
        Parsed(built_in): &Parsed,
    ) -> Result<Self, OpenError> {
        let mut environment = built_in.clone();
        environment.add_global("service_name", &*config.service_name);
        let mut files = BTreeMap::new();
        if let Some(folder) = &config.templates_dir {
            let bad = |path: &Path, cause: &dyn fmt::Display| {
                OpenError::of_setting(
                    &["templates_dir"],
                    format!("{}: {cause}", shown(&path.to_string_lossy())),
                )
            };
            for (name, path) in list(folder, DEPTH).map_err(|error| bad(folder, &error))? {
                let content = fs::read(&path).map_err(|error| bad(&path, &error))?;
                if !name.ends_with(".html") && !name.ends_with(".txt") {
                    files.insert(name, content);
                    continue;
                }
                let source = String::from_utf8(content).map_err(|error| bad(&path, &error))?;
                environment.add_template_owned(name, source).map_err(|error| bad(&path, &error))?;
            }
        }
        Ok(Self { environment, texts: Arc::clone(texts), files })
    }

    /// Renders the template `name` in this language, with the variables `shown`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the template prints a variable that is not set, or does not exist. An operator's template
    /// may do that. The cause is logged.
    pub(crate) fn render(&self, name: &str, language: Language, shown: Value) -> Result<String> {
        let words = Words::of(&self.texts, language);
        let text = move |key: &str, variables: Kwargs| text(&words, key, &variables);
        let context = context! { lang => language.tag(), t => Value::from_function(text), ..shown };
        let rendered = self.environment.get_template(name).and_then(|template| template.render(context));
        rendered.map_err(|error| {
            tracing::error!(template = name, cause = format!("{error:#}"), "a template failed");
            Error::Internal
        })
    }

    /// Returns a file of the operator's folder that is not a template.
    #[cfg(any(test, feature = "pages"))]
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }
}

/// Implements `t` in templates. Whole numbers stay numbers, because they choose the plural form.
fn text(words: &Words, key: &str, variables: &Kwargs) -> Result<String, minijinja::Error> {
    let mut given = Vec::new();
    for name in variables.args() {
        let value: Value = variables.get(name)?;
        let value = match value.kind() {
            ValueKind::Number => FluentValue::from(i64::try_from(value)?),
            _ => FluentValue::from(value.to_string()),
        };
        given.push((name, value));
    }
    Ok(words.text(key, &given))
}

/// Lists the files in a folder and in the folders below it. Each comes with its name as a template: `mail/letter.txt`.
#[expect(clippy::disallowed_methods, reason = "a setting names the folder")]
fn list(folder: &Path, depth: usize) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if depth > 1 {
                let below = list(&path, depth - 1)?;
                found.extend(below.into_iter().map(|(below, path)| (format!("{name}/{below}"), path)));
            }
        } else if !name.starts_with('.') {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let config = Config { templates_dir: Some(folder.path().to_owned()), ..Config::default() };
        (folder, config)
    }

    const BUILT_IN: BuiltIn = ("layout.html", "{{ lang }}");

    fn start(config: &Config) -> Result<Templates, OpenError> {
        Templates::start(config, &Arc::new(Texts::of([])), &Parsed::of([BUILT_IN]))
    }

    #[test]
    fn an_operators_file_replaces_a_template() {
        let (_folder, config) = folder(&[
            ("layout.html", b"{{ service_name }} in {{ lang }}: {{ shown }}"),
            ("mail/own.txt", b"{{ t(\"ago-minutes\", count=2) }} {{ shown }}"),
            ("logo.svg", b"<svg/>"),
            (".hidden", b"\xff"),
        ]);
        let templates = start(&config).unwrap();
        let render = |name, language| templates.render(name, language, context! { shown => "<b>" });
        assert_eq!(render("layout.html", Language::French).unwrap(), "Doorward in fr: &lt;b&gt;");
        assert_eq!(render("mail/own.txt", Language::German).unwrap(), "vor 2 Minuten <b>");
        assert_eq!(templates.file("logo.svg"), Some(&b"<svg/>"[..]));
        assert_eq!(templates.file(".hidden"), None);
    }

    #[test]
    fn a_broken_template_fails_the_start() {
        for content in [&b"{{ unfinished"[..], b"{% if x %}", b"\xff"] {
            let (_folder, config) = folder(&[("login.html", content)]);
            let error = start(&config).unwrap_err().to_string();
            assert!(error.contains("login.html"), "{error}");
        }
        let missing = Config { templates_dir: Some("/nowhere/at/all".into()), ..Config::default() };
        assert!(start(&missing).unwrap_err().to_string().contains("/nowhere/at/all"));
    }

    #[test]
    fn a_missing_variable_is_an_internal_error() {
        let (_folder, config) =
            folder(&[("own.html", b"{{ missing }}"), ("other.html", b"{% if missing %}x{% endif %}")]);
        let templates = start(&config).unwrap();
        let render = |name| templates.render(name, Language::English, context! {});
        assert_eq!(render("own.html"), Err(Error::Internal));
        assert_eq!(render("other.html").unwrap(), "");
        assert_eq!(render("none.html"), Err(Error::Internal));
    }
}
