//! The further fields of a user, as the OpenAPI document describes them.

use utoipa::openapi::{
    RefOr, Schema,
    schema::{AdditionalProperties, Object, ObjectBuilder, Type},
};

use crate::base::config::{ProfileField, ProfileKind};

/// The bodies that take the fields, with `true` for the one of a new user, who must fill in what is required.
const BODIES: [(&str, bool); 2] = [("Registration", true), ("UserChange", false)];
const FIELD: &str = "profile";

/// Describes the declared fields in the bodies that take them. Without fields, no body has any.
pub(crate) fn describe<'a>(
    schemas: impl Iterator<Item = (&'a String, &'a mut RefOr<Schema>)>,
    declared: &[ProfileField],
) {
    for (name, schema) in schemas {
        let Some((_, is_new)) = BODIES.iter().find(|(body, _)| body == name) else { continue };
        let RefOr::T(Schema::Object(body)) = schema else { continue };
        if declared.is_empty() {
            body.properties.remove(FIELD);
            continue;
        }
        body.properties.insert(FIELD.to_owned(), RefOr::T(Schema::Object(object(declared, *is_new))));
        if *is_new && declared.iter().any(|field| field.required) {
            body.required.push(FIELD.to_owned());
        }
    }
}

fn object(declared: &[ProfileField], is_new: bool) -> Object {
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What the user writes about themselves. Shown in `profile`"))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    for field in declared {
        object = object.property(&field.name, value(field));
        if is_new && field.required {
            object = object.required(&field.name);
        }
    }
    object.build()
}

fn value(field: &ProfileField) -> Object {
    let value = ObjectBuilder::new().description(Some(field.label("en")));
    let greatest = field.greatest();
    match field.kind {
        ProfileKind::Text => value.schema_type(Type::String).max_length(usize::try_from(greatest).ok()),
        ProfileKind::Number => {
            value.schema_type(Type::Integer).minimum(Some(0_i64)).maximum(i64::try_from(greatest).ok())
        }
        ProfileKind::Boolean => value.schema_type(Type::Boolean),
    }
    .build()
}
