//! The coverage of the forms: each form in the README has vectors for every kind of password.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::vectors;

/// Every form that is read. Its first word is its name in the README.
const FORMS: &[&str] = &[
    "$1$",
    "$2a$",
    "$2a$ of Devise",
    "$2b$",
    "$2x$",
    "$2y$",
    "$5$",
    "$5$ rounds=",
    "$6$",
    "$6$ rounds=",
    "$H$",
    "$P$",
    "$S$",
    "$apr1$",
    "$argon2d$ no version",
    "$argon2d$ v=16",
    "$argon2d$ v=19",
    "$argon2i$ no version",
    "$argon2i$ v=16",
    "$argon2i$ v=19",
    "$argon2id$ no version",
    "$argon2id$ v=16",
    "$argon2id$ v=19",
    "$argon2id$ v=19 with data=",
    "$bcrypt-sha256$",
    "$bcrypt-sha256$ version 2",
    "$fbscrypt$",
    "$firescrypt$",
    "$hmac-md5$",
    "$hmac-sha1$",
    "$hmac-sha224$",
    "$hmac-sha256$",
    "$hmac-sha384$",
    "$hmac-sha512$",
    "$md5$",
    "$md5$ pf=",
    "$md5-crypt$",
    "$pbkdf2$",
    "$pbkdf2-sha1$ i=",
    "$pbkdf2-sha224$ i=",
    "$pbkdf2-sha256$",
    "$pbkdf2-sha256$ i=",
    "$pbkdf2-sha384$ i=",
    "$pbkdf2-sha512$",
    "$pbkdf2-sha512$ i=",
    "$scrypt$",
    "$scrypt$ ln being N",
    "$sha1$ pf=",
    "$sha256$ pf=",
    "$sha256-crypt$ rounds=",
    "$sha512$ pf=",
    "$sha512-crypt$ rounds=",
    "$wp$",
    "$y$",
    "128 hexadecimal digits",
    "32 hexadecimal digits",
    "40 hexadecimal digits",
    "64 hexadecimal digits",
    "U$P$",
    "U$S$",
    "argon2 d of Keycloak",
    "argon2 i of Keycloak",
    "argon2 id of Keycloak",
    "argon2 of Auth0",
    "argon2$ of Django",
    "bcrypt of Auth0",
    "bcrypt of FusionAuth",
    "bcrypt$ of Django",
    "bcrypt_sha256$ of Django",
    "hmac md5 of Auth0",
    "hmac sha1 of Auth0",
    "hmac sha256 of Auth0",
    "hmac sha512 of Auth0",
    "ldap of Auth0",
    "md5 prefix of Auth0",
    "md5 suffix of Auth0",
    "md5$ of Django",
    "md5$$ without a salt",
    "passwordHash of Firebase",
    "pbkdf2 of Auth0",
    "pbkdf2 of Keycloak",
    "pbkdf2-sha256 of Keycloak",
    "pbkdf2-sha512 of Keycloak",
    "pbkdf2:sha1: of Werkzeug",
    "pbkdf2:sha256: of Werkzeug",
    "pbkdf2:sha512: of Werkzeug",
    "pbkdf2_sha1$ of Django",
    "pbkdf2_sha256$ of Django",
    "phpass-md5 of FusionAuth",
    "phpass-sha512 of FusionAuth",
    "s2:salt:hex",
    "salt:hex",
    "salt:hex with r=8",
    "salted-hmac-sha256 of FusionAuth",
    "salted-md5 of FusionAuth",
    "salted-pbkdf2-hmac-sha256 of FusionAuth",
    "salted-pbkdf2-hmac-sha256-512 of FusionAuth",
    "salted-pbkdf2-hmac-sha512-512 of FusionAuth",
    "salted-sha256 of FusionAuth",
    "scrypt of Auth0",
    "scrypt$ of Django",
    "scrypt: of Werkzeug",
    "sha1 prefix of Auth0",
    "sha1 suffix of Auth0",
    "sha1$ of Django",
    "sha1$$ without a salt",
    "sha256 prefix of Auth0",
    "sha256 suffix of Auth0",
    "sha512 prefix of Auth0",
    "sha512 suffix of Auth0",
    "v2 of ASP.NET Core",
    "v3 of ASP.NET Core with SHA-1",
    "v3 of ASP.NET Core with SHA-256",
    "v3 of ASP.NET Core with SHA-512",
    "{ARGON2} $argon2i$ v=19",
    "{ARGON2} $argon2id$ v=19",
    "{CRYPT} $1$",
    "{CRYPT} $2b$",
    "{CRYPT} $5$ rounds=",
    "{CRYPT} $6$ rounds=",
    "{MD5}",
    "{PBKDF2-SHA1}",
    "{PBKDF2-SHA256}",
    "{PBKDF2-SHA512}",
    "{PBKDF2}",
    "{SHA256}",
    "{SHA384}",
    "{SHA512}",
    "{SHA}",
    "{SMD5}",
    "{SSHA256}",
    "{SSHA384}",
    "{SSHA512}",
    "{SSHA}",
];

/// Returns the form of a stored hash.
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
            _ if stored.starts_with("s2:") => "s2:salt:hex".to_owned(),
            _ if stored.find(':') == Some(16) => "salt:hex with r=8".to_owned(),
            _ if stored.contains(':') => "salt:hex".to_owned(),
            // The fifth byte is the number of the hash function.
            _ if stored.starts_with("AQAAAAA") => "v3 of ASP.NET Core with SHA-1".to_owned(),
            _ if stored.starts_with("AQAAAAE") => "v3 of ASP.NET Core with SHA-256".to_owned(),
            _ if stored.starts_with("AQAAAAI") => "v3 of ASP.NET Core with SHA-512".to_owned(),
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

/// Returns the form of a text that begins with `$`.
fn dollar(stored: &str) -> String {
    let (id, rest) = stored[1..].split_once('$').unwrap();
    let variant = match id {
        "argon2id" | "argon2i" | "argon2d" => {
            let version = rest.split('$').next().unwrap();
            let version = if version.starts_with("v=") { version } else { "no version" };
            if rest.contains("data=") { format!("{version} with data=") } else { version.to_owned() }
        }
        // The logarithm has two digits at most, and every N in use has more.
        "scrypt" if rest.find(',').unwrap() > "ln=14".len() => "ln being N".to_owned(),
        "bcrypt-sha256" if rest.starts_with("v=2") => "version 2".to_owned(),
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
        return named(credential["algorithm"].as_str().unwrap(), variant, "of Keycloak");
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
    named(text("algorithm"), variant, "of Auth0")
}

fn named(algorithm: &str, variant: &str, system: &str) -> String {
    [algorithm, variant, system].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// Returns the names of the files of vectors.
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
        // The longest that bcrypt reads with its NUL, the longest that it reads whole, the shortest that it cuts.
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
