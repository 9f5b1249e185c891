//! Reads the fields of a user that the settings declare, from a form.

use std::collections::HashMap;

use crate::base::{
    config::{ProfileField, ProfileKind},
    http::given::Given,
    profile::{self, Changes, Faulty},
};

/// Reads the texts of a form, which has all fields: what is required must be there. A box that is not ticked is not sent.
pub(crate) fn read(
    declared: &[ProfileField],
    mut texts: HashMap<String, String>,
) -> Result<Changes, Vec<Faulty>> {
    let mut given = HashMap::new();
    for field in declared {
        let text = texts.remove(&field.name);
        let value = match (field.kind, text) {
            (ProfileKind::Boolean, text) => Given::Boolean(text.is_some_and(|text| !text.is_empty())),
            (_, None) => Given::Null,
            (ProfileKind::Number, Some(text)) => match text.trim() {
                "" => Given::Null,
                text => text.parse().map_or(Given::Other, Given::Number),
            },
            (_, Some(text)) => Given::Text(text),
        };
        given.insert(field.name.clone(), value);
    }
    profile::read_some(declared, given)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::base::profile::tests::declared;

    #[test]
    fn a_form_sends_only_texts() {
        let texts = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
        };
        let all = read(&declared(), texts(&[("company", "Acme"), ("age", " 7 "), ("terms", "on")])).unwrap();
        assert_eq!(Value::Object(all.over(Map::new())), json!({"company": "Acme", "age": 7, "terms": true}));
        // What is empty now is removed.
        let present = json!({"company": "Old", "age": 7, "terms": true}).as_object().unwrap().clone();
        let changes = read(&declared(), texts(&[("company", "Acme"), ("age", ""), ("terms", "on")])).unwrap();
        assert_eq!(Value::Object(changes.over(present)), json!({"company": "Acme", "terms": true}));
        let faulty =
            read(&declared(), texts(&[("company", "Acme"), ("age", "x"), ("roles", "admin")])).unwrap_err();
        let names: Vec<_> = faulty.iter().map(|faulty| faulty.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["age", "terms"]);
    }
}
