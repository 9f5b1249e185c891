//! Reads from a request who sent it: address, program, language, request id and device.

use std::{collections::BTreeMap, convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{Extensions, HeaderMap, HeaderName, header, request::Parts},
};

use crate::{
    auth::Auth,
    base::text::language::Language,
    model::client::{Client, DeviceToken},
    web::cookies,
};

/// The header in which a program sends its device token.
pub(crate) const DEVICE: HeaderName = HeaderName::from_static("doorward-device");

/// The most characters of a `User-Agent` that are kept.
const MAX_USER_AGENT: usize = 256;

/// The header with the answer to a challenge of the host.
const ANSWER: &str = "doorward-answer";

/// The most characters of a [`RequestId`] that are kept.
const MAX_REQUEST_ID: usize = 64;

/// The id of a request. The host puts it into the extensions of the request. Events of the request carry it, so that an
/// operator finds the request in the host's own log.
///
/// ```
/// # use axum::{extract::Request, middleware::Next, response::Response};
/// async fn number(mut request: Request, next: Next) -> Response {
///     request.extensions_mut().insert(doorward::guard::RequestId::new("4f9a0c"));
///     next.run(request).await
/// }
/// ```
///
/// Do not use an id that the client chose: it could choose the id of another client's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Takes an id. At most 64 characters of it are kept.
    #[must_use]
    pub fn new(id: &str) -> Self {
        let mut id = id.replace('\0', "");
        if let Some((end, _)) = id.char_indices().nth(MAX_REQUEST_ID) {
            id.truncate(end);
        }
        Self(id)
    }
}

/// The content of `ConnectInfo` and [`RequestId`] in one extension of the request, for [`Auth::serve`]. Adding an
/// extension costs more than reading it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// The other end of the connection, or [`Arrival::UNIX`].
    pub(crate) peer: SocketAddr,
    /// The id of the request, in ASCII.
    pub(crate) id: [u8; 16],
}

#[cfg(feature = "serve")]
impl Arrival {
    /// Stands for the other end of a UNIX socket, which has no address.
    pub(crate) const UNIX: SocketAddr = SocketAddr::new(crate::base::http::proxies::UNIX_PEER, 0);
}

/// Returns the address that a request came from, if the host provides it.
pub(crate) fn peer(extensions: &Extensions) -> Option<SocketAddr> {
    let arrival = extensions.get::<Arrival>().map(|arrival| arrival.peer);
    arrival.or_else(|| extensions.get().map(|ConnectInfo(peer)| *peer))
}

fn request_id(extensions: &Extensions) -> Option<String> {
    // The host's own id is in the host's own log.
    let own = extensions.get::<RequestId>().map(|RequestId(id)| id.clone());
    own.or_else(|| {
        extensions.get::<Arrival>().map(|arrival| String::from_utf8_lossy(&arrival.id).into_owned())
    })
}

/// Reads the device token of a program. `None` if the header is missing, came twice, or holds no token.
fn device(headers: &HeaderMap) -> Option<DeviceToken> {
    let mut lines = headers.get_all(DEVICE).iter();
    let (Some(token), None) = (lines.next(), lines.next()) else { return None };
    DeviceToken::read(token.to_str().ok()?.trim())
}

impl<S: Sync> FromRequestParts<S> for Client
where
    Auth: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let auth = Auth::from_ref(state);
        let user_agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            ip: peer(&parts.extensions).map(|peer| auth.proxies().client(peer.ip(), &parts.headers)),
            user_agent: user_agent
                .map(|name| String::from_utf8_lossy(name.as_bytes()).chars().take(MAX_USER_AGENT).collect()),
            language: Language::wanted(&parts.uri, &parts.headers),
            request_id: request_id(&parts.extensions),
            answer: parts.headers.get(ANSWER).and_then(|answer| answer.to_str().ok()).map(str::to_owned),
            fields: BTreeMap::new(),
            device: device(&parts.headers).or_else(|| cookies::device(&auth, &parts.headers)),
        })
    }
}
