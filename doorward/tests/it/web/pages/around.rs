//! Pages and API on the same paths.

use axum::http::StatusCode;
use doorward::Config;

use crate::{
    app::{ANN, App, PASSWORD, config},
    visitor::visitor,
};

#[tokio::test]
async fn json_goes_to_the_api_and_a_form_to_the_page() {
    let app = App::new().await;
    assert_eq!(app.browser().register(ANN, PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(app.browser().log_in(ANN, PASSWORD).await.json()["email"], ANN);
    let off = App::with(Config { pages: false, ..config() }).await;
    for path in ["/auth", "/auth/login", "/auth/account", "/auth/static/script.js"] {
        assert!(visitor(&off).get(path).await.status.is_client_error(), "{path}");
    }
    let answer = visitor(&off).form("/auth/login", &[("email", ANN), ("password", PASSWORD)]).await;
    assert_eq!(
        (answer.status, &*answer.code()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
    );
}
