//! An app keeps its own tables in the database of the accounts, as the chapter "Your own tables" says.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use doorward::{Auth, test_util::TestProgram};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::{
    ANN, App, BOB, Outside, PASSWORD, apart, config, file, fresh_database, postgres_server, table_of,
};

#[path = "../../examples/sqlx_postgres.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod postgres;

#[path = "../../examples/own_tables_sqlite.rs"]
#[expect(dead_code, unreachable_pub, reason = "the example is also a program of its own")]
mod sqlite;

/// The example for the database of this run.
async fn example(auth: &Auth, url: &str) -> Router {
    match postgres_server() {
        Some(_) => postgres::app(auth, url).await.unwrap(),
        None => sqlite::app(auth, file(url).to_str().unwrap()).unwrap(),
    }
}

/// A table of an app that refers to users, and how it does.
async fn with_notes(on_delete: &str) -> App {
    let app = App::with(apart("auth", config())).await;
    let users = table_of("auth", "users");
    app.execute(&format!("CREATE TABLE notes (user_id BIGINT UNIQUE REFERENCES {users} (id) {on_delete})"))
        .await;
    app
}

/// Lets the database run this statement of the app for each new user.
async fn with_trigger(app: &App, statement: &str) {
    let users = table_of("auth", "users");
    let sql = match postgres_server() {
        Some(_) => format!(
            "CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN {statement}; RETURN NULL; END';
             CREATE TRIGGER t AFTER INSERT ON {users} FOR EACH ROW EXECUTE FUNCTION f()"
        ),
        None => format!("CREATE TRIGGER t AFTER INSERT ON {users} BEGIN {statement}; END"),
    };
    app.execute(&sql).await;
}

#[tokio::test]
async fn the_example_keeps_notes_of_each_user() {
    let folder = tempfile::tempdir().unwrap();
    let (accounts, url) = match postgres_server() {
        Some(_) => {
            // The schema has the name that the app expects, so the test needs a database of its own.
            let url = fresh_database(&folder).await;
            (Auth::for_tests_on(&url).config(postgres::config()).await, url)
        }
        None => {
            let accounts = Auth::for_tests().config(sqlite::config()).await;
            let url = accounts.database();
            (accounts, url)
        }
    };
    let app = example(&accounts, &url).await;
    let [ann, bob] = [accounts.new_user(ANN).await, accounts.new_user(BOB).await];
    let [anns, bobs] = [accounts.log_in_as(&ann).await, accounts.log_in_as(&bob).await];
    let request = Request::post("/notes").header(header::AUTHORIZATION, anns.bearer());
    let added = app.clone().oneshot(request.body(Body::from("Buy milk")).unwrap()).await.unwrap();
    assert_eq!(added.status(), StatusCode::CREATED);
    assert_eq!(notes(&app, Some(&anns)).await, Ok(json!(["Welcome", "Buy milk"])));
    assert_eq!(notes(&app, Some(&bobs)).await, Ok(json!(["Welcome"])));
    assert_eq!(notes(&app, None).await, Err(StatusCode::UNAUTHORIZED));
    if postgres_server().is_some() {
        let newest = json!([[ANN, "Buy milk"], [BOB, "Welcome"], [ANN, "Welcome"]]);
        assert_eq!(read(&app, "/newest", Some(&bobs)).await, Ok(newest));
        assert_eq!(read(&app, "/newest", None).await, Err(StatusCode::UNAUTHORIZED));
    }
    assert!(accounts.delete_user(ann.id).await.unwrap());
    assert_eq!(Outside::of(&url).await.number("SELECT count(*) FROM notes").await, 1);
    assert_eq!(notes(&app, Some(&bobs)).await, Ok(json!(["Welcome"])));
    // A second start finds the table and its notes.
    let again = example(&accounts, &url).await;
    assert_eq!(notes(&again, Some(&bobs)).await, Ok(json!(["Welcome"])));
}

/// Reads the notes as a program that is logged in, or as a stranger.
async fn notes(app: &Router, program: Option<&TestProgram>) -> Result<Value, StatusCode> {
    read(app, "/notes", program).await
}

async fn read(app: &Router, path: &str, program: Option<&TestProgram>) -> Result<Value, StatusCode> {
    let mut request = Request::get(path);
    if let Some(program) = program {
        request = request.header(header::AUTHORIZATION, program.bearer());
    }
    let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    match answer.status() {
        StatusCode::OK => {
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            Ok(serde_json::from_slice(&body).unwrap())
        }
        refused => Err(refused),
    }
}

#[tokio::test]
async fn a_user_goes_with_the_rows_of_the_app_or_stays_whole() {
    for (on_delete, is_deleted, rows) in [
        ("ON DELETE CASCADE", true, 0),
        ("ON DELETE SET NULL", true, 1),
        ("", false, 1),
        ("ON DELETE RESTRICT", false, 1),
    ] {
        let app = with_notes(on_delete).await;
        let mut ann = app.ann().await;
        let id = app.id_of(ANN).await;
        app.execute(&format!("INSERT INTO notes VALUES ({})", i64::from(id))).await;
        match app.auth.delete_user(id).await {
            Ok(true) => assert!(is_deleted, "{on_delete}"),
            Err(doorward::Error::Internal) => assert!(!is_deleted, "{on_delete}"),
            other => panic!("{on_delete}: {other:?}"),
        }
        assert_eq!(app.count("notes").await, rows, "{on_delete}");
        let expected = if is_deleted { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
        assert_eq!(ann.get("/auth/me").await.status, expected, "{on_delete}");
        assert_eq!(app.anonymous().request_token(ANN, PASSWORD).await.status, expected, "{on_delete}");
        // It is no trouble of the database.
        assert_eq!(app.anonymous().get("/auth/readyz").await.status, StatusCode::OK, "{on_delete}");
    }
}

#[tokio::test]
async fn a_statement_of_the_app_is_part_of_the_registration() {
    let app = with_notes("ON DELETE CASCADE").await;
    let notes = if postgres_server().is_some() { "public.notes" } else { "notes" };
    with_trigger(&app, &format!("INSERT INTO {notes} VALUES (NEW.id)")).await;
    app.ann().await;
    app.add(BOB).await;
    assert_eq!(app.count("notes").await, 2);
    // The address is taken, so nothing is added.
    let again = app.anonymous().register(ANN, PASSWORD).await;
    assert_eq!((again.status, &again.json()["code"]), (StatusCode::BAD_REQUEST, &json!("email_exists")));
    assert_eq!(app.count("notes").await, 2);
}

#[tokio::test]
async fn if_a_statement_of_the_app_fails_there_is_no_user() {
    let refusal = match postgres_server() {
        Some(_) => "RAISE EXCEPTION ''not you''",
        None => "SELECT RAISE(ABORT, 'not you')",
    };
    // The unique constraint is one of the app, so the address is not taken.
    let notes = if postgres_server().is_some() { "public.notes" } else { "notes" };
    let repeated =
        format!("INSERT INTO {notes} VALUES (NULL); INSERT INTO {notes} VALUES (NEW.id), (NEW.id)");
    for statement in [refusal, &repeated, "INSERT INTO nowhere VALUES (1)"] {
        let app = with_notes("").await;
        app.add(ANN).await;
        with_trigger(&app, statement).await;
        let answer = app.anonymous().register(BOB, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{statement}: {}", answer.text);
        assert!(!answer.text.contains("not you"), "{}", answer.text);
        assert_eq!(app.count(&table_of("auth", "users")).await, 1, "{statement}");
        assert_eq!(app.count("notes").await, 0, "{statement}");
        assert_eq!(app.anonymous().get("/auth/readyz").await.status, StatusCode::OK, "{statement}");
        app.token(ANN).await;
    }
}

#[tokio::test]
async fn accounts_can_be_moved_to_a_schema() {
    let Some(_) = postgres_server() else { return };
    let app = App::new().await;
    app.ann().await;
    let move_all = "CREATE SCHEMA auth; DO $$ DECLARE name TEXT; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('ALTER TABLE %I SET SCHEMA auth', name);
        END LOOP; END $$";
    app.execute(move_all).await;
    let moved = App::on(&app.database, apart("auth", config())).await;
    moved.token(ANN).await;
    assert!(!moved.auth.events().next_page(100).await.unwrap().is_empty());
    assert_eq!(
        Auth::builder(&app.database).config(apart("auth", config())).migrate().await.unwrap().applied.len(),
        0
    );
}
