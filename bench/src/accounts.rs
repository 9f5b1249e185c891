//! Accounts whose hashes cost almost nothing. The server `doorward` does not allow that, so the benchmark serves them itself.

use anyhow::Result;
use doorward::{Auth, Config, config::PasswordConfig};
use tokio::net::TcpListener;

/// Opens the accounts in a database.
pub(crate) async fn open(database: &str) -> Result<Auth> {
    let config = Config {
        trusted_proxies: vec!["127.0.0.1".into()],
        password: PasswordConfig { hashing_queue: 128, ..PasswordConfig::default() },
        ..Config::default()
    };
    Ok(Auth::builder(database).config(config).hash_cost_for_tests(8, 1).open().await?)
}

/// Serves them on a free port as the server does, and prints the address like it.
pub(crate) async fn serve(database: &str) -> Result<()> {
    let auth = open(database).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("doorward listens on http://{}", listener.local_addr()?);
    Ok(auth.serve_alone(listener).await?)
}
