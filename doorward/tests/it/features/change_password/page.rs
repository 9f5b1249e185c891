//! The page `/account/password`.

use crate::{
    app::{ANN, App, NEW_PASSWORD, PASSWORD},
    visitor::{error_of, leads_to, visitor, visitor_of},
};

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = App::new().await;
    app.register(ANN).await;
    let (mut ann, mut elsewhere) = (visitor_of(&app, ANN).await, visitor_of(&app, ANN).await);
    let fields = [("password", PASSWORD), ("new_password", NEW_PASSWORD)];
    let mut thief = ann.clone();
    assert_eq!(leads_to(&ann.form("/auth/account/password", &fields).await), "/auth/account?done=password");
    assert_eq!(leads_to(&thief.get("/auth/account").await), "/auth/login");
    assert!(ann.get("/auth/account?done=password").await.text.contains("Your password is changed"));
    assert_eq!(leads_to(&elsewhere.get("/auth/account").await), "/auth/login");
    let answer = visitor(&app).form("/auth/login", &[("email", ANN), ("password", NEW_PASSWORD)]).await;
    assert_eq!(leads_to(&answer), "/auth/account");
    // A bad new password is reported at its own field.
    let answer =
        ann.form("/auth/account/password", &[("password", NEW_PASSWORD), ("new_password", ANN)]).await;
    assert_eq!(
        error_of(&answer, "new_password"),
        Some("This is made of your e-mail address. Choose something else.")
    );
    assert_eq!(error_of(&answer, "password"), None);
}
