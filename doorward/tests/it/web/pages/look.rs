//! The size and the headers of pages, their files, and the templates of an operator.

use std::fs;

use doorward::Config;

use crate::{
    app::{ANN, App, config},
    visitor::{NEED_NO_SESSION, PAGES, visitor, visitor_of},
};

#[tokio::test]
async fn a_page_is_small_and_allows_no_inline_code() {
    let app = App::new().await;
    app.register(ANN).await;
    let ann = visitor_of(&app, ANN).await;
    for path in PAGES {
        let mut client = if NEED_NO_SESSION.contains(&path) { visitor(&app) } else { ann.clone() };
        let page = client.get(&format!("/auth/{path}")).await;
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
            "{policy}"
        );
        for forbidden in [" style=", " onclick=", "<script>", "http://", "https://"] {
            assert!(!page.text.contains(forbidden), "{path} has {forbidden}");
        }
        let bytes = gzipped(&page.text);
        assert!(bytes < 14 * 1024, "{path} has {bytes} bytes: more than one round trip brings");
        // Password managers can fill every field, and pasting is allowed.
        for input in page.text.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            assert!(input.contains("autocomplete=\""), "{path}: {input}");
            assert!(!input.contains(" maxlength=") && !input.contains("onpaste"), "{path}: {input}");
        }
    }
    let answer = visitor(&app).another_header("accept-encoding", "gzip").get_bytes("/auth/login").await;
    assert_eq!(answer.0["content-encoding"], "gzip");
    let mut plain = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&answer.1[..]), &mut plain).unwrap();
    assert_eq!(plain, visitor(&app).get("/auth/login").await.text);
}

fn gzipped(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[tokio::test]
async fn files_are_named_by_their_content_and_cached_for_ever() {
    let app = App::new().await;
    let page = visitor(&app).get("/auth/login").await.text.replace("&#x2f;", "/");
    let script = page.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = visitor(&app).get(script).await;
    assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(visitor(&app).get("/auth/static/script.js").await.headers["cache-control"], "no-cache");
    assert_eq!(app.anonymous().get("/auth/static/logo.svg").await.code(), "not_found");
}

#[tokio::test]
async fn operators_can_replace_name_colour_logo_style_and_templates() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("logo.svg", "<svg/>");
    write("style.css", "body { color: var(--accent) }");
    write("pages/logout.html", "Bye {{ user.email }} from {{ service_name }}");
    let own = Config {
        service_name: "Blue & Co".into(),
        accent_color: "#ffff00".into(),
        templates_dir: Some(folder.path().to_owned()),
        ..config()
    };
    let app = App::with(own).await;
    app.register(ANN).await;
    let page = visitor(&app).get("/auth/login").await.text.replace("&#x2f;", "/");
    assert!(
        page.contains("<title>Log in – Blue &amp; Co</title>") && page.contains("alt=\"Blue &amp; Co\""),
        "{page}"
    );
    assert!(page.contains("body { color: var(--accent) }:root{--accent:#"), "{page}");
    let logo = page.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = visitor(&app).get(logo).await;
    assert_eq!(
        (&*answer.text, &answer.headers["content-type"]),
        ("<svg/>", &"image/svg+xml".parse().unwrap())
    );
    let mut ann = visitor_of(&app, ANN).await;
    assert_eq!(ann.get("/auth/logout").await.text, "Bye ann@example.org from Blue &amp; Co");
}
