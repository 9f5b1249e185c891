//! A value in a body, as far as fields use it. An object with a name that comes twice is refused, on each level.

use std::{collections::HashMap, fmt};

use serde::{
    Serialize,
    de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};

/// A value in a body.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Given {
    Text(String),
    /// A whole number.
    Number(i64),
    Boolean(bool),
    Null,
    Object(HashMap<String, Self>),
    List(Vec<Self>),
    /// Another number. It is written as `null`.
    Other,
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Given, E> {
        Ok(Given::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Given, E> {
        Ok(Given::Text(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Given, E> {
        Ok(Given::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Given, E> {
        Ok(i64::try_from(number).map_or(Given::Other, Given::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Given, E> {
        Ok(Given::Other)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Given, E> {
        Ok(Given::Boolean(value))
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            members.push(member);
        }
        Ok(Given::List(members))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut members = HashMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a name comes twice"));
            }
        }
        Ok(Given::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_doubled_names_refused() {
        let read = |json| serde_json::from_str::<Given>(json);
        assert_eq!(read(r#""a\u00e9""#).unwrap(), Given::Text("aé".into()));
        assert_eq!(read("-7").unwrap(), Given::Number(-7));
        for other in ["1.0", "-0", "1e3", "18446744073709551615"] {
            assert_eq!(read(other).unwrap(), Given::Other, "{other}");
        }
        let list = r#"[1,{"a":["b",null,true]}]"#;
        assert_eq!(serde_json::to_string(&read(list).unwrap()).unwrap(), list);
        let object =
            Given::Object([("a".to_owned(), Given::Null), ("b".to_owned(), Given::Boolean(true))].into());
        assert_eq!(read(r#"{"a": null, "b": true}"#).unwrap(), object);
        for twice in [r#"{"a": 1, "a": 2}"#, r#"{"b": {"a": 1, "\u0061": 2}}"#] {
            assert!(read(twice).unwrap_err().is_data(), "{twice}");
        }
    }
}
