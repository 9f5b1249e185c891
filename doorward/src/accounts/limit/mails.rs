//! Limits how many mails go to one address, and how many one client asks for.
//!
//! - **Mails that anybody can ask for** by typing an address are counted when they are asked for. One counter is
//!   for the address and the purpose, one for the client. Registering, verifying, resetting and changing have
//!   counters of their own, so that an attacker who uses up one of them does not block the others. A mail that is not
//!   sent, because nobody needs it, stays counted. To take it back would reveal which addresses have an account, by
//!   the time of the next request.
//!   - **The limit of an address** is silent: the mail is left out, and the answer is as always.
//!   - **The limit of a client** says nothing about an address, so its answer is 429. Strangers share the counter of
//!     their network. A user who is logged in and verified has a counter of their own. So has a browser that a user has
//!     logged in with before, for mails to this user. So a stranger in the same network does not use up theirs.
//! - **Notices**, such as that of a new device, are counted when they are sent, by the address and the letter. They
//!   only go to verified addresses ([`recipient`](crate::accounts::mail::recipient)). So an attacker who registers
//!   with the address of another person, and logs in again and again, sends nothing there.

use crate::{
    accounts::{
        device, event,
        limit::table::{self, Counter, Rule, State, Window},
        user,
    },
    auth::Auth,
    base::{
        email::Email,
        error::{Error, Result},
    },
    model::{
        client::Client,
        letter::Letter,
        user::{User, UserId},
    },
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The one who asks for a mail.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) client: &'a Client,
    /// A user who has a counter of their own.
    user: Option<UserId>,
}

impl<'a> Asker<'a> {
    /// A client that may be anybody.
    pub(crate) fn anybody(client: &'a Client) -> Self {
        Self { client, user: None }
    }

    /// A user who is logged in. An unverified address proves nothing: an attacker can register any number of them.
    pub(crate) fn user(user: &User, client: &'a Client) -> Self {
        Self { client, user: user.email_verified_at.is_some().then_some(user.id) }
    }

    /// Returns the counter of this client for a mail to this address.
    async fn counter(self, auth: &Auth, to: &Email) -> Result<Option<Counter>> {
        let of =
            |kind, name: &[u8]| Counter { key: table::key(kind, name), rule: Rule::Window(by_asker(auth)) };
        if let Some(user) = self.user {
            return Ok(Some(of("mail from user", user.to_string().as_bytes())));
        }
        if let Some(presented) = &self.client.device
            && device::is_of(auth, presented, to).await?
        {
            return Ok(Some(of("mail from device", &presented.hash)));
        }
        Ok(self.client.network().map(|network| of("mail from", &network)))
    }
}

/// Refuses a client that has asked for enough mails. It counts nothing. Call it before work that the mail is needed for.
///
/// # Errors
/// [`Error::TooManyAttempts`].
pub(crate) async fn check(auth: &Auth, to: &Email, asker: Asker<'_>) -> Result<()> {
    let Some(by_client) = asker.counter(auth, to).await? else { return Ok(()) };
    let now = auth.now();
    refuse_blocked(by_client, &table::look(auth.db(), [by_client.key; 3], now).await?, now)
}

/// Counts one more mail to this address that this client asks for. Returns `false` if the address has had enough. An
/// answer that must not reveal which addresses have an account is the same in both cases.
///
/// # Errors
/// [`Error::TooManyAttempts`] if the client has asked for enough mails. This is decided before the address is looked at.
pub(crate) async fn may_ask(auth: &Auth, budget: &str, to: &Email, asker: Asker<'_>) -> Result<bool> {
    let now = auth.now();
    let to_key = table::key("mail to", format!("{} {}", budget, to.key).as_bytes());
    let by_address = Counter { key: to_key, rule: Rule::Window(by_recipient(auth)) };
    let by_client = asker.counter(auth, to).await?;
    let states =
        table::look(auth.db(), [to_key, to_key, by_client.map_or(to_key, |counter| counter.key)], now)
            .await?;
    if let Some(by_client) = by_client {
        refuse_blocked(by_client, &states, now)?;
        let counted = table::count(auth.db(), by_client, &states, now).await?;
        let counted = counted.ok_or(Error::TooManyAttempts(1))?;
        if counted.count == by_asker(auth).most {
            if let Some(ip) = asker.client.ip {
                tracing::warn!(%ip, "a client has asked for as many mails as it may in an hour: the next ones are refused");
            }
            event::throttled(auth, "mails", asker.user, asker.client).await?;
        }
    }
    if !table::blocked([by_address], &states, now).is_empty() {
        return Ok(false);
    }
    let Some(counted) = table::count(auth.db(), by_address, &states, now).await? else { return Ok(false) };
    if counted.count == by_recipient(auth).most {
        let user = user::by_email(auth.db(), to).await?.map(|user| user.id);
        event::throttled(auth, "mails_to_address", user, asker.client).await?;
    }
    Ok(true)
}

fn refuse_blocked(by_client: Counter, states: &[State], now: i64) -> Result<()> {
    match table::blocked([by_client], states, now).first() {
        Some(blocked) => Err(Error::TooManyAttempts(blocked.wait)),
        None => Ok(()),
    }
}

/// Counts one more notice to this address. Returns `false` if it has had enough of this kind.
pub(crate) async fn may_notify(auth: &Auth, letter: Letter, to: &Email) -> Result<bool> {
    let now = auth.now();
    let key = table::key("notice to", format!("{} {}", letter.name, to.key).as_bytes());
    let notices = Counter { key, rule: Rule::Window(by_recipient(auth)) };
    Ok(table::count_alone(auth.db(), notices, now).await?.is_ok())
}

fn by_asker(auth: &Auth) -> Window {
    Window { most: auth.config().limit.mails_per_address.get().into(), length: HOUR }
}

fn by_recipient(auth: &Auth) -> Window {
    Window { most: auth.config().limit.mails_per_recipient.get().into(), length: 15 * MINUTE }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use tempfile::TempDir;

    use super::*;
    use crate::{Config, accounts::limit::guesses};

    async fn auth() -> (TempDir, Auth) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
        let auth = Auth::open_with(&url, Config::default()).await.unwrap();
        (folder, auth)
    }

    fn to(name: impl std::fmt::Display) -> Email {
        Email::parse(&format!("{name}@example.org")).unwrap()
    }

    fn from(ip: &str) -> Client {
        Client { ip: Some(ip.parse().unwrap()), ..Client::default() }
    }

    async fn may(auth: &Auth, to: &Email, client: &Client) -> bool {
        may_ask(auth, "reset_password", to, Asker::anybody(client)).await.unwrap()
    }

    /// The seconds that this client must wait, or `None` if it may ask.
    async fn wait(auth: &Auth, budget: &str, to: &Email, client: &Client) -> Option<i64> {
        match may_ask(auth, budget, to, Asker::anybody(client)).await {
            Ok(true) => None,
            Err(Error::TooManyAttempts(seconds)) => Some(seconds),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_address_gets_at_most_three_mails_in_a_quarter_of_an_hour() {
        let (_folder, auth) = auth().await;
        // Many clients ask at once.
        let asked = (0..200).map(async |number| {
            let client = from(&format!("192.0.2.{}", number % 100));
            may(&auth, &Email::parse(" ANN@Example.org").unwrap(), &client).await
        });
        assert_eq!(join_all(asked).await.iter().filter(|may| **may).count(), 3);
        assert!(!may(&auth, &to("ann"), &Client::default()).await);
        assert!(may(&auth, &to("bob"), &Client::default()).await);
        auth.advance(Duration::from_secs(15 * 60 + 2));
        for expected in [true, true, true, false] {
            assert_eq!(may(&auth, &to("ann"), &Client::default()).await, expected);
        }
        // Mails for other purposes are not limited by these.
        for budget in ["register", "verify_email", "change_email"] {
            assert_eq!(wait(&auth, budget, &to("ann"), &Client::default()).await, None);
        }
    }

    #[tokio::test]
    async fn a_client_asks_for_at_most_ten_mails_an_hour() {
        let (_folder, auth) = auth().await;
        let budgets = ["register", "verify_email", "reset_password", "change_email"];
        let asked = (0..40).map(async |number| {
            wait(&auth, budgets[number % 4], &to(number), &from("192.0.2.1")).await.is_none()
        });
        let sent = join_all(asked).await;
        assert_eq!(sent.iter().filter(|may| **may).count(), 10);
        let left = wait(&auth, "register", &to("last"), &from("192.0.2.1")).await.unwrap();
        assert!((3590..=3601).contains(&left), "{left}");
        assert!(check(&auth, &to("last"), Asker::anybody(&from("192.0.2.1"))).await.is_err());
        assert!(check(&auth, &to("last"), Asker::anybody(&from("192.0.2.2"))).await.is_ok());
        // A mail that the limit of the client refused does not count for its recipient.
        let refused = (2..40).step_by(4).find(|number| !sent[*number]).unwrap();
        for expected in [true, true, true, false] {
            assert_eq!(may(&auth, &to(refused), &from("192.0.2.2")).await, expected);
        }
        auth.advance(Duration::from_secs(3602));
        assert!(may(&auth, &to("last"), &from("192.0.2.1")).await);
        // The counters of mails and of guesses are separate.
        assert!(guesses::reserve(&auth, "ann@example.org", &from("192.0.2.1")).await.is_ok());
    }

    #[tokio::test]
    async fn an_ipv6_network_counts_as_one_client() {
        let (_folder, auth) = auth().await;
        for number in 0..12 {
            let client = from(&format!("2001:db8::{number:x}"));
            let waits = wait(&auth, "reset_password", &to(number), &client).await;
            assert_eq!(waits.is_none(), number < 10);
        }
        assert!(may(&auth, &to("last"), &from("2001:db8:0:1::1")).await);
    }
}
