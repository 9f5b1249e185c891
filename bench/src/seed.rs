//! Users and sessions. The library makes the tables. Thousands of sessions are inserted with SQL: log-ins one after
//! another would take longer than all measurements.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use doorward::Auth;
use sha2::{Digest, Sha256};

const PASSWORD: &str = "correct horse battery";
/// The number of rows of one statement.
const AT_ONCE: usize = 10_000;

/// Makes an empty database on a PostgreSQL server. Returns its URL.
pub(crate) fn create(server: &str, name: &str) -> Result<String> {
    tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async {
            let client = connect(&format!("{server}/postgres")).await?;
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
            client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
            Ok(format!("{server}/{name}?sslmode=disable"))
        })
    })
}

async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A session to insert.
struct Session {
    user: i64,
    id: i64,
    hash: Vec<u8>,
}

/// Fills the database. Returns the tokens of the sessions.
pub(crate) async fn sessions(database: &str, users: usize, sessions: usize) -> Result<Vec<String>> {
    Auth::open(database).await?.close().await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
    let users: Vec<i64> = (0..users).map(user_id).collect();
    let mut tokens = Vec::with_capacity(sessions);
    let mut rows = Vec::with_capacity(sessions);
    for number in 0..sessions {
        let token = secret("dw_s_")?;
        let (user, id) = (users[number % users.len()], session(number));
        rows.push(Session { user, id, hash: Sha256::digest(&token).to_vec() });
        tokens.push(token);
    }
    // In the order of the key, like a table that has grown.
    rows.sort_by(|one, other| one.hash.cmp(&other.hash));
    match database.strip_prefix("sqlite:") {
        Some(file) => into_file(file, &users, &rows, now)?,
        None => into_server(database, &users, &rows, now).await?,
    }
    Ok(tokens)
}

/// The id of a session.
fn session(number: usize) -> i64 {
    900_000_000_000_000 + number as i64
}

/// Makes a secret like the library does.
fn secret(prefix: &str) -> Result<String> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).ok().context("no randomness")?;
    let mut token = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random));
    token += &URL_SAFE_NO_PAD.encode(crc32fast::hash(token.as_bytes()).to_be_bytes());
    Ok(token)
}

fn into_file(file: &str, users: &[i64], sessions: &[Session], now: i64) -> Result<()> {
    let mut connection = rusqlite::Connection::open(file)?;
    let tx = connection.transaction()?;
    let mut insert = tx.prepare(
        "INSERT INTO users (id, email, email_key, created_at, updated_at) VALUES (?1, ?2, ?2, ?3, ?3)",
    )?;
    for (number, user) in users.iter().enumerate() {
        insert.execute((user, seeded(number), now))?;
    }
    drop(insert);
    let mut insert = tx.prepare(
        "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at, last_seen_at,
             expires_at) VALUES (?1, ?2, ?3, 'bearer', 'password', ?4, ?4, ?5, ?6)",
    )?;
    for session in sessions {
        insert.execute((&session.hash, session.id, session.user, now, now + 3600, now + 86_000))?;
    }
    drop(insert);
    tx.commit()?;
    Ok(connection.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?)
}

async fn into_server(url: &str, users: &[i64], sessions: &[Session], now: i64) -> Result<()> {
    let client = connect(url).await?;
    for (turn, users) in users.chunks(AT_ONCE).enumerate() {
        let emails: Vec<_> = (0..users.len()).map(|number| seeded(turn * AT_ONCE + number)).collect();
        let insert = "INSERT INTO users (id, email, email_key, created_at, updated_at)
             SELECT id, email, email, $3, $3 FROM unnest($1::BIGINT[], $2::TEXT[]) AS new (id, email)";
        client.execute(insert, &[&users, &emails, &now]).await?;
    }
    for sessions in sessions.chunks(AT_ONCE) {
        let hashes: Vec<_> = sessions.iter().map(|session| session.hash.as_slice()).collect();
        let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
        let users: Vec<_> = sessions.iter().map(|session| session.user).collect();
        let insert =
            "INSERT INTO sessions (token_hash, id, user_id, transport, method, created_at, authenticated_at,
                 last_seen_at, expires_at)
             SELECT hash, id, user_id, 'bearer', 'password', $4, $4, $5, $6
             FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[]) AS new (hash, id, user_id)";
        client.execute(insert, &[&hashes, &ids, &users, &now, &(now + 3600), &(now + 86_000)]).await?;
    }
    Ok(client.batch_execute("VACUUM ANALYZE").await?)
}

/// Gives an app a token for each of the sessions in the database. Returns the tokens.
pub(crate) async fn access_tokens(
    database: &str,
    users: usize,
    sessions: usize,
    (scope, resource): (&str, &str),
) -> Result<Vec<String>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
    let tokens = (0..sessions).map(|_| secret("dw_a_")).collect::<Result<Vec<_>>>()?;
    let hashes: Vec<_> = tokens.iter().map(|token| Sha256::digest(token).to_vec()).collect();
    let clients = format!(
        "INSERT INTO oauth_clients (id, name, origin, confidential, first_party, redirect_uris, post_logout_uris, scopes,
             resources, id_token_alg, created_at)
         VALUES ('app', 'An app', 'admin', 1, 0, '[]', '[]', '{scope}', '[]', 'RS256', {now});
         INSERT INTO grants (id, user_id, client_id, scopes, generation, created_at, updated_at)
         SELECT id, id, 'app', '{scope}', 1, {now}, {now} FROM users"
    );
    match database.strip_prefix("sqlite:") {
        Some(file) => {
            let mut connection = rusqlite::Connection::open(file)?;
            let tx = connection.transaction()?;
            tx.execute_batch(&clients)?;
            let mut insert = tx.prepare(
                "INSERT INTO access_tokens (token_hash, grant_id, generation, family, session_id, outlives, scopes,
                     resource, created_at, expires_at) VALUES (?1, ?2, 1, ?3, ?3, 0, ?4, ?5, ?6, ?7)",
            )?;
            for (number, hash) in hashes.iter().enumerate() {
                let (grant, session) = (user_id(number % users), session(number));
                insert.execute((hash, grant, session, scope, resource, now, now + 86_000))?;
            }
            drop(insert);
            tx.commit()?;
            connection.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        None => {
            let client = connect(database).await?;
            client.batch_execute(&clients).await?;
            for (turn, hashes) in hashes.chunks(AT_ONCE).enumerate() {
                let numbers = || (0..hashes.len()).map(|number| turn * AT_ONCE + number);
                let grants: Vec<_> = numbers().map(|number| user_id(number % users)).collect();
                let sessions: Vec<_> = numbers().map(session).collect();
                let insert = "INSERT INTO access_tokens (token_hash, grant_id, generation, family, session_id, outlives,
                         scopes, resource, created_at, expires_at)
                     SELECT hash, grant_id, 1, session_id, session_id, 0, $4, $5, $6, $7
                     FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[]) AS new (hash, grant_id, session_id)";
                client
                    .execute(insert, &[&hashes, &grants, &sessions, &scope, &resource, &now, &(now + 86_000)])
                    .await?;
            }
            client.batch_execute("VACUUM ANALYZE").await?;
        }
    }
    Ok(tokens)
}

/// The verifier of all codes (RFC 7636).
const VERIFIER: &str = "a-verifier-of-pkce-with-43-characters-or-more";

/// Gives the app `bench` codes of the first users that [`sessions`] made, in turn. The server must know the app. Returns
/// the codes.
pub(crate) async fn codes(database: &str, users: usize, codes: usize) -> Result<Vec<String>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() as i64;
    let made: Vec<String> = (0..codes).map(|_| secret("dw_o_")).collect::<Result<_>>()?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    // One statement for each list, so that both databases take the same texts.
    let grants = "INSERT INTO grants (id, user_id, client_id, scopes, generation, created_at, updated_at)
         VALUES ($1, $2, 'bench', 'email openid profile', 1, $3, $3)";
    let code = "INSERT INTO codes (code_hash, grant_id, generation, family, session_id, redirect_uri, scopes, challenge,
             created_at, expires_at)
         VALUES ($1, $2, 1, $3, $4, 'https://app.example.org/callback', 'openid email profile', $5, $6, $7)";
    let grant_of = |number: usize| 700_000_000_000_000 + (number % users) as i64;
    let session_of = |number: usize| session(number % users);
    if let Some(file) = database.strip_prefix("sqlite:") {
        let mut connection = rusqlite::Connection::open(file)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        let tx = connection.transaction()?;
        for user in 0..users {
            tx.prepare_cached(grants)?.execute((grant_of(user), user_id(user), now))?;
        }
        for (number, secret) in made.iter().enumerate() {
            let hash = Sha256::digest(secret).to_vec();
            let (grant, family, session) = (grant_of(number), number as i64, session_of(number));
            tx.prepare_cached(code)?.execute((hash, grant, family, session, &challenge, now, now + 7200))?;
        }
        tx.commit()?;
        return Ok(made);
    }
    let mut client = connect(database).await?;
    let tx = client.transaction().await?;
    let (grants, code) = (tx.prepare(grants).await?, tx.prepare(code).await?);
    for user in 0..users {
        tx.execute(&grants, &[&grant_of(user), &user_id(user), &now]).await?;
    }
    for (number, secret) in made.iter().enumerate() {
        let hash = Sha256::digest(secret).to_vec();
        let (grant, family, session) = (grant_of(number), number as i64, session_of(number));
        tx.execute(&code, &[&hash, &grant, &family, &session, &challenge, &now, &(now + 7200)]).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// Makes the form in which the app `bench` exchanges a code.
pub(crate) fn exchange(code: &str) -> String {
    format!(
        "grant_type=authorization_code&client_id=bench&code={code}&code_verifier={VERIFIER}\
         &redirect_uri=https%3A%2F%2Fapp.example.org%2Fcallback"
    )
}

/// The number of a user that [`sessions`] made.
fn user_id(number: usize) -> i64 {
    800_000_000_000_000 + number as i64 * 4099
}

fn seeded(number: usize) -> String {
    format!("seeded-{number:07}@example.org")
}

/// Makes the form that logs a user in.
pub(crate) fn form(user: usize) -> String {
    format!("username={}&password={}", email(user).replace('@', "%40"), PASSWORD.replace(' ', "+"))
}

/// Makes the JSON that registers a new user.
pub(crate) fn registration(number: usize) -> String {
    format!("{{\"email\":\"new-{number}@example.org\",\"password\":\"{PASSWORD}\"}}")
}

/// Registers users, with the default cost of passwords.
pub(crate) async fn users(database: &str, users: usize) -> Result<()> {
    add(Auth::open(database).await?, users).await
}

/// Registers users.
pub(crate) async fn add(auth: Auth, users: usize) -> Result<()> {
    for user in 0..users {
        auth.add_user(&email(user), PASSWORD).await?;
    }
    auth.close().await;
    Ok(())
}

fn email(user: usize) -> String {
    format!("user-{user:05}@example.org")
}
