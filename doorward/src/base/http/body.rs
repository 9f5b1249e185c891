//! Gathers the body of a request. It takes memory only as it arrives, up to a limit, and as its place in the
//! [`room`](super::room) allows.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, header},
};
use http_body_util::BodyExt;
use zeroize::Zeroizing;

use crate::base::{
    error::Error,
    http::room::{FREE, Held, Place},
};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Reads the whole body of a request. It must be of the expected type, and have at most `limit` bytes.
pub(crate) async fn gathered(
    request: Request,
    expected: &'static str,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if !is_media_type(request.headers(), expected) {
        return Err(Error::UnsupportedMediaType(expected));
    }
    let mut held = request.extensions().get::<Place>().cloned().map(Place::begin);
    let gathered = gather(request.into_body(), limit, held.as_mut());
    tokio::time::timeout(BODY_TIME, gathered).await.unwrap_or(Err(Error::RequestTimeout))
}

/// Gathers the bytes of a body. It may hold a password, so every buffer is wiped after use.
///
/// The bytes are copied out of the buffers in which they arrive: those are far larger than the few bytes of a client
/// that sends slowly.
async fn gather(
    mut body: Body,
    limit: usize,
    mut held: Option<&mut Held>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    // The declared length of the body, if it is declared.
    let declared = body.size_hint().lower();
    if declared > limit as u64 {
        return Err(Error::TooLarge(limit));
    }
    let mut gathered = Zeroizing::new(Vec::with_capacity(FREE.min(declared as usize)));
    while let Some(frame) = body.frame().await {
        // The connection broke, or its framing was wrong; hardly any client reads this answer.
        let frame = frame.map_err(|_| Error::field("body", "expected a body that arrives whole"))?;
        let Ok(bytes) = frame.into_data() else { continue };
        let length = gathered.len() + bytes.len();
        if length > limit {
            return Err(Error::TooLarge(limit));
        }
        if length > gathered.capacity() {
            let capacity = length.max(2 * gathered.capacity()).max(FREE).min(limit);
            if held.as_mut().is_some_and(|held| !held.grow(capacity)) {
                return Err(Error::Unavailable);
            }
            let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
            larger.extend_from_slice(&gathered);
            gathered = larger;
        }
        gathered.extend_from_slice(&bytes);
    }
    Ok(gathered)
}

/// Returns `true` if the headers declare a body of this type, in UTF-8 and neither compressed nor in parts.
fn is_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => is_utf8(value),
        _ => true,
    });
    essence.eq_ignore_ascii_case(expected) && plain && utf8
}

/// Returns `true` if a text in this charset has the same bytes in UTF-8.
///
/// JSON and forms have no such parameter, so it means nothing (RFC 8259, section 11). Yet many clients send one. The
/// names are the labels of UTF-8 in the Encoding standard, IANA's `csUTF8`, and ASCII, which is a part of UTF-8.
fn is_utf8(charset: &str) -> bool {
    let letters = charset.bytes().filter(|byte| !b"-_ \t\"'".contains(byte));
    let name: Vec<u8> = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    let names =
        ["", "utf8", "csutf8", "unicode11utf8", "unicode20utf8", "xunicode20utf8", "usascii", "ascii"];
    names.iter().any(|known| known.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::pending, sync::Arc};

    use axum::body::Bytes;
    use futures_util::{StreamExt, stream};
    use http_body_util::Full;

    use super::*;
    use crate::base::http::room::Room;

    const LIMIT: usize = 8 * 1024;
    const PLAIN: &str = "text/plain";

    /// A body that arrives in pieces, without a declared length.
    fn in_pieces(piece: usize, length: usize) -> Body {
        let all = vec![b'a'; length];
        let pieces: Vec<_> =
            all.chunks(piece).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    /// A body that never ends. Only its beginning arrives.
    fn unfinished(length: usize) -> Body {
        let begin = stream::iter([Ok::<_, Infallible>(Bytes::from(vec![b'a'; length]))]);
        Body::from_stream(begin.chain(stream::once(pending())))
    }

    fn request(body: Body) -> Request {
        Request::post("/").header(header::CONTENT_TYPE, PLAIN).body(body).unwrap()
    }

    async fn length(request: Request) -> Result<usize, Error> {
        gathered(request, PLAIN, LIMIT).await.map(|body| body.len())
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_fits() {
        for piece in [1, 7, 1000, LIMIT] {
            assert_eq!(length(request(in_pieces(piece, LIMIT))).await, Ok(LIMIT));
            let refused = length(request(in_pieces(piece, LIMIT + 1))).await.unwrap_err();
            assert_eq!(refused, Error::TooLarge(LIMIT));
            assert_eq!(refused.to_string(), "The request body is larger than 8 KiB");
        }
        assert_eq!(length(request(Body::from(vec![0; LIMIT]))).await, Ok(LIMIT));
        assert_eq!(length(request(Body::empty())).await, Ok(0));
    }

    #[tokio::test]
    async fn of_a_body_that_is_declared_too_large_nothing_is_read() {
        let body = Full::new(Bytes::from(vec![b'a'; LIMIT + 1]));
        let unread = Body::new(body.inspect_frame(|_| panic!("the body is read")));
        assert_eq!(length(request(unread)).await, Err(Error::TooLarge(LIMIT)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_ends_no_body_keeps_out_neither_small_bodies_nor_other_clients() {
        let room = Arc::<Room>::default();
        let from = |client: &str, body| {
            let mut request = request(body);
            let client = Some(client.parse().unwrap());
            request.extensions_mut().insert(Place::of(&room, client));
            request
        };
        let held: Vec<_> =
            (0..2000).map(|_| tokio::spawn(length(from("192.0.2.1", unfinished(LIMIT - 1))))).collect();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let refused = held.iter().filter(|held| held.is_finished()).count();
        assert!((1600..1800).contains(&refused), "{refused}");
        // A log-in of the attacker's neighbour, and a large body of somebody else.
        assert_eq!(length(from("192.0.2.1", in_pieces(100, 1000))).await, Ok(1000));
        assert_eq!(length(from("192.0.2.1", in_pieces(100, LIMIT))).await, Err(Error::Unavailable));
        assert_eq!(length(from("192.0.2.2", in_pieces(100, LIMIT))).await, Ok(LIMIT));
        // When their time is over, there is room again.
        tokio::time::sleep(BODY_TIME).await;
        let mut answers = Vec::new();
        for held in held {
            answers.push(held.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|answer| **answer == Err(Error::Unavailable)).count(), refused);
        assert_eq!(
            answers.iter().filter(|answer| **answer == Err(Error::RequestTimeout)).count(),
            2000 - refused
        );
        assert_eq!(length(from("192.0.2.1", in_pieces(100, LIMIT))).await, Ok(LIMIT));
    }
}
