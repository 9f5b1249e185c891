//! Compares the answers of every test with the OpenAPI document.

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

/// The OpenAPI document. Every answer of every test is compared with it.
pub(crate) struct Documented(Value);

impl Documented {
    pub(crate) fn of(document: &str) -> Self {
        Self(serde_json::from_str(document).unwrap())
    }

    /// The method, the path and the description of each operation.
    pub(crate) fn operations(&self) -> Vec<(String, &String, &Value)> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let operations = paths.flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (method.to_uppercase(), path, operation))
        });
        operations.collect()
    }

    /// Asserts that this answer is documented.
    #[track_caller]
    pub(crate) fn check(
        &self,
        method: &Method,
        path: &str,
        status: StatusCode,
        headers: &HeaderMap,
        text: &str,
    ) {
        let Some(path) = path.strip_prefix("/auth") else { return };
        // Pages are not in the document. A form is answered by a page, or leads to one.
        let is_page = headers.get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8");
        if is_page || status == StatusCode::SEE_OTHER {
            return;
        }
        let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
        let fits = |documented: &str| match documented.split_once("{id}") {
            Some((before, "")) => {
                path.strip_prefix(before).is_some_and(|id| !id.is_empty() && !id.contains('/'))
            }
            _ => documented == path,
        };
        for (documented, route, operation) in self.operations() {
            if documented != wanted || !fits(route) {
                continue;
            }
            let status = status.as_str();
            let described = operation["responses"].get(status);
            let described = described.unwrap_or_else(|| panic!("{method} {path} answered {status}"));
            match described["content"].as_object() {
                None => assert_eq!(text, "", "{method} {path} answered {status} with a body"),
                Some(_) if method == Method::HEAD => {}
                Some(content) => {
                    let content_type = headers["content-type"].to_str().unwrap();
                    let media = content
                        .get(content_type)
                        .unwrap_or_else(|| panic!("{path} {status}: {content_type}"));
                    let fault = self.misfit(&media["schema"], &serde_json::from_str(text).unwrap());
                    assert_eq!(fault, None, "{method} {path} {status}: {}", text);
                }
            }
            for name in described["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
                assert!(headers.contains_key(name), "{method} {path} {status} has no {name}");
            }
        }
    }

    /// Returns the first place where a value does not fit its schema. Members that are not described do not fit, unless
    /// the schema describes none: such an object is free.
    fn misfit(&self, schema: &Value, value: &Value) -> Option<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.misfit(self.0.pointer(&reference[1..]).unwrap(), value);
        }
        let types = match &schema["type"] {
            Value::Array(types) => types.clone(),
            one => vec![one.clone()],
        };
        let own = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if let Some(options) = schema["oneOf"].as_array() {
            let fitting = options.iter().filter(|option| self.misfit(option, value).is_none()).count();
            return (fitting != 1).then(|| format!("{value} fits {fitting} of {schema}"));
        }
        if !types.contains(&own.into()) {
            return Some(format!("{value} is not {}", schema["type"]));
        }
        match value {
            Value::Array(items) => items.iter().find_map(|item| self.misfit(&schema["items"], item)),
            Value::Object(_) if schema.get("properties").is_none() => None,
            Value::Object(members) => {
                let required = schema["required"].as_array().into_iter().flatten();
                let missing = required.filter_map(Value::as_str).find(|name| !members.contains_key(*name));
                missing.map(|name| format!("no {name}")).or_else(|| {
                    members.iter().find_map(|(name, member)| match schema["properties"].get(name) {
                        Some(schema) => self.misfit(schema, member),
                        None => Some(format!("{name} is not described")),
                    })
                })
            }
            _ => None,
        }
    }
}
