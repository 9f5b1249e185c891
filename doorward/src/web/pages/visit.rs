//! A request for a page: its language, the path of the pages, and the address to go on to.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    auth::Auth,
    base::{
        error::Error,
        http::{
            asset::{self, Asset},
            input::parameter,
        },
        text::{language::Language, texts::Words},
    },
    model::session::Session,
    web::{current_user::RequestSession, next},
};

/// A request for a page, and the links and redirects that follow from it.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) words: Words,
    /// `true` if `?lang=` chose the language. Links then carry it from page to page.
    chosen: bool,
    /// The path that the routes are mounted at, as browsers see it, without a slash at the end.
    base: String,
    /// The path of the page below `base`, without a slash at the start.
    page: String,
    /// The address in `?next=`, if it is allowed.
    next: Option<String>,
    /// The action that was done before, from `?done=`.
    pub(crate) done: Option<String>,
    /// The text that holds the token of a link in a mail.
    pub(crate) token: Option<String>,
    pub(crate) gzip: bool,
    /// The query of the page, if its links to other languages keep it.
    kept: Option<String>,
}

/// The beginning of every secret that leaves the server.
const PREFIX: &str = "dw_";

/// Returns the text that holds the token of a link in a mail. Mail programs damage the query around it: `&amp;token=`,
/// `token%3D`, `?Token=`, `;token=`. Then this is the whole query, and the token is found in it. But `next` may hold a
/// random text of an app, in which the letters of a prefix stand by chance.
fn mailed_token(uri: &Uri) -> Option<String> {
    let holds_secret = |text: &String| text.contains(PREFIX);
    let named = parameter(uri, "token");
    let is_text = |pair: &&str| !pair.starts_with("next=");
    let query = uri.query().map(|query| query.split('&').filter(is_text).collect::<Vec<_>>().join("&"));
    named.clone().filter(holds_secret).or_else(|| query.filter(holds_secret)).or(named)
}

impl Visit {
    pub(crate) fn of(auth: &Auth, uri: &Uri, original: &Uri, headers: &HeaderMap) -> Self {
        let chosen = Language::chosen(uri);
        let mounted_at = original.path().strip_suffix(uri.path()).unwrap_or(original.path());
        let base = if auth.site().path.is_empty() { mounted_at } else { &auth.site().path };
        Self {
            words: auth.words(chosen.unwrap_or_else(|| Language::accepted(headers))),
            chosen: chosen.is_some(),
            base: base.trim_end_matches('/').to_owned(),
            page: uri.path().trim_start_matches('/').to_owned(),
            next: parameter(uri, "next")
                .and_then(|next| next::checked(&next, auth.site()).map(str::to_owned)),
            done: parameter(uri, "done"),
            token: mailed_token(uri),
            gzip: asset::accepts_gzip(headers),
            kept: None,
        }
    }

    /// Returns the path that the routes are mounted at, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Returns the same visit, which goes on to an address of ours.
    pub(crate) fn leading_to(&self, next: String) -> Self {
        Self { next: Some(next), ..self.clone() }
    }

    /// Returns the same visit as one of this page, whose links to other languages keep its query.
    #[cfg(feature = "provider")]
    pub(crate) fn keeping(&self, page: &str, query: String) -> Self {
        Self { page: page.to_owned(), kept: Some(query), ..self.clone() }
    }

    /// Returns the same visit in another language.
    #[cfg(feature = "provider")]
    pub(crate) fn in_language(&self, auth: &Auth, language: Language) -> Self {
        Self { words: auth.words(language), chosen: true, ..self.clone() }
    }

    /// Returns the page that sends another mail in place of the one whose link led here, and the key of its text.
    pub(crate) fn again(&self) -> (&'static str, &'static str) {
        match &*self.page {
            "verify-email" => ("verify-email", "send-again"),
            "confirm-email" => ("account/email", "change-email"),
            "login" => ("login-attempt", "send-again"),
            "login/link" => ("login/email", "send-again"),
            "undo-email-change" => ("undo-email-change/request", "send-again"),
            _ => ("forgot-password", "forgot-password"),
        }
    }

    /// Returns the address of a page. It keeps the language and `next`.
    pub(crate) fn link(&self, page: &str) -> String {
        self.link_with(page, self.chosen.then_some(self.words.language), None)
    }

    /// Returns the address of this page in another language.
    pub(super) fn link_in(&self, language: Language) -> String {
        if let Some(kept) = &self.kept {
            return format!("{}/{}?{kept}&lang={}", self.base, self.page, language.tag());
        }
        let link = self.link_with(&self.page, Some(language), None);
        match &self.token {
            Some(token) => form_urlencoded::Serializer::new(link).append_pair("token", token).finish(),
            None => link,
        }
    }

    /// Returns the same visit with the text `done-…` to show.
    pub(crate) fn with_done(&self, done: &str) -> Self {
        Self { done: Some(done.to_owned()), ..self.clone() }
    }

    fn link_with(&self, page: &str, language: Option<Language>, done: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(language) = language {
            query.append_pair("lang", language.tag());
        }
        if let Some(next) = &self.next {
            query.append_pair("next", next);
        }
        if let Some(done) = done {
            query.append_pair("done", done);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{page}{mark}{query}", self.base)
    }

    /// Returns the address of a file that pages load.
    pub(super) fn address_of(&self, name: &str, file: &Asset) -> String {
        format!("{}/static/{name}?v={}", self.base, file.version)
    }

    /// Redirects to a page.
    pub(crate) fn go(&self, page: &str) -> Response {
        see_other(&self.link(page))
    }

    /// Redirects to a page that then shows the text with the key `done-` and `done`.
    pub(crate) fn go_done(&self, page: &str, done: &str) -> Response {
        see_other(&self.link_with(page, self.chosen.then_some(self.words.language), Some(done)))
    }

    /// Returns the address to go on to, if the request has one that is allowed.
    pub(crate) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Returns the path of a route, without language and `next`.
    pub(super) fn path(&self, route: &str) -> String {
        format!("{}/{route}", self.base)
    }

    /// Redirects a user who is logged in to the address that they wanted. Only `onward.rs` does so, which sees circles.
    pub(super) fn go_on(&self) -> Response {
        match &self.next {
            Some(next) => see_other(next),
            None => see_other(&self.link_with(
                "account",
                self.chosen.then_some(self.words.language),
                self.done.as_deref(),
            )),
        }
    }

    /// Redirects a user who has logged out to the address that they wanted, or to the log-in.
    pub(crate) fn go_out(&self) -> Response {
        match &self.next {
            Some(next) => see_other(next),
            None => self.go_done("login", "logged-out"),
        }
    }

    /// Redirects to the log-in, and from there back to this page.
    fn go_log_in(mut self) -> Response {
        if self.page != "account" && self.next.is_none() {
            self.next = Some(format!("{}/{}", self.base, self.page));
        }
        self.go("login")
    }
}

impl<S: Sync> FromRequestParts<S> for Visit
where
    Auth: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Self::of(&Auth::from_ref(state), &parts.uri, original, &parts.headers))
    }
}

/// A user who is logged in, and the page that they want. As an argument of a handler it redirects others to the log-in.
pub(crate) struct Member {
    pub(crate) session: Session,
    pub(crate) visit: Visit,
}

impl<S: Sync> FromRequestParts<S> for Member
where
    Auth: FromRef<S>,
{
    type Rejection = Result<Response, Error>;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        match RequestSession::from_request_parts(parts, &Auth::from_ref(state)).await {
            Ok(RequestSession(session)) => Ok(Self { session, visit }),
            Err(Error::NotAuthenticated | Error::InvalidSession) => Err(Ok(visit.go_log_in())),
            Err(error) => Err(Err(error)),
        }
    }
}

/// Redirects to an address. The browser requests it with `GET`.
fn see_other(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}
