//! The description of request bodies with a proof from a mail, for the OpenAPI document.
//! [`Proof`](crate::accounts::one_time::proof::Proof) reads such bodies.

/// Declares a body with a proof: the token of a link, or a code with the address of the account. Takes an example of
/// the token, and the other fields of the body.
macro_rules! proof_body {
    ($(#[$about:meta])* $name:ident, $token:tt $(, $(#[$field_about:meta])* $field:ident)*) => {
        #[derive(utoipa::ToSchema)]
        $(#[$about])*
        #[expect(dead_code, reason = "it describes a body that others read")]
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
            $($(#[$field_about])* $field: String,)*
        }
    };
}
pub(crate) use proof_body;
