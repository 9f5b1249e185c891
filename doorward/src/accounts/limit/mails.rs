//! Limits how many mails go to one address, and how many one client asks for.
//!
//! - **Mails that anybody can ask for** by typing an address are counted when they are asked for. One counter is
//!   for the address and the purpose, one for the client. Registering, verifying, resetting and changing have
//!   counters of their own, so that an attacker who uses up one of them does not block the others. A mail that is not
//!   sent, because nobody needs it, stays counted. To take it back would reveal which addresses have an account, by
//!   the time of the next request.
//! - **Notices**, such as that of a new device, are counted when they are sent, by the address and the letter. They
//!   only go to verified addresses ([`recipient`](crate::accounts::mail::recipient)). So an attacker who registers
//!   with the address of another person, and logs in again and again, sends nothing there.

use crate::{
    accounts::limit::table::{self, Counter, Rule, Window},
    auth::Auth,
    base::{email::Email, error::Result},
    model::{client::Client, letter::Letter},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Counts one more mail to this address that this client asks for. Returns `false` if the address or the client has had
/// enough. An answer that must not reveal which addresses have an account is the same in both cases.
pub(crate) async fn may_ask(auth: &Auth, budget: &str, to: &Email, client: &Client) -> Result<bool> {
    let now = auth.now();
    let to = table::key("mail to", format!("{} {}", budget, to.key).as_bytes());
    let to = Counter { key: to, rule: Rule::Window(by_recipient(auth)) };
    let by_client = Window { most: auth.config().limit.mails_per_address.get().into(), length: HOUR };
    let from = client.network().map(|network| table::key("mail from", &network));
    let from = from.map(|key| Counter { key, rule: Rule::Window(by_client) });
    let from_or_to = from.unwrap_or(to);
    let states = table::look(auth.db(), [to.key, to.key, from_or_to.key], now).await?;
    if !table::blocked([to, from_or_to], &states, now).is_empty() {
        return Ok(false);
    }
    let Some(counted) = table::count(auth.db(), to, &states, now).await? else {
        return Ok(false);
    };
    let Some(from) = from else { return Ok(true) };
    if table::count(auth.db(), from, &states, now).await?.is_some() {
        return Ok(true);
    }
    let mut tx = auth.db().begin().await?;
    table::take_back(&mut tx, &counted).await?;
    tx.commit().await?;
    Ok(false)
}

/// Counts one more notice to this address. Returns `false` if it has had enough of this kind.
pub(crate) async fn may_notify(auth: &Auth, letter: Letter, to: &Email) -> Result<bool> {
    let now = auth.now();
    let key = table::key("notice to", format!("{} {}", letter.name, to.key).as_bytes());
    let notices = Counter { key, rule: Rule::Window(by_recipient(auth)) };
    let states = table::look(auth.db(), [key; 3], now).await?;
    if !table::blocked([notices], &states, now).is_empty() {
        return Ok(false);
    }
    Ok(table::count(auth.db(), notices, &states, now).await?.is_some())
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
        may_ask(auth, "reset_password", to, client).await.unwrap()
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
            assert!(may_ask(&auth, budget, &to("ann"), &Client::default()).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_client_asks_for_at_most_ten_mails_an_hour() {
        let (_folder, auth) = auth().await;
        let budgets = ["register", "verify_email", "reset_password", "change_email"];
        let asked = (0..40).map(async |number| {
            may_ask(&auth, budgets[number % 4], &to(number), &from("192.0.2.1")).await.unwrap()
        });
        let sent = join_all(asked).await;
        assert_eq!(sent.iter().filter(|may| **may).count(), 10);
        assert!(!may(&auth, &to("last"), &from("192.0.2.1")).await);
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
            assert_eq!(may(&auth, &to(number), &client).await, number < 10);
        }
        assert!(may(&auth, &to("last"), &from("2001:db8:0:1::1")).await);
    }
}
