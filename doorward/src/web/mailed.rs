//! The body of requests that show a proof from a mail, as the OpenAPI document describes it.
//! [`Proof`](crate::accounts::one_time::proof::Proof) reads it.

/// Declares the body of a request with a proof: the token of a link, or a code with the address of the account. The token
/// is an example. Further fields may follow.
macro_rules! proof_body {
    ($(#[$about:meta])* $name:ident, $token:tt $(, $(#[$field_about:meta])* $field:ident)*) => {
        #[derive(utoipa::ToSchema)]
        $(#[$about])*
        #[expect(dead_code, reason = "it describes a body that others read")]
        struct $name {
            /// The token of the link.
            #[schema(example = $token)]
            token: Option<String>,
            /// The current address of the account; with a code.
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
