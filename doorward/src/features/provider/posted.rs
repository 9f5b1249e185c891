//! An app can send an authorization or log-out request by `POST`. It comes from another site, so the browser sends no
//! cookie. This redirects to the same request with `GET`, where the session is known.

use axum::{extract::State, http::Uri, response::Response};

use crate::{
    base::{
        error::{Error, Result},
        http::input::{Fields, Form, Input},
    },
    features::provider::answer::{refused, see_other},
    web::pages::{page::Pages, visit::Visit},
};

/// A query with all parameters of the form, sorted by name.
pub(super) struct Posted(String);

impl Input for Posted {
    fn read(fields: &mut Fields) -> Option<Self> {
        let pairs = fields.texts_after("");
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        Some(Self(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()))
    }
}

pub(super) async fn lead_to_get(
    State(pages): State<Pages>,
    visit: Visit,
    uri: Uri,
    form: Result<Form<Posted>>,
) -> Result<Response> {
    match form {
        Ok(Form(Posted(query))) => Ok(see_other(&format!("{}{}?{query}", visit.base(), uri.path()))),
        Err(Error::Invalid(_)) => refused(&pages, &visit, "provider-malformed"),
        Err(error) => Err(error),
    }
}
