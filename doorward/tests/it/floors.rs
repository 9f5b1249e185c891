//! The floors of the house: imports run downward, no feature knows another, and no files import each other in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The floors from the bottom. Files beside these folders stand above all of them.
const FLOORS: [&str; 6] = ["base", "model", "auth", "accounts", "web", "features"];

/// The source of each module of a crate, by its path such as `accounts::session::log_in`. The root is the empty path.
type Modules = BTreeMap<String, String>;

/// Reads the modules of a crate, without comments and without tests.
fn modules(root: &Path) -> Modules {
    let mut modules = Modules::new();
    for path in crate::tidy::rust_files(root) {
        let name = path.strip_prefix(root).unwrap().with_extension("").to_str().unwrap().replace('/', "::");
        let name = name.trim_end_matches("mod").trim_end_matches("::").to_owned();
        let name = if ["lib", "main"].contains(&&*name) { String::new() } else { name };
        modules.insert(name, crate::tidy::code(&fs::read_to_string(&path).unwrap()));
    }
    modules
}

/// The paths of a tree such as `a::{b::C, d}`, which stands at the start of `text`. Returns the rest of the text too.
fn tree<'a>(text: &'a str, prefix: &str, paths: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = tree(rest, prefix, paths).trim_start();
            match rest.strip_prefix(',') {
                Some(next) => rest = next,
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if word.is_empty() {
        return rest;
    }
    let path = if prefix.is_empty() { word.to_owned() } else { format!("{prefix}::{word}") };
    match rest.strip_prefix("::") {
        Some(rest) => tree(rest, &path, paths),
        None => {
            paths.push(path.trim_end_matches("self").trim_end_matches("::").to_owned());
            // `x as y` ends with its new name.
            rest.strip_prefix(" as ").map_or(rest, |rest| rest.trim_start_matches(char::is_alphanumeric))
        }
    }
}

/// The modules that a module names: by `crate::`, by `super::`, or a child by its name.
fn named(modules: &Modules, module: &str) -> BTreeSet<String> {
    let (code, parent) = (&modules[module], module.rsplit_once("::").map_or("", |(parent, _)| parent));
    let mut paths = Vec::new();
    for (prefix, base) in [("crate::", ""), ("super::", parent)] {
        // `pub(in crate::a)` imports nothing.
        for (at, _) in code.match_indices(prefix).filter(|(at, _)| !code[..*at].ends_with("(in ")) {
            tree(&code[at + prefix.len()..], base, &mut paths);
        }
    }
    for child in
        modules.keys().filter(|child| child.rsplit_once("::").map_or("", |(parent, _)| parent) == module)
    {
        let name = child.rsplit("::").next().unwrap();
        let starts = |at: usize| {
            !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_:.".contains(letter))
        };
        if !child.is_empty() && code.match_indices(&format!("{name}::")).any(|(at, _)| starts(at)) {
            paths.push(child.clone());
        }
    }
    let deepest = |mut path: String| {
        while !modules.contains_key(&path) {
            path = path.rsplit_once("::").map_or(String::new(), |(parent, _)| parent.to_owned());
        }
        path
    };
    paths.into_iter().map(deepest).filter(|path| path != module).collect()
}

/// The modules that are left when those that name no other one, or that no other one names, are taken away again and again.
/// They name each other in a circle, or stand between two circles.
fn circles(modules: &Modules) -> BTreeMap<String, BTreeSet<String>> {
    let mut left: BTreeMap<_, _> =
        modules.keys().map(|module| (module.clone(), named(modules, module))).collect();
    loop {
        let all: BTreeSet<_> = left.values().flatten().cloned().collect();
        let modules: BTreeSet<_> = left.keys().cloned().collect();
        left.retain(|module, named| !named.is_disjoint(&modules) && all.contains(module));
        if left.len() == modules.len() {
            return left;
        }
    }
}

/// The imports that break a rule of the floors.
fn broken(modules: &Modules) -> Vec<String> {
    let floor = |module: &str| {
        FLOORS.iter().position(|floor| module.split("::").next() == Some(floor)).unwrap_or(FLOORS.len())
    };
    let feature = |module: &str| {
        module.strip_prefix("features::").map(|rest| rest.split("::").next().unwrap().to_owned())
    };
    let mut broken = Vec::new();
    for module in modules.keys() {
        if modules[module].contains("super::super") {
            broken.push(format!("{module} says super::super"));
        }
        for other in named(modules, module) {
            let strange =
                feature(module).is_some() && feature(&other).is_some() && feature(module) != feature(&other);
            if floor(&other) > floor(module) || strange {
                broken.push(format!("{module} imports {other}"));
            }
        }
    }
    broken
}

#[test]
fn imports_run_downward_and_no_feature_knows_another() {
    let modules = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for floor in FLOORS {
        assert!(modules.contains_key(floor), "the floor {floor} is missing");
    }
    assert_eq!(broken(&modules), Vec::<String>::new());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for package in ["doorward", "doorward-server", "doorward-password", "doorward-passkey", "bench"] {
        let modules = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src"));
        assert!(modules.len() > 10, "{package}");
        let circles = circles(&modules);
        assert!(circles.is_empty(), "{package}: {circles:#?}");
    }
}

#[test]
fn broken_rules_are_found() {
    let house = |sources: &[(&str, &str)]| -> Modules {
        sources.iter().map(|(module, code)| ((*module).to_owned(), (*code).to_owned())).collect()
    };
    let fine = house(&[
        ("", "mod base; mod features; pub use features::a::B;"),
        ("base", "pub(crate) mod db;"),
        ("base::db", "use std::fmt;"),
        ("features", "pub mod a; pub mod c; const ALL: [F; 2] = [a::F, c::F];"),
        ("features::a", "use crate::{base::{self, db::{D as E, F}}};"),
        ("features::c", "use crate::base::db;"),
    ]);
    assert!(
        broken(&fine).is_empty() && circles(&fine).is_empty(),
        "{:?} {:?}",
        broken(&fine),
        circles(&fine)
    );
    for (module, code, expected) in [
        ("base::db", "use crate::{features::a::B};", "base::db imports features::a"),
        ("features::c", "fn f() { super::a::g() }", "features::c imports features::a"),
        ("base::db", "use super::super::features;", "base::db says super::super"),
        ("base::db", "use crate::Reexported;", "base::db imports "),
    ] {
        let mut house = fine.clone();
        house.insert(module.to_owned(), code.to_owned());
        assert!(broken(&house).iter().any(|broken| broken == expected), "{code}: {:?}", broken(&house));
    }
    let mut house = fine;
    house.insert("base".to_owned(), "mod db; mod text; pub use db::D;".to_owned());
    house.insert("base::text".to_owned(), "use super::D;".to_owned());
    assert!(circles(&house).is_empty());
    house.insert("base::db".to_owned(), "fn f() { crate::base::text::g() }".to_owned());
    assert!(circles(&house).contains_key("base::text"));
}
