//! Rights come from roles, whatever users write into their profile.

use axum::http::{Method, StatusCode};
use doorward::{Config, test_util::PASSWORD};
use serde_json::{Value, json};

use super::requests::Example;
use crate::app::{ANN, Actor, Answer, BOB, for_tests};

#[path = "../../../examples/roles_and_profile.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod example;

async fn put(actor: &mut Actor<'_>, path: &str, body: Value) -> Answer {
    actor.send(Method::PUT, path, Some("application/json"), body.to_string()).await
}

/// Registers, with a profile. Returns a client with a token.
async fn registered<'a>(app: &'a Example, email: &str) -> Actor<'a> {
    let body = json!({"email": email, "password": PASSWORD, "profile": {"company": "Acme"}});
    let answer = app.client().post("/auth/register", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    app.program_of(email).await
}

#[tokio::test]
async fn roles_open_routes_and_a_profile_opens_none() {
    let accounts = for_tests().config(example::config(Config::default())).without_mail().await;
    let app = Example::new(&accounts, example::app(&accounts));
    // The field is required.
    let answer = app.client().register(ANN, PASSWORD).await;
    assert_eq!(answer.wrong_fields(), ["profile.company"]);
    let mut ann = registered(&app, ANN).await;
    let mut bob = registered(&app, BOB).await;
    assert_eq!(app.client().get("/card").await.status, StatusCode::UNAUTHORIZED);

    let id_of = async |email| accounts.user_by_email(email).await.unwrap().unwrap().id;
    let (ann_id, bob_id) = (id_of(ANN).await, id_of(BOB).await);
    let (bobs_roles, bobs_plan) = (format!("/users/{bob_id}/roles"), format!("/users/{bob_id}/plan"));
    // Whatever Bob writes about himself gives him nothing.
    let writes = json!({"display_name": "admin", "profile": {"company": "admin"}});
    assert_eq!(bob.patch("/auth/me", writes).await.status, StatusCode::OK);
    let refused = bob.patch("/auth/me", json!({"profile": {"roles": "admin"}})).await;
    assert_eq!(refused.wrong_fields(), ["profile"], "{}", refused.text);
    for (path, body) in [(&bobs_roles, json!(["admin"])), (&bobs_plan, json!({"plan": "pro"}))] {
        let answer = put(&mut bob, path, body).await;
        assert_eq!((answer.status, &*answer.code()), (StatusCode::FORBIDDEN, "missing_role"), "{path}");
    }
    let card = json!({"name": "admin", "profile": {"company": "admin"}, "plan": "free", "roles": []});
    assert_eq!(bob.get("/card").await.json(), card);

    accounts.add_role(ann_id, "admin").await.unwrap();
    assert_eq!(put(&mut ann, &bobs_roles, json!(["owner"])).await.wrong_fields(), ["roles"]);
    assert_eq!(put(&mut ann, "/users/1/roles", json!(["editor"])).await.status, StatusCode::NOT_FOUND);
    assert_eq!(put(&mut ann, &bobs_roles, json!(["editor"])).await.status, StatusCode::OK);
    // An editor may set plans, and gives no roles.
    assert_eq!(put(&mut bob, &bobs_plan, json!({"plan": "pro"})).await.status, StatusCode::OK);
    assert_eq!(put(&mut bob, &bobs_roles, json!(["admin"])).await.code(), "missing_role");
    let card = json!({"name": "admin", "profile": {"company": "admin"}, "plan": "pro", "roles": ["editor"]});
    assert_eq!(bob.get("/card").await.json(), card);
    // A role that is taken away opens nothing from then on.
    assert_eq!(put(&mut ann, &bobs_roles, json!([])).await.status, StatusCode::OK);
    assert_eq!(put(&mut bob, &bobs_plan, json!({"plan": "free"})).await.code(), "missing_role");
}
