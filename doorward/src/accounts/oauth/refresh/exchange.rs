//! Exchanges a refresh token for an access token and its successor (RFC 6749, section 6).

use crate::{
    accounts::{
        limit::refreshes,
        oauth::{
            access::{self, NewToken},
            exchanged::Exchanged,
            grants,
            refresh::{
                report,
                rules::{Verdict, judge},
                table::{self, Shown},
            },
        },
    },
    auth::Auth,
    base::{
        db::Tx,
        error::Result,
        secret::{self, Hash},
        successor,
    },
    model::{access::REFRESH_TOKEN, client::Client, oauth_client::OAuthClient},
};

/// Returns the token of this client, unless it cannot be one or its chain has ended. A token that was used by somebody
/// else is returned too: [`exchange`] refuses it.
pub(crate) async fn find(auth: &Auth, app: &OAuthClient, token: &str) -> Result<Option<Shown>> {
    match secret::hash(REFRESH_TOKEN, token) {
        Some(hash) => table::find(auth, hash, &app.id).await,
        None => Ok(None),
    }
}

impl Shown {
    /// Returns `true` if an exchange of this token would not be refused as that of a copy.
    pub(crate) fn works(&self, auth: &Auth) -> bool {
        judge(self.state, auth.now(), auth.config().refresh_reuse) != Verdict::Reused
    }
}

/// What a client wants for a token.
pub(crate) struct Wanted<'a> {
    pub(crate) scopes: &'a str,
    pub(crate) resource: Option<&'a str>,
}

/// Exchanges the token that [`find`] returned. Returns `None` if it does not work, for whatever reason.
///
/// # Errors
/// [`Error::TooManyAttempts`](crate::Error::TooManyAttempts) after ten exchanges in a minute. A copy is noticed even then.
pub(crate) async fn exchange(
    auth: &Auth,
    (app, client): (&OAuthClient, &Client),
    (token, found): (&str, &Shown),
    wanted: &Wanted<'_>,
) -> Result<Option<Exchanged>> {
    let Some(hash) = secret::hash(REFRESH_TOKEN, token) else { return Ok(None) };
    if found.works(auth) {
        refreshes::count(auth, found.chain, found.user.id, client).await?;
    }
    let mut tx = auth.db().begin().await?;
    if grants::lock(&tx, found.grant).await?.is_none() {
        return Ok(None);
    }
    let Some(mut shown) = table::find_locked(auth, &tx, hash, &app.id).await? else { return Ok(None) };
    let next = match judge(shown.state, auth.now(), auth.config().refresh_reuse) {
        Verdict::Exchange => {
            table::note_place(&tx, shown.chain, client).await?;
            Some(advance(auth, &tx, token, hash, &shown).await?)
        }
        Verdict::Again { late } => {
            if late {
                report::repeated(auth, &mut tx, &shown, app, client).await?;
            }
            newest(&tx, token, shown.salt.take()).await?
        }
        Verdict::Replace => {
            report::repeated(auth, &mut tx, &shown, app, client).await?;
            if let Some(salt) = &shown.salt {
                table::withdraw(auth, &tx, successor::of(REFRESH_TOKEN, token, salt).1).await?;
            }
            table::note_place(&tx, shown.chain, client).await?;
            Some(advance(auth, &tx, token, hash, &shown).await?)
        }
        Verdict::Reused => {
            access::end_family(&mut tx, shown.user.id, shown.grant, shown.chain).await?;
            report::reused(auth, &mut tx, &shown, app, client).await?;
            tx.commit().await?;
            return Ok(None);
        }
    };
    let Some(next) = next else { return Ok(None) };
    table::note_use(auth, &tx, &shown).await?;
    let exchanged = give(auth, &tx, shown, wanted, next).await?;
    tx.commit().await?;
    Ok(Some(exchanged))
}

/// Gives a token its successor. Returns that.
async fn advance(auth: &Auth, tx: &Tx, token: &str, hash: Hash, shown: &Shown) -> Result<String> {
    let salt = successor::salt();
    let (next, next_hash) = successor::of(REFRESH_TOKEN, token, &salt);
    table::advance(auth, tx, (hash, salt), shown, next_hash).await?;
    Ok(next)
}

/// Follows the salts from a token to the newest one. Returns `None` if they do not lead there.
async fn newest(tx: &Tx, token: &str, salt: Option<Vec<u8>>) -> Result<Option<String>> {
    let (mut token, mut salt) = (token.to_owned(), salt);
    while let Some(known) = salt {
        let (next, hash) = successor::of(REFRESH_TOKEN, &token, &known);
        let Some(link) = table::link(tx, hash).await? else { return Ok(None) };
        if !link.is_exchanged {
            return Ok(Some(next));
        }
        (token, salt) = (next, link.salt);
    }
    Ok(None)
}

/// Makes the access token. Earlier ones live on to their own end, so that a request under way is not refused.
async fn give(auth: &Auth, tx: &Tx, shown: Shown, wanted: &Wanted<'_>, next: String) -> Result<Exchanged> {
    let now = auth.now();
    let lifetime = auth.config().access_token_lifetime.as_secs() as i64;
    let longest = shown.created_at + auth.config().refresh_lifetime.as_secs() as i64;
    let expires_at = (now + lifetime).min(longest);
    let new = NewToken {
        grant: shown.grant,
        generation: shown.generation,
        family: shown.chain,
        session: shown.session,
        outlives: true,
        scopes: wanted.scopes,
        resource: wanted.resource,
        expires_at,
    };
    let access_token = access::give(auth, tx, &new).await?;
    let second = shown.second();
    let mut user = shown.user;
    user.keep_roles(&auth.config().roles);
    Ok(Exchanged {
        access_token,
        expires_in: expires_at - now,
        refresh_token: Some(next),
        scopes: wanted.scopes.to_owned(),
        nonce: None,
        user,
        session: shown.session,
        second,
        method: shown.method,
        authenticated_at: shown.authenticated_at,
    })
}
