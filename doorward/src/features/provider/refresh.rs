//! `POST /oauth/token` with a refresh token (RFC 6749, section 6).

use zeroize::Zeroizing;

use crate::{
    accounts::{
        oauth::{
            exchanged::Exchanged,
            refresh::{self, Wanted},
            scopes,
        },
        signing_key,
    },
    auth::Auth,
    features::provider::refusal::Refusal,
    model::{
        access::{OFFLINE_ACCESS, has_scope},
        client::Client,
        oauth_client::OAuthClient,
    },
};

/// What a client sends with a refresh token.
pub(super) struct RefreshForm {
    pub(super) token: Option<Zeroizing<String>>,
    pub(super) scope: Option<String>,
    pub(super) resource: Option<String>,
}

/// Exchanges a refresh token.
pub(super) async fn exchange(
    auth: &Auth,
    app: &OAuthClient,
    sent: RefreshForm,
    client: &Client,
) -> Result<Exchanged, Refusal> {
    let token = sent.token.ok_or_else(|| Refusal::request("invalid_request", "refresh_token is missing"))?;
    let refused = || {
        Refusal::request(
            "invalid_grant",
            "the refresh token does not work: it has ended, was replaced, or belongs to another client",
        )
    };
    let found = refresh::find(auth, app, &token).await?.ok_or_else(refused)?;
    let allowed = still_allowed(auth, app, &found.scopes);
    if !allowed.contains(&OFFLINE_ACCESS) {
        return Err(refused());
    }
    let scopes = narrowed(&allowed, sent.scope.as_deref())?;
    let resource = found.resource.as_deref();
    let is_given = |wanted: &str| resource == Some(wanted);
    let is_registered = |resource: &str| app.resources.iter().any(|known| known == resource);
    if !sent.resource.as_deref().is_none_or(is_given) || !resource.is_none_or(is_registered) {
        return Err(Refusal::request("invalid_target", "the token was not given for this resource"));
    }
    // The keys are at hand before the token is exchanged.
    if has_scope(&scopes, "openid") {
        signing_key::all(auth).await?;
    }
    let wanted = Wanted { scopes: &scopes, resource };
    refresh::exchange(auth, (app, client), (&token, &found), &wanted).await?.ok_or_else(refused)
}

/// Returns those of the scopes that this client may still ask for. An operator may have taken some away.
fn still_allowed<'a>(auth: &Auth, app: &OAuthClient, given: &'a str) -> Vec<&'a str> {
    let may = |scope: &&str| scopes::is_offered(auth, scope) && app.scopes.iter().any(|known| known == scope);
    given.split(' ').filter(may).collect()
}

/// Returns the scopes that a client asks for, which may only be fewer.
fn narrowed(allowed: &[&str], asked: Option<&str>) -> Result<String, Refusal> {
    let Some(asked) = asked else { return Ok(allowed.join(" ")) };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    if asked.is_empty() || !asked.iter().all(|scope| allowed.contains(scope)) {
        return Err(Refusal::request("invalid_scope", "the token was given for other scopes"));
    }
    // In the order in which they were given, each once.
    let wanted = allowed.iter().filter(|scope| asked.contains(scope));
    Ok(wanted.copied().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_only_narrowed() {
        let allowed = ["openid", "email", "offline_access"];
        let of = |asked| narrowed(&allowed, asked).map_err(|_| ());
        assert_eq!(of(None).as_deref(), Ok("openid email offline_access"));
        assert_eq!(of(Some("email openid email")).as_deref(), Ok("openid email"));
        assert_eq!(of(Some("email  ")).as_deref(), Ok("email"));
        for wrong in ["groups", "openid groups", " ", "openid\temail", "OPENID"] {
            assert_eq!(of(Some(wrong)), Err(()), "{wrong}");
        }
    }
}
