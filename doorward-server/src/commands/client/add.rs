//! `doorward client add`

use std::io::{Write as _, stdout};

use anyhow::Result;
use clap::Args;
use doorward::provider::ClientConfig;

use crate::{
    commands::accounts::{explained, with_accounts},
    config::ServerConfig,
};

/// A new app.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// The name that people see
    name: String,
    /// An address that people may be led back to; repeat it for each one
    #[arg(long, value_name = "ADDRESS", required = true)]
    redirect_uri: Vec<String>,
    /// An address that people may be led to after a log-out; repeat it for each one
    #[arg(long, value_name = "ADDRESS")]
    post_logout_redirect_uri: Vec<String>,
    /// The app cannot keep a secret: it runs in a browser or on a phone
    #[arg(long)]
    public: bool,
    /// The app is your own: people are not asked whether it may see their account
    #[arg(long)]
    first_party: bool,
    /// A scope that the app may ask for; repeat it for each one. Default: openid, profile and email
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The address of an API that the app may ask tokens for; repeat it for each one
    #[arg(long, value_name = "ADDRESS")]
    resource: Vec<String>,
    /// How its ID tokens are signed
    #[arg(long, value_name = "ALGORITHM", default_value = "RS256", value_parser = ["RS256", "ES256", "EdDSA"])]
    id_token_alg: String,
    /// The id of the app, if it must have a certain one
    #[arg(long)]
    id: Option<String>,
}

/// Adds an app. Prints its id, and its secret if it can keep one.
pub(crate) fn run(config: &ServerConfig, new: &New) -> Result<()> {
    let usual = ClientConfig::default();
    let client = ClientConfig {
        id: new.id.clone().unwrap_or_default(),
        name: new.name.clone(),
        redirect_uris: new.redirect_uri.clone(),
        post_logout_redirect_uris: new.post_logout_redirect_uri.clone(),
        public: new.public,
        first_party: new.first_party,
        scopes: if new.scope.is_empty() { usual.scopes.clone() } else { new.scope.clone() },
        resources: new.resource.clone(),
        id_token_alg: new.id_token_alg.clone(),
        ..usual
    };
    let added = with_accounts(config, async |auth| auth.add_client(client).await.map_err(explained))?;
    let mut output = stdout();
    writeln!(output, "client_id      {}", added.id)?;
    if let Some(secret) = added.secret {
        writeln!(output, "client_secret  {secret}")?;
    }
    Ok(())
}
