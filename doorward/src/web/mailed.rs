//! Request bodies of the routes that ask for a mail, and of those that take its link or code.

/// Declares a body with the address of an account as its one field.
macro_rules! address_body {
    ($name:ident) => {
        /// The address of an account.
        #[derive(utoipa::ToSchema)]
        pub(super) struct $name {
            /// The e-mail address. Case does not matter.
            #[schema(value_type = String, format = "email", example = "ann@example.org")]
            email: $crate::base::email::Email,
        }

        impl $crate::base::http::input::Input for $name {
            fn read(fields: &mut $crate::base::http::input::Fields) -> Option<Self> {
                Some(Self { email: fields.email("email")? })
            }
        }
    };
}
pub(crate) use address_body;

/// Describes, in the OpenAPI document, a body that holds a proof: the token of a link, or a code with the address of
/// the account. Takes an example of the token, and the other fields of the body. It has no unknown fields.
/// [`Proof`](crate::accounts::one_time::proof::Proof) reads such bodies.
macro_rules! proof_body {
    ($(#[$about:meta])* $name:ident, $token:tt $(, $(#[$field_about:meta])* $field:ident: $type:ty)*) => {
        #[derive(utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$about])*
        #[expect(dead_code, reason = "only the OpenAPI document uses it; `Proof` reads the body")]
        struct $name {
            /// The token of the link.
            #[schema(example = $token)]
            token: Option<String>,
            /// The current address of the account. It is needed with a code.
            #[schema(format = "email", example = "ann@example.org")]
            email: Option<String>,
            /// The code. Case, spaces and dashes do not matter.
            #[schema(example = "K7WM-2QXD")]
            code: Option<String>,
            $($(#[$field_about])* $field: $type,)*
        }
    };
}
pub(crate) use proof_body;
