//! Reads what a user wrote into the fields of the setting `profile`.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::base::{
    config::{ProfileField, ProfileKind},
    http::given::Given,
    text::plain,
};

/// New values, by the names of their fields. `None` removes the value.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changes(BTreeMap<String, Option<Value>>);

/// A field with a wrong value. Without a name, all of them are meant.
#[derive(Debug, PartialEq)]
pub(crate) struct Faulty {
    pub(crate) name: Option<String>,
    pub(crate) fault: Fault,
}

/// Why a value is refused.
#[derive(Debug, PartialEq)]
pub(crate) enum Fault {
    Missing,
    /// It is no text of at most so many characters.
    Text(u64),
    /// The text has characters that break the line or change its direction.
    Control,
    /// It is no whole number from 0 to this.
    Number(u64),
    Boolean,
    /// Only these names are declared.
    Undeclared(String),
}

impl Fault {
    /// The description of what was expected, for programs.
    pub(crate) fn expected(&self) -> String {
        match self {
            Self::Missing => "this field is required".into(),
            Self::Text(longest) => format!("expected text of at most {longest} characters"),
            Self::Control => {
                "expected one line, without control characters and without those that change the direction of the text"
                    .into()
            }
            Self::Number(greatest) => format!("expected a whole number from 0 to {greatest}"),
            Self::Boolean => "expected true or false".into(),
            Self::Undeclared(names) => format!("expected only {names}"),
        }
    }
}

impl Changes {
    /// Returns these values together with the present ones that they do not replace.
    pub(crate) fn over(self, mut present: Map<String, Value>) -> Map<String, Value> {
        for (name, value) in self.0 {
            match value {
                Some(value) => drop(present.insert(name, value)),
                None => drop(present.remove(&name)),
            }
        }
        present
    }
}

/// Reads the fields of a new user: what is required must be there.
pub(crate) fn read_all(
    declared: &[ProfileField],
    given: HashMap<String, Given>,
) -> Result<Changes, Vec<Faulty>> {
    let missing = declared.iter().filter(|field| field.required && !given.contains_key(&field.name));
    let missing = missing.map(|field| Faulty { name: Some(field.name.clone()), fault: Fault::Missing });
    let mut faulty: Vec<_> = missing.collect();
    match read_some(declared, given) {
        Ok(mut changes) if faulty.is_empty() => {
            changes.0.retain(|_, value| value.is_some());
            Ok(changes)
        }
        Ok(_) => Err(faulty),
        Err(more) => {
            faulty.extend(more);
            Err(faulty)
        }
    }
}

/// Reads the fields that are to change.
pub(crate) fn read_some(
    declared: &[ProfileField],
    given: HashMap<String, Given>,
) -> Result<Changes, Vec<Faulty>> {
    let (mut changes, mut faulty) = (BTreeMap::new(), Vec::new());
    for (name, value) in given {
        let Some(field) = declared.iter().find(|field| field.name == name) else {
            let names: Vec<_> = declared.iter().map(|field| field.name.as_str()).collect();
            let undeclared = Faulty { name: None, fault: Fault::Undeclared(names.join(", ")) };
            if !faulty.contains(&undeclared) {
                faulty.push(undeclared);
            }
            continue;
        };
        match read_one(field, value) {
            Ok(None) if field.required => faulty.push(Faulty { name: Some(name), fault: Fault::Missing }),
            Ok(value) => drop(changes.insert(name, value)),
            Err(fault) => faulty.push(Faulty { name: Some(name), fault }),
        }
    }
    if faulty.is_empty() {
        return Ok(Changes(changes));
    }
    faulty.sort_by(|one, other| one.name.cmp(&other.name));
    Err(faulty)
}

/// Reads a value. An empty text and a missing value are the same.
fn read_one(field: &ProfileField, given: Given) -> Result<Option<Value>, Fault> {
    let greatest = field.greatest();
    match (field.kind, given) {
        (_, Given::Null) => Ok(None),
        // Who must accept something has not accepted it by saying no.
        (ProfileKind::Boolean, Given::Boolean(false)) if field.required => Ok(None),
        (ProfileKind::Boolean, Given::Boolean(value)) => Ok(Some(value.into())),
        (ProfileKind::Boolean, _) => Err(Fault::Boolean),
        (ProfileKind::Number, Given::Number(number)) => match u64::try_from(number) {
            Ok(number) if number <= greatest => Ok(Some(number.into())),
            _ => Err(Fault::Number(greatest)),
        },
        (ProfileKind::Number, _) => Err(Fault::Number(greatest)),
        (ProfileKind::Text, Given::Text(text)) => {
            match plain::line(&text, usize::try_from(greatest).unwrap_or(usize::MAX)) {
                Ok(text) => Ok(Some(text.into())),
                Err(plain::Fault::Empty) => Ok(None),
                Err(plain::Fault::TooLong) => Err(Fault::Text(greatest)),
                Err(plain::Fault::Control) => Err(Fault::Control),
            }
        }
        (ProfileKind::Text, _) => Err(Fault::Text(greatest)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A text and a box that are required, and a number.
    pub(crate) fn declared() -> Vec<ProfileField> {
        let field = |name: &str, kind, required, maximum| ProfileField {
            name: name.into(),
            kind,
            required,
            maximum,
            ..ProfileField::default()
        };
        vec![
            field("company", ProfileKind::Text, true, Some(5)),
            field("age", ProfileKind::Number, false, Some(150)),
            field("terms", ProfileKind::Boolean, true, None),
        ]
    }

    fn given(json: &str) -> HashMap<String, Given> {
        let Ok(Given::Object(given)) = serde_json::from_str(json) else { panic!("{json}") };
        given
    }

    #[test]
    fn a_new_user_fills_in_what_is_required() {
        let all =
            read_all(&declared(), given(r#"{"company": " Acme ", "terms": true, "age": null}"#)).unwrap();
        assert_eq!(Value::Object(all.over(Map::new())), json!({"company": "Acme", "terms": true}));
        for (json, expected) in [
            (r#"{}"#, &["company", "terms"][..]),
            (r#"{"company": "", "terms": true}"#, &["company"]),
            (r#"{"company": "a", "terms": false}"#, &["terms"]),
            (r#"{"company": "abcdef", "terms": true}"#, &["company"]),
            (r#"{"company": "a\u202e", "terms": true}"#, &["company"]),
            (r#"{"company": 1, "terms": "true", "age": "7"}"#, &["age", "company", "terms"]),
            (r#"{"company": "a", "terms": true, "age": 151}"#, &["age"]),
            (r#"{"company": "a", "terms": true, "age": -1}"#, &["age"]),
            (r#"{"company": ["a"], "terms": {}}"#, &["company", "terms"]),
        ] {
            let faulty = read_all(&declared(), given(json)).unwrap_err();
            let names: Vec<_> = faulty.iter().map(|faulty| faulty.name.as_deref().unwrap()).collect();
            assert_eq!(names, expected, "{json}");
        }
        let faulty =
            read_all(&declared(), given(r#"{"company": "a", "terms": true, "roles": "admin"}"#)).unwrap_err();
        assert_eq!(faulty[0].name, None);
        assert!(faulty[0].fault.expected().contains("company, age, terms"), "{faulty:?}");
    }

    #[test]
    fn a_change_keeps_the_other_values() {
        let present = || json!({"company": "Acme", "age": 7, "gone": 1}).as_object().unwrap().clone();
        let changes = read_some(&declared(), given(r#"{"company": "New", "age": null}"#)).unwrap();
        assert_eq!(Value::Object(changes.over(present())), json!({"company": "New", "gone": 1}));
        assert!(read_some(&declared(), given(r#"{"company": null}"#)).is_err());
        assert!(read_some(&declared(), given(r#"{"terms": false}"#)).is_err());
        assert_eq!(read_some(&declared(), given("{}")), Ok(Changes::default()));
    }
}
