//! How well the forms are proven: each that the README names has vectors for every kind of password.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::vectors;

/// Every form that is read, its first word being how the README names it.
const FORMS: &[&str] = &[];

/// The form of a stored hash.
fn form(stored: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(stored)
        && json.is_object()
    {
        return object(&json);
    }
    if let Some((scheme, value)) = stored.split_once('}') {
        let inner = if value.starts_with('$') { format!(" {}", dollar(value)) } else { String::new() };
        return format!("{scheme}}}{inner}");
    }
    if let Some(rest) = stored.strip_prefix('U') {
        return format!("U{}", dollar(rest));
    }
    if stored.starts_with('$') {
        return dollar(stored);
    }
    let Some((name, rest)) = stored.split_once('$') else {
        return match stored.len() {
            32 | 40 | 64 | 128 => format!("{} hexadecimal digits", stored.len()),
            _ if stored.contains(':') => "salt:hex".to_owned(),
            _ if stored.starts_with("AQAAAA") => format!("v3 of ASP.NET Core, function {}", &stored[6..7]),
            _ => "v2 of ASP.NET Core".to_owned(),
        };
    };
    match name.rsplit_once(':') {
        Some(_) if name.starts_with("scrypt:") => "scrypt: of Werkzeug".to_owned(),
        Some((function, _)) => format!("{function}: of Werkzeug"),
        None if rest.starts_with('$') && !name.starts_with("bcrypt") => format!("{name}$$ without a salt"),
        None => format!("{name}$ of Django"),
    }
}

/// The form of a text that begins with `$`.
fn dollar(stored: &str) -> String {
    let (id, rest) = stored[1..].split_once('$').unwrap();
    let variant = match id {
        "argon2id" | "argon2i" | "argon2d" => {
            let version = rest.split('$').next().unwrap();
            let version = if version.starts_with("v=") { version } else { "no version" };
            if rest.contains("data=") { format!("{version} with data=") } else { version.to_owned() }
        }
        "scrypt" if rest.starts_with("ln=8,") => "with ln".to_owned(),
        "scrypt" => "with N".to_owned(),
        "bcrypt-sha256" => rest.split(['=', ',']).next().unwrap().to_owned(),
        _ => ["rounds=", "i=", "pf="]
            .iter()
            .find(|name| rest.starts_with(**name))
            .map_or("", |name| name)
            .to_owned(),
    };
    format!("${id}$ {variant}").trim_end().to_owned()
}

fn object(json: &Value) -> String {
    let text = |name: &str| json[name].as_str().unwrap();
    if json.get("credentialData").is_some() {
        let credential: Value = serde_json::from_str(text("credentialData")).unwrap();
        let variant = credential["additionalParameters"]["type"][0].as_str().unwrap_or_default();
        return format!("{} {variant} of Keycloak", credential["algorithm"].as_str().unwrap());
    }
    if json.get("encryptionScheme").is_some() {
        return format!("{} of FusionAuth", text("encryptionScheme"));
    }
    if json.get("passwordHash").is_some() {
        return "passwordHash of Firebase".to_owned();
    }
    let variant = match text("algorithm") {
        "hmac" => json["hash"]["digest"].as_str().unwrap(),
        _ => json["salt"]["position"].as_str().unwrap_or_default(),
    };
    format!("{} {variant} of Auth0", text("algorithm"))
}

/// The names of the files of vectors.
fn files() -> Vec<String> {
    let folder = format!("{}/tests/vectors", env!("CARGO_MANIFEST_DIR"));
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| Some(name.strip_suffix(".jsonl")?.to_owned())).collect()
}

#[test]
fn every_form_has_five_vectors_and_every_kind_of_password() {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for file in files() {
        for vector in vectors::vectors(&file) {
            let form = if file == "devise" { "$2a$ of Devise".to_owned() } else { form(&vector.stored) };
            found.entry(form).or_default().push(vector.password);
        }
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), FORMS.iter().collect::<Vec<_>>());
    for (form, passwords) in found {
        assert!(passwords.len() >= 5, "{form}");
        let has = |kind: &str, test: fn(&str) -> bool| {
            assert!(passwords.iter().any(|password| test(password)), "{form}: no {kind} password");
        };
        has("empty", str::is_empty);
        has("non-ASCII", |password| !password.is_ascii());
        has("long", |password| password.len() >= 200);
        // The last that bcrypt sees whole with its NUL, the last that it sees whole, the first that it cuts.
        has("71-byte", |password| password.len() == 71);
        has("72-byte", |password| password.len() == 72);
        has("73-byte", |password| password.len() == 73);
    }
}

#[test]
fn the_readme_names_every_form() {
    let readme = include_str!("../../README.md");
    for form in FORMS {
        let name = form.split(' ').next().unwrap();
        assert!(readme.contains(name), "{name}");
    }
}

#[test]
fn every_file_of_vectors_is_verified() {
    let tests = include_str!("vectors.rs");
    for file in files() {
        assert!(
            tests.contains(&format!("(), \"{file}\")"))
                || tests.contains(&format!("&passwords, \"{file}\")")),
            "{file}"
        );
    }
}
