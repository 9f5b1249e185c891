//! Both databases understand every statement of the sources, and none reads a whole table.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use doorward::test_util::unstable::written;

use crate::{
    app::{App, Outside, apart, config, table_of},
    tidy::rust_files,
};

/// Statements that may read a whole table.
const SCANS: &[&str] = &[];

/// The texts between quotation marks that the sources give a name, by a macro or a constant.
fn named(source: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let named = |(start, end): (&str, &str)| {
        let (name, rest) = start.split_once(end)?;
        Some((name.trim().to_owned(), rest.split('"').nth(1)?.to_owned()))
    };
    let macros = source.split("macro_rules! ").skip(1).filter_map(move |rest| named((rest, " {")));
    let constants = source.split("const ").skip(1).filter_map(move |rest| named((rest, ": &str = ")));
    macros.map(|(name, text)| (format!("{name}!()"), text)).chain(constants)
}

/// The text of a statement at the start of `source`: a literal, a name, or several of them in `concat!`.
fn text(source: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let source = source.trim_start();
    if let Some(literal) = source.strip_prefix('"') {
        return literal.split('"').next().map(str::to_owned);
    }
    let Some(mut rest) = source.strip_prefix("concat!(") else {
        let end = source.find(|letter: char| !letter.is_alphanumeric() && !"_!()".contains(letter))?;
        // A name at the end of a call takes its parenthesis along.
        let name =
            source[..end].strip_suffix("()").map_or(source[..end].trim_end_matches(')'), |_| &source[..end]);
        return names.get(name).cloned();
    };
    let mut joined = String::new();
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',']);
        if rest.starts_with(')') {
            return Some(joined);
        }
        let length = match rest.strip_prefix('"') {
            Some(literal) => literal.find('"')? + 2,
            None => rest.find("!()")? + 3,
        };
        joined += &text(&rest[..length], names).or_else(|| names.get(&rest[..length]).cloned())?;
        rest = &rest[length..];
    }
}

/// The text of each statement that the sources run. The database layer has none of its own but the migrations.
fn statements() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources: BTreeMap<_, _> = rust_files(&root)
        .into_iter()
        .filter(|file| !file.starts_with(root.join("base/db")))
        .map(|file| (file.clone(), fs::read_to_string(&file).unwrap()))
        .collect();
    let macros: BTreeMap<_, _> =
        sources.values().flat_map(|source| named(source)).filter(|(name, _)| name.ends_with("!()")).collect();
    let mut statements = BTreeSet::new();
    for (file, source) in &sources {
        let mut names = macros.clone();
        names.extend(named(source));
        for call in [
            ".read(",
            ".write(",
            ".write_unflushed(",
            ".write_shared(",
            ".write_apart(",
            ".write_each(",
            ".change(",
        ] {
            for (at, _) in source.match_indices(call) {
                let line = source[..at].lines().count();
                let mut argument = &source[at + call.len()..];
                if argument.starts_with(')') || argument.starts_with("&mut ") {
                    // A lock is read, or bytes into a buffer.
                    continue;
                }
                if call == ".change(" {
                    // The owner stands before the statement.
                    argument = argument.split_once(',').unwrap().1;
                }
                let text = text(argument, &names)
                    .unwrap_or_else(|| panic!("{}:{line}: a statement stands where it runs", file.display()));
                assert!(!text.contains('\\'), "{}:{line}: a statement is written plainly", file.display());
                statements.insert(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    assert!(statements.len() >= 80, "only {} statements were found", statements.len());
    statements
}

#[tokio::test]
async fn the_database_understands_every_statement() {
    assert_understood(&App::new().await).await;
}

#[tokio::test]
async fn the_database_understands_every_statement_on_tables_that_are_kept_apart() {
    let app = App::with(apart("auth", config())).await;
    assert_eq!(app.number(&format!("SELECT count(*) FROM {}", table_of("auth", "users"))).await, 0);
    assert_understood(&app).await;
}

async fn assert_understood(app: &App) {
    let statements = statements();
    match Outside::of(&app.database).await {
        Outside::Sqlite(connection) => {
            for sql in statements {
                let sql = written(&app.auth, &sql);
                connection.prepare(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
            }
        }
        Outside::Postgres(client) => {
            client.batch_execute("SET search_path = auth, public").await.unwrap();
            for sql in statements {
                if let Err(error) = client.prepare(&written(&app.auth, &sql)).await {
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
