//! `/oauth/authorize` and the page that asks for consent: from the link of an app back to the app.

use axum::http::{Method, StatusCode};

use super::parties::{
    ISSUER, OWN, OWN_CALLBACK, TOOL, TOOL_CALLBACK, WIKI, WIKI_CALLBACK, access_token, address,
    ann_in_a_browser, as_wiki, claims_of, code_for, consent_of, exchange, location, request, told, with_apps,
};
use crate::app::{ANN, App, PASSWORD};

#[tokio::test]
async fn a_person_logs_in_to_an_app_and_comes_back_to_it() {
    let app = App::with(with_apps()).await;
    let id = app.register(ANN).await;
    let mut browser = app.browser();
    let wanted = address(&[]);

    // The log-in keeps the request.
    let log_in = location(&browser.get(&wanted).await);
    assert!(log_in.starts_with("/auth/login?next="), "{log_in}");
    let back = location(&browser.form(&log_in, &[("email", ANN), ("password", PASSWORD)]).await);
    assert!(back.starts_with("/auth/oauth/authorize?") && back.contains("&asked_at="), "{back}");

    // The page says who asks for what, and where it leads. It is inert text.
    let page = browser.get(&back).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("The &lt;b&gt;wiki&lt;&#x2f;b&gt;") && !page.text.contains("<b>"),
        "{}",
        page.text
    );
    for shown in [ANN, "See your e-mail address", "wiki.example.org"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://wiki.example.org;"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && page.headers["x-frame-options"] == "DENY");

    let answer = browser.form(&consent_of(&back), &[("decision", "allow")]).await;
    assert!(location(&answer).starts_with(&format!("{WIKI_CALLBACK}?code=dw_o_")));
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    let told = told(&answer);
    assert_eq!((&*told["state"], &*told["iss"]), ("a state & more", ISSUER));

    let answer = exchange(&app, &told["code"]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (&"Bearer".into(), &3600.into(), &"openid profile email".into())
    );
    let claims = claims_of(&app, body["id_token"].as_str().unwrap(), WIKI).await;
    assert_eq!(claims["sub"], id.to_string());
    assert_eq!((&claims["nonce"], &claims["acr"]), (&"a nonce".into(), &"aal1".into()));
    assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
    let session = browser.sessions().await[0]["id"].to_string();
    assert_eq!(claims["sid"], session);
    assert_eq!((&claims["email"], &claims["email_verified"]), (&ANN.into(), &false.into()));
    assert_eq!((&claims["name"], &claims["preferred_username"]), (&ANN.into(), &ANN.into()));
    assert!(claims.get("groups").is_none(), "it was not asked for");

    // The same is told at the other place.
    let info = app.bearer(&answer.token()).get("/auth/oauth/userinfo").await.json();
    for name in ["sub", "email", "email_verified", "name", "preferred_username", "updated_at"] {
        assert_eq!(info[name], claims[name], "{name}");
    }

    // What was allowed is not asked again, and the browser is led straight to the app.
    assert!(location(&browser.get(&wanted).await).starts_with(WIKI_CALLBACK));
    // More is asked for.
    let more = address(&[("scope", "openid profile email groups read")]);
    let page = browser.get(&more).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Read your things"));
    assert!(
        location(&browser.form(&consent_of(&more), &[("decision", "allow")]).await)
            .starts_with(WIKI_CALLBACK)
    );
    assert!(location(&browser.get(&wanted).await).starts_with(WIKI_CALLBACK), "the earlier scopes are kept");
}

#[tokio::test]
async fn after_a_form_a_page_leads_on_so_that_browsers_go_to_the_app() {
    let app = App::with(with_apps()).await;
    app.register(ANN).await;
    let mut browser = app.browser();
    let wanted = address(&[("client_id", OWN), ("redirect_uri", OWN_CALLBACK)]);
    let log_in = location(&browser.get(&wanted).await);
    let back = location(&browser.form(&log_in, &[("email", ANN), ("password", PASSWORD)]).await);
    // An app of the operator asks for no consent. The page leads on without a form.
    let page = browser.get(&back).await;
    assert_eq!(page.status, StatusCode::OK);
    let onward = page.text.split("content=\"0;url=").nth(1).unwrap().split('"').next().unwrap();
    let onward = onward.replace("&amp;", "&").replace("&#x2f;", "/");
    assert!(onward.starts_with("/auth/oauth/authorize?") && onward.ends_with("&onward=1"), "{onward}");
    assert!(location(&browser.get(&onward).await).starts_with(OWN_CALLBACK));
}

#[tokio::test]
async fn an_app_or_an_address_that_is_not_known_is_told_on_a_page_and_leads_nowhere() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    for (name, values) in [
        ("client_id", &["", "unknown", "WIKI", "wiki ", "wiki\0", "client_1"][..]),
        (
            "redirect_uri",
            &[
                "",
                "https://wiki.example.org/callback/",
                "https://wiki.example.org/CALLBACK",
                "https://wiki.example.org/callback?x=1",
                "https://wiki.example.org/callback#x",
                "https://wiki.example.org:443/callback",
                "https://wiki.example.org/a/../callback",
                "https://wiki.example.org/%63allback",
                "https://wiki.example.org%2fcallback",
                "https://wiki.example.org//callback",
                "//wiki.example.org/callback",
                "https:wiki.example.org/callback",
                "http://wiki.example.org/callback",
                "https://user@wiki.example.org/callback",
                "https://wiki.example.org@evil.example/callback",
                "https://wiki.example.org.evil.example/callback",
                "https://evil.example/callback",
                "https://evil.example\\@wiki.example.org/callback",
                "https://WIKI.example.org/callback",
                "https://xn--wiki-.example.org/callback",
                "javascript:alert(1)",
                " https://wiki.example.org/callback",
                "https://wiki.example.org/callback ",
                "http://127.0.0.1.evil.example/callback",
                "http://localhost.evil.example/callback",
                OWN_CALLBACK,
            ],
        ),
    ] {
        for value in values {
            let wanted = address(&[(name, value)]);
            for answer in [
                browser.get(&wanted).await,
                browser.form(&consent_of(&wanted), &[("decision", "allow")]).await,
                browser.form(&consent_of(&wanted), &[("decision", "deny")]).await,
            ] {
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
                assert!(!answer.headers.contains_key("location"), "{name}={value}");
                assert!(answer.text.contains("This link does not work"), "{}", answer.text);
            }
        }
    }
    let twice = format!("{}&redirect_uri=https://evil.example/", address(&[]));
    assert_eq!(browser.get(&twice).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/auth/oauth/authorize?client_id=%ff").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/auth/oauth/authorize").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_app_on_the_persons_computer_may_have_any_port_and_is_always_asked_about() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let of_tool = |address: &str| super::parties::address(&[("client_id", TOOL), ("redirect_uri", address)]);
    for _ in 0..2 {
        let page = browser.get(&of_tool(TOOL_CALLBACK)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("This is an app on this computer"), "{}", page.text);
        let answer = browser.form(&consent_of(&of_tool(TOOL_CALLBACK)), &[("decision", "allow")]).await;
        assert!(location(&answer).starts_with(TOOL_CALLBACK));
    }
    for bad in [
        "http://127.0.0.1:4711/other",
        "http://127.0.0.1:4711@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://localhost:4711/callback",
        "https://127.0.0.1:4711/callback",
        "http://127.0.0.1:99999/callback",
    ] {
        assert_eq!(browser.get(&of_tool(bad)).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn an_app_is_told_what_is_wrong_with_its_request() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code id_token", "unsupported_response_type"),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "", "invalid_scope"),
        ("scope", "unknown groups2", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("resource", "https://evil.example", "invalid_target"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "create", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("max_age", "x", "invalid_request"),
        ("request", "x.y.z", "request_not_supported"),
        ("request_uri", "https://x.example/", "request_uri_not_supported"),
        ("nonce", &"n".repeat(513), "invalid_request"),
        ("nonce", "a\0b", "invalid_request"),
    ] {
        let told = told(&browser.get(&address(&[(name, value)])).await);
        assert_eq!(told.get("error").map(String::as_str), Some(error), "{name}={value}: {told:?}");
        assert_eq!((&*told["iss"], &*told["state"]), (ISSUER, "a state & more"));
        assert!(!told.contains_key("code"));
    }
    for repeated in ["scope=openid", "state=x", "nonce=x", "prompt=none&prompt=none", "code_challenge=x"] {
        let told = told(&browser.get(&format!("{}&{repeated}", address(&[]))).await);
        assert_eq!(told["error"], "invalid_request", "{repeated}");
    }
    // Unknown scopes are left out, and the answer says so.
    let code = code_for(&mut browser, &[("scope", "openid unknown  openid")]).await;
    assert_eq!(exchange(&app, &code).await.json()["scope"], "openid");
    // A request that no log-in could keep is refused at once.
    let long = told(&app.browser().get(&address(&[("state", &"s".repeat(4000))])).await);
    assert_eq!(long["error"], "invalid_request");
}

#[tokio::test]
async fn a_person_can_say_no() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let wanted = address(&[]);
    let told = told(&browser.form(&consent_of(&wanted), &[("decision", "deny")]).await);
    assert_eq!((&*told["error"], &*told["iss"]), ("access_denied", ISSUER));
    assert_eq!(browser.get(&wanted).await.status, StatusCode::OK, "it is asked again");
    let unclear = browser.form(&consent_of(&wanted), &[("decision", "perhaps")]).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn no_other_site_can_allow_an_app_something() {
    let app = App::with(with_apps()).await;
    let browser = ann_in_a_browser(&app).await;
    let wanted = consent_of(&address(&[]));
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
        let mut other = browser.clone().header(name, value).header("origin", "https://wiki.example.org");
        let answer = other.form(&wanted, &[("decision", "allow")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{value}");
    }
    let mut framed = browser.clone().header("sec-fetch-dest", "iframe");
    let page = framed.get(&address(&[])).await;
    assert_eq!(page.headers["x-frame-options"], "DENY");
    // A link alone allows nothing.
    let mut link = browser.clone();
    for decision in ["allow", "deny"] {
        let answer = link.get(&format!("{}&decision={decision}", address(&[]))).await;
        assert_eq!(answer.status, StatusCode::OK);
        let answer = link.get(&format!("{wanted}&decision={decision}")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(app.count("grants").await, 0);
}

#[tokio::test]
async fn an_app_may_post_its_request_and_no_cookie_comes_along() {
    let app = App::with(with_apps()).await;
    let browser = ann_in_a_browser(&app).await;
    // A browser would send no cookie from another site. Even if it did, the post allows nothing.
    let mut from_app =
        browser.clone().header("sec-fetch-site", "cross-site").header("origin", "https://wiki.example.org");
    let fields = request(&[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let next = location(&from_app.form("/auth/oauth/authorize", &fields).await);
    assert!(next.starts_with("/auth/oauth/authorize?"), "{next}");
    let mut browser = browser;
    assert_eq!(browser.get(&next).await.status, StatusCode::OK);
    let twice = [&fields[..], &[("state", "x")]].concat();
    assert_eq!(browser.form("/auth/oauth/authorize", &twice).await.status, StatusCode::BAD_REQUEST);
    let json = browser.send(Method::POST, "/auth/oauth/authorize", Some("application/json"), "{}").await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn an_answer_can_come_as_a_form() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    access_token(&app, &mut browser).await;
    let page = browser.get(&address(&[("response_mode", "form_post")])).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("action=\"https:&#x2f;&#x2f;wiki.example.org&#x2f;callback\" data-send"),
        "{}",
        page.text
    );
    assert!(page.text.contains("value=\"a state &amp; more\""));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://wiki.example.org;"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    let code = page.text.split("name=\"code\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(exchange(&app, code).await.status, StatusCode::OK);
    let page = browser.get(&address(&[("response_mode", "form_post"), ("scope", "none")])).await;
    assert!(page.text.contains("name=\"error\" value=\"invalid_scope\""));
}

#[tokio::test]
async fn pages_are_in_the_language_that_the_app_asks_for() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let page = browser.get(&address(&[("ui_locales", "xx de-AT fr")])).await;
    assert!(page.text.contains("lang=\"de\"") && page.text.contains("Erlauben"), "{}", page.text);
    // The menu of languages keeps the request, and wins.
    let menu = page.text.split("hreflang=\"fr\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let menu = menu.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&");
    assert!(menu.starts_with("/auth/oauth/authorize?response_type=code&"), "{menu}");
    let page = browser.get(&menu).await;
    assert!(page.text.contains("lang=\"fr\"") && page.text.contains("Autoriser"), "{}", page.text);
    let log_in = location(&app.browser().get(&address(&[("ui_locales", "es")])).await);
    assert!(log_in.contains("lang=es"), "{log_in}");
}

#[tokio::test]
async fn a_person_sees_the_apps_with_access_and_ends_one() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    assert!(browser.get("/auth/account/apps").await.text.contains("No app has access"));
    let token = access_token(&app, &mut browser).await;
    let page = browser.get("/auth/account/apps").await;
    assert!(page.text.contains("The &lt;b&gt;wiki") && page.text.contains("See your name"), "{}", page.text);
    let id = page
        .text
        .split("&#x2f;account&#x2f;apps&#x2f;")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    app.register("bob@example.org").await;
    app.browser_of("bob@example.org").await.form(&format!("/auth/account/apps/{id}"), &[]).await;
    assert!(super::parties::is_accepted(&app, &token).await, "only the owner can end it");
    let done = browser.form(&format!("/auth/account/apps/{id}"), &[]).await;
    assert!(location(&done).ends_with("/account/apps?done=app"));
    assert!(!super::parties::is_accepted(&app, &token).await);
    assert_eq!(browser.form("/auth/account/apps/x", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&address(&[])).await.status, StatusCode::OK, "it is asked again");
    let events = "events WHERE kind IN ('app_allowed', 'app_ended')";
    assert_eq!(app.count(events).await, 2);
    let told = as_wiki(&app, "/auth/oauth/introspect", &[("token", &token)]).await;
    assert_eq!(told.text, "{\"active\":false}");
}

#[tokio::test]
async fn a_token_in_place_of_a_browser_allows_nothing() {
    let app = App::with(with_apps()).await;
    let mut browser = ann_in_a_browser(&app).await;
    let of_client = access_token(&app, &mut browser).await;
    let own = app.token(ANN).await;
    for token in [own, of_client] {
        let answer = app.bearer(&token).get(&address(&[])).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let answer = app.bearer(&token).form(&consent_of(&address(&[])), &[("decision", "allow")]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}
