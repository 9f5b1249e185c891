//! Requests, byte by byte.

use super::*;

const GET: &str = "GET /me HTTP/1.1\r\nHost: a\r\n\r\n";

/// Feeds the bytes in pieces of `size`. Returns the number of usable bytes, and the refusal.
fn fed(bytes: &[u8], size: usize) -> (usize, Option<Refusal>) {
    let mut framing = Framing::new(None);
    let mut fed = 0;
    for piece in bytes.chunks(size) {
        if let Err(stop) = framing.feed(piece) {
            return (fed + stop.usable, Some(stop.refusal));
        }
        fed += piece.len();
    }
    (fed, None)
}

fn verdict(request: &str) -> Option<Refusal> {
    let whole = fed(request.as_bytes(), request.len()).1;
    for size in [1, 2, 3, 7, 64] {
        assert_eq!(fed(request.as_bytes(), size).1, whole, "in pieces of {size}: {request:?}");
    }
    whole
}

#[test]
fn ordinary_requests_pass() {
    for request in [
        GET,
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \r\nX:\r\nY: \t a b \r\n\r\n",
        "POST / HTTP/1.1\r\nhOST: a\r\nContent-Length: 3 \r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n\
         GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        assert_eq!(verdict(request), None, "{request:?}");
    }
}

#[test]
fn requests_that_two_servers_could_read_differently_are_refused() {
    for request in [
        // Two lengths, in every order and form.
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000000000000000000000000004\r\n\r\n",
        // Encodings other than exactly one `chunked`.
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        // Ends of lines.
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n",
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        // Folded lines and names with space.
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n",
        // Hosts and versions.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET / a HTTP/1.1\r\nHost: a\r\n\r\n",
        // Fragments.
        "GET /healthz#/../me HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?a#b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET # HTTP/1.1\r\nHost: a\r\n\r\n",
        // Chunks.
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000003\r\nabc\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n",
    ] {
        assert_eq!(verdict(request), Some(Refusal::Malformed), "{request:?}");
    }
}

#[test]
fn a_host_that_is_no_host_is_refused() {
    // RFC 9112, section 3.2; for the target RFC 9110, section 4.2.4.
    for request in [
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: user@x\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: user@x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \u{e4}\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET http://user@x/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http:///healthz/../me HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    ] {
        assert_eq!(verdict(request), Some(Refusal::Host), "{request:?}");
    }
    for request in [
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: unknown.example:1\r\n\r\n",
        "GET http://[::1]:8000/a?b HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
        "GET http://x?a@b HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        assert_eq!(verdict(request), None, "{request:?}");
    }
}

#[test]
fn only_served_hosts_may_be_named_except_by_health_checks() {
    let hosts = Hosts::of(["good.example"].into_iter()).unwrap();
    let hosts = Arc::new(hosts);
    let refusal = |request: &str| {
        let mut framing = Framing::new(Some(hosts.clone()));
        framing.feed(request.as_bytes()).err().map(|stop| (stop.usable, stop.refusal))
    };
    let get = |target: &str, host: &str| format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for good in [
        get("/me", "good.example"),
        get("/me", " GOOD.example:8000 "),
        get("http://good.example/me", "good.example"),
        get("/?next=https://evil.example", "good.example"),
        get("/healthz", "10.0.0.1"),
        get("/readyz?a", ""),
        get("http://evil.example/healthz", "evil.example"),
        "GET /me HTTP/1.0\r\n\r\n".to_owned(),
    ] {
        assert_eq!(refusal(&good), None, "{good:?}");
    }
    let good = get("/me", "good.example");
    for bad in [
        get("/me", "evil.example"),
        get("/me", ""),
        get("/healthz/", "evil.example"),
        get("/login?/healthz", "evil.example"),
        get("http://evil.example/me", "good.example"),
        get("http://good.example/me", "evil.example"),
        get("http://evil.example?/healthz", "good.example"),
    ] {
        assert_eq!(refusal(&bad), Some((0, Refusal::Misdirected)), "{bad:?}");
        // Neither a good request nor a health check before it lets it pass.
        for before in [good.clone(), get("/healthz", "evil.example")] {
            let pipelined = refusal(&format!("{before}{bad}"));
            assert_eq!(pipelined, Some((before.len(), Refusal::Misdirected)), "{before:?} {bad:?}");
        }
    }
}

#[test]
fn a_refused_request_leaves_those_before_it_usable() {
    let bad = "GET / HTTP/1.1\r\nHost: a\r\nX: b\n\r\n";
    let body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab";
    for good in [GET.to_owned(), format!("{GET}{GET}"), body.to_owned()] {
        let (usable, refusal) = fed(format!("{good}{bad}").as_bytes(), 1 << 20);
        assert_eq!((usable, refusal), (good.len(), Some(Refusal::Malformed)), "{good:?}");
    }
}

#[test]
fn the_limits_of_a_head_are_exact() {
    let with_fields = |count| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(count - 1));
    assert_eq!(verdict(&with_fields(FIELDS)), None);
    assert_eq!(verdict(&with_fields(FIELDS + 1)), Some(Refusal::Head));

    let with_target = |length: usize| format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(length - 1));
    assert_eq!(verdict(&with_target(TARGET)), None);
    assert_eq!(verdict(&with_target(TARGET + 1)), Some(Refusal::Target));

    let around = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n".len();
    let of_size = |size: usize| {
        let value = "a".repeat(size - around);
        format!("GET / HTTP/1.1\r\nHost: a\r\nX: {value}\r\n\r\n")
    };
    assert_eq!(verdict(&of_size(HEAD)), None);
    assert_eq!(verdict(&of_size(HEAD + 1)), Some(Refusal::Head));
    assert_eq!(verdict(&"A".repeat(HEAD + 1)), Some(Refusal::Target));
    assert_eq!(verdict(&"\r\n".repeat(HEAD)), Some(Refusal::Head));
}

#[test]
fn limits_start_again_with_each_request() {
    let large = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(HEAD / 2 + 1));
    assert_eq!(verdict(&large.repeat(5)), None);
}

#[test]
fn the_head_that_is_being_read_has_a_number() {
    let mut framing = Framing::new(None);
    assert_eq!(framing.head(), None);
    framing.feed(b"GET /").unwrap();
    assert_eq!(framing.head(), Some(1));
    framing.feed(b" HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(framing.head(), None);
    framing.feed(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n").unwrap();
    assert_eq!(framing.head(), None);
    framing.feed(b"xG").unwrap();
    assert_eq!(framing.head(), Some(3));
}

#[test]
fn the_sizes_of_the_pieces_do_not_matter() {
    const PARTS: [&str; 20] = [
        "GET / HTTP/1.1\r\n",
        "POST /a HTTP/1.1\r\n",
        "Host: a\r\n",
        "X: y\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n",
        "abc",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r",
        "\n",
        ":",
        " ",
        "\t",
        "H",
        "0",
        "\0",
        "é",
    ];
    let (mut random, mut passed) = (0x9e37_79b9_7f4a_7c15_u64, 0);
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize % limit
    };
    for _ in 0..20_000 {
        let count = 1 + below(10);
        let mut request: String = (0..count).map(|_| PARTS[below(11)]).collect();
        if below(2) == 0 {
            let places: Vec<_> = request.char_indices().map(|(place, _)| place).collect();
            request.insert_str(places[below(places.len())], PARTS[below(PARTS.len())]);
        }
        passed += usize::from(verdict(&request).is_none());
    }
    assert!((1000..19_000).contains(&passed), "{passed} passed");
}
