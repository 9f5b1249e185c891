//! What is known of a user beside the address: roles, and JSON objects that are kept as text.

use std::{collections::BTreeSet, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned},
    ser::{Error as _, SerializeSeq as _},
};

/// The most bytes of the attributes of a user, as text.
pub(crate) const MOST_ATTRIBUTES: usize = 2048;

/// What the host or an operator says of a new user. It is not checked yet.
#[derive(Debug, Default)]
pub(crate) struct NewDetails {
    pub(crate) display_name: Option<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) attributes: JsonObject,
    pub(crate) profile: JsonObject,
}

/// The roles of a user, in the order of their names. Serializes as a list of names.
///
/// Only operators and the host write them, see [`Auth::set_roles`](crate::Auth::set_roles). [`HasRole`](crate::HasRole)
/// lets only the users with a role pass.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Roles(Option<Arc<str>>);

impl Roles {
    /// Reads the column: sorted names, separated by spaces.
    pub(crate) fn stored(names: &str) -> Self {
        Self((!names.is_empty()).then(|| names.into()))
    }

    /// Returns the roles that are among `declared`.
    pub(crate) fn only(&self, declared: &[String]) -> Self {
        let kept = self.iter().filter(|role| declared.iter().any(|declared| declared == role));
        Self::stored(&kept.collect::<Vec<_>>().join(" "))
    }

    /// Returns `true` if this role is among them.
    #[must_use]
    pub fn contains(&self, role: &str) -> bool {
        self.iter().any(|name| name == role)
    }

    /// Returns `true` if there is no role.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the names of the roles in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.as_deref().into_iter().flat_map(|names| names.split(' '))
    }
}

impl std::fmt::Debug for Roles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Roles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for name in self.iter() {
            list.serialize_element(name)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Roles {
    /// Reads a list of names. A name with a space in it would be two.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = BTreeSet::<String>::deserialize(deserializer)?;
        if names.iter().any(|name| name.is_empty() || name.contains(char::is_whitespace)) {
            return Err(de::Error::custom("expected names of roles, without spaces"));
        }
        Ok(Self::stored(&names.into_iter().collect::<Vec<_>>().join(" ")))
    }
}

/// A JSON object, kept as text. Serializes as an object.
///
/// It is read when it is asked for, so that a request which does not need it does no work for it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct JsonObject(Option<Arc<str>>);

impl JsonObject {
    /// Reads the column, which holds what [`JsonObject::to_store`] returned.
    pub(crate) fn stored(text: Option<String>) -> Self {
        Self(text.map(Into::into))
    }

    /// Makes an object from a value that serializes as one: a map, a struct with named fields, or `serde_json::json!`.
    /// Returns `None` for any other value.
    pub fn of(value: impl Serialize) -> Option<Self> {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::Object(members)) => Some(Self::from_members(&members)),
            _ => None,
        }
    }

    pub(crate) fn from_members(members: &serde_json::Map<String, serde_json::Value>) -> Self {
        let text = || serde_json::to_string(members).expect("JSON is text").into();
        Self((!members.is_empty()).then(text))
    }

    /// Returns the text of the object, without spaces between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or("{}")
    }

    /// Returns `true` if it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Reads the object as a type of yours. Returns `None` if it does not have the form of that type.
    #[must_use]
    pub fn parse<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.as_str()).ok()
    }

    pub(crate) fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        self.parse().unwrap_or_default()
    }

    /// Returns the value of the column: `None` for an empty object.
    pub(crate) fn to_store(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl std::fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_json::Map::deserialize(deserializer).map(|members| Self::from_members(&members))
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members: serde_json::Map<_, _> = serde_json::from_str(self.as_str()).map_err(S::Error::custom)?;
        members.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn roles_are_found_by_their_whole_name() {
        let roles = Roles::stored("admin editor");
        assert!(roles.contains("admin") && roles.contains("editor"));
        for other in ["", "adm", "admin editor", "admin ", "edit", "Admin"] {
            assert!(!roles.contains(other), "{other:?}");
        }
        assert!(Roles::stored("").is_empty() && !Roles::stored("").contains(""));
        assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["admin","editor"]"#);
        assert_eq!(serde_json::to_string(&Roles::default()).unwrap(), "[]");
        assert_eq!(serde_json::from_str::<Roles>(r#"["editor", "admin"]"#).unwrap(), roles);
        assert_eq!(serde_json::from_str::<Roles>("[]").unwrap(), Roles::default());
        for wrong in [r#"["admin editor"]"#, r#"[""]"#, r#""admin""#, "[1]"] {
            assert!(serde_json::from_str::<Roles>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_an_object_is_an_object() {
        let object = JsonObject::of(json!({"b": [1, null], "a": "\u{0}é"})).unwrap();
        assert_eq!(object.as_str(), r#"{"a":"\u0000é","b":[1,null]}"#);
        assert_eq!(JsonObject::of(json!({})), Some(JsonObject::default()));
        assert_eq!(JsonObject::default().as_str(), "{}");
        for other in [json!([]), json!("{}"), json!(1), json!(null)] {
            assert_eq!(JsonObject::of(&other), None, "{other}");
        }
    }
}
