//! The parameters of a request, with repeated ones kept apart.

use crate::base::http::input::form_decoded;

/// The decoded parameters of a query, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

/// A parameter came more than once (RFC 6749, section 3.1).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeated;

impl Parameters {
    /// Reads a query. `None` if it is not percent-encoded UTF-8.
    pub(super) fn read(query: &str) -> Option<Self> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let read = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((form_decoded(name)?, form_decoded(value)?))
        };
        pairs.map(read).collect::<Option<_>>().map(Self)
    }

    /// Returns the value of a parameter. One without a value counts as missing (RFC 6749, section 3.1).
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Repeated),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// Returns these parameters with another value for `name`, as a query.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        form_urlencoded::Serializer::new(self.without(name)).append_pair(name, value).finish()
    }

    /// Returns these parameters without the one of this name, as a query.
    pub(super) fn without(&self, name: &str) -> String {
        let others = self.0.iter().filter(|(known, _)| known != name);
        form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish()
    }

    /// Returns these parameters as a query.
    pub(super) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_and_empty_parameters_are_told_apart() {
        let read = Parameters::read("a=1&b=&&c=2&c=2&d&%61b=%20x+y").unwrap();
        assert_eq!(read.one("a"), Ok(Some("1")));
        assert_eq!((read.one("b"), read.one("d"), read.one("z")), (Ok(None), Ok(None), Ok(None)));
        assert_eq!(read.one("c"), Err(Repeated));
        assert_eq!(read.one("ab"), Ok(Some(" x y")));
        assert_eq!(read.with("a", "&"), "b=&c=2&c=2&d=&ab=+x+y&a=%26");
        for malformed in ["a=%", "a=%zz", "%ff=1", "a=%c3"] {
            assert!(Parameters::read(malformed).is_none(), "{malformed}");
        }
    }
}
