//! Both databases understand every statement of the sources, and none reads a whole table.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::app::{App, Outside};

/// Statements that may read a whole table.
const SCANS: &[&str] = &[];

/// The Rust files below `folder`, without the database layer, which has no statements of its own but the
/// migrations.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/db") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text of each statement that is given to `read` or `write`.
fn statements() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut statements = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        for call in [".read(", ".write(", ".write_unflushed(", ".write_apart(", ".write_each("] {
            for (at, _) in source.match_indices(call) {
                let line = source[..at].lines().count();
                let text = source[at + call.len()..].trim_start().strip_prefix('"').unwrap_or_else(|| {
                    panic!("{}:{line}: a statement is written where it is run", file.display())
                });
                let text = text.split('"').next().unwrap();
                assert!(!text.contains('\\'), "{}:{line}: a statement is written plainly", file.display());
                statements.insert(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    statements
}

#[tokio::test]
async fn the_database_understands_every_statement() {
    let app = App::new().await;
    let statements = statements();
    assert!(statements.len() >= 20, "only {} statements were found", statements.len());
    match Outside::of(&app.database).await {
        Outside::Sqlite(connection) => {
            for sql in statements {
                connection.prepare(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
            }
        }
        Outside::Postgres(client) => {
            for sql in statements {
                if let Err(error) = client.prepare(&sql.replace('?', "$")).await {
                    panic!("{error:?}: {sql}");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let app = App::new().await;
    // The plans of PostgreSQL depend on the size of the tables. Its indexes are the same.
    let Outside::Sqlite(connection) = Outside::of(&app.database).await else { return };
    for sql in statements() {
        let plan = plan(&connection, &sql);
        let scans = plan.iter().any(|step| step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW");
        assert_eq!(scans, SCANS.contains(&&*sql), "{sql}\n{plan:#?}");
    }
}

#[tokio::test]
async fn paged_reads_follow_an_index() {
    let app = App::new().await;
    let Outside::Sqlite(connection) = Outside::of(&app.database).await else { return };
    let readings: Vec<_> = statements()
        .into_iter()
        .filter(|sql| sql.starts_with("SELECT ") && sql.contains(" ORDER BY ") && sql.contains(" LIMIT "))
        .collect();
    assert!(readings.len() >= 6, "{readings:?}");
    for sql in readings {
        let plan = plan(&connection, &sql);
        assert!(plan.iter().all(|step| !step.starts_with("USE TEMP")), "{sql}\n{plan:#?}");
    }
}

#[tokio::test]
async fn a_session_is_found_by_primary_keys_alone() {
    let app = App::new().await;
    let Outside::Sqlite(connection) = Outside::of(&app.database).await else { return };
    let look_ups: Vec<_> =
        statements().into_iter().filter(|sql| sql.contains("sessions.token_hash = ?1")).collect();
    assert_eq!(look_ups.len(), 1, "{look_ups:?}");
    let plan = plan(&connection, &look_ups[0]);
    assert_eq!(
        plan,
        [
            "SEARCH sessions USING PRIMARY KEY (token_hash=?)",
            "SEARCH users USING INTEGER PRIMARY KEY (rowid=?)"
        ]
    );
}

/// The steps in which SQLite runs a statement.
fn plan(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // The plan does not depend on the values, so none are bound.
    statement.raw_query().mapped(|row| row.get("detail")).collect::<Result<_, _>>().unwrap()
}
