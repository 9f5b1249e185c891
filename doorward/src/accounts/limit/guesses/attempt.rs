//! An attempt to guess a secret, and the counters that count it.
//!
//! Each kind of attempt has a counter of its own, so that one kind cannot use up the attempts of another. Most also
//! count for the client address.

#[cfg(feature = "totp")]
use crate::model::user::UserId;
use crate::{
    accounts::{
        device,
        limit::table::{self, Counter, Key, Rule, Spacing, State, Window},
    },
    auth::Auth,
    base::{email::Email, error::Result, secret::Hash},
    model::{client::Client, purpose::Purpose, session::Session},
};

const MINUTE: i64 = 60;

/// At most this many codes are checked, for one account and purpose.
const CODES: Window = Window { most: 5, length: 30 * MINUTE };

/// The waits between wrong codes of a second factor. They are not those of the settings: a code has only six digits.
#[cfg(feature = "totp")]
const SECOND_FACTOR: Spacing = Spacing { free: 5, first: 1, longest: 60 * MINUTE };

/// The secret that is guessed at, and the client that does so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A password, by a client that nothing is known of.
    Stranger,
    /// A password, by a device of the account's owner.
    Device,
    /// A password, by the holder of a session of the account.
    Session,
    /// A second factor, by somebody who has proved everything else.
    #[cfg_attr(not(feature = "totp"), expect(dead_code, reason = "a build without it takes no second step"))]
    SecondFactor,
    /// A code from a mail.
    Code,
    /// A password, with a link from a mail. The link allows this attempt, and nothing counts it.
    Link,
}

/// An attempt, and the counters that may count it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) kind: Kind,
    /// The counter of the account, the device, the session or the code.
    subject: Option<Counter>,
    /// The counter that this client has for the account, if it has earned one. It then takes the place of the
    /// counter of the account.
    pub(super) earned: Option<Counter>,
    address: Option<Counter>,
}

impl Attempt {
    /// A log-in to the account with the typed address `email`. Runs the same statements for an unknown address.
    pub(super) async fn at_password(auth: &Auth, email: &str, client: &Client) -> Result<Self> {
        let parsed = Email::known(email).ok();
        if let (Some(email), Some(presented)) = (&parsed, &client.device)
            && device::is_of(auth, presented, email).await?
        {
            // No client address counts here. Otherwise an attacker behind the same address, such as that of an office,
            // could lock the owner out.
            let subject = spaced(auth, device(&presented.hash));
            return Ok(Self { kind: Kind::Device, subject: Some(subject), earned: None, address: None });
        }
        let email = parsed.as_ref().map_or(email, |email| &email.key);
        Ok(Self {
            kind: Kind::Stranger,
            subject: Some(spaced(auth, account(email))),
            earned: earned(auth, email, client),
            address: address(auth, client),
        })
    }

    /// A log-in with a link that allows it.
    pub(super) fn by_link(auth: &Auth, email: &Email, client: &Client) -> Self {
        let earned = earned(auth, &email.key, client);
        Self { kind: Kind::Link, subject: None, earned, address: None }
    }

    /// A proof by password inside a session. No client address counts: the holder of a session has proved more than an
    /// attacker behind the same address.
    pub(super) fn in_session(auth: &Auth, session: &Session) -> Self {
        let name = format!("{} {}", session.user.id, session.id);
        let subject = spaced(auth, table::key("session", name.as_bytes()));
        Self { kind: Kind::Session, subject: Some(subject), earned: None, address: None }
    }

    /// A code of an authenticator app, or a recovery code.
    #[cfg(feature = "totp")]
    pub(super) fn at_second_factor(user: UserId) -> Self {
        let subject = Counter { key: second_factor(user), rule: Rule::Spacing(SECOND_FACTOR) };
        Self { kind: Kind::SecondFactor, subject: Some(subject), earned: None, address: None }
    }

    /// A code for this purpose and the account with this address.
    pub(super) fn at_code(auth: &Auth, purpose: Purpose, email: &Email, client: &Client) -> Self {
        let subject = Counter { key: code(purpose, email), rule: Rule::Window(CODES) };
        Self { kind: Kind::Code, subject: Some(subject), earned: None, address: address(auth, client) }
    }

    /// A code of the mail that this log-in waits for.
    pub(super) fn at_log_in_code(auth: &Auth, log_in: Hash, client: &Client) -> Self {
        let subject = Counter { key: table::key("log-in code", &log_in), rule: Rule::Window(CODES) };
        Self { kind: Kind::Code, subject: Some(subject), earned: None, address: address(auth, client) }
    }

    /// Returns the keys of all counters that may count the attempt. Some may be equal.
    pub(super) fn keys(&self) -> Option<[Key; 3]> {
        let subject = self.subject?.key;
        let or_subject = |counter: Option<Counter>| counter.map_or(subject, |counter| counter.key);
        Some([subject, or_subject(self.earned), or_subject(self.address)])
    }

    /// Returns the counters that count the attempt, and the name of each limit in events.
    pub(super) fn counters(&self, states: &[State], now: i64) -> Vec<(Counter, &'static str)> {
        if let Some(earned) = self.earned.filter(|earned| earned.state(states, now).is_some()) {
            // As with a device, others behind the same address do not lock this client out.
            return vec![(earned, "client")];
        }
        let address = self.address.map(|address| (address, "client_address"));
        let subject = self.subject.map(|subject| (subject, self.name()));
        address.into_iter().chain(subject).collect()
    }

    fn name(&self) -> &'static str {
        match self.kind {
            Kind::Stranger | Kind::Link => "account",
            Kind::Device => "device",
            Kind::Session => "session",
            Kind::SecondFactor => "second_factor",
            Kind::Code => "code",
        }
    }
}

/// The counter of an account, by its canonical address.
pub(super) fn account(email_key: &str) -> Key {
    table::key("account", email_key.as_bytes())
}

/// The counter of a device.
pub(super) fn device(token_hash: &[u8]) -> Key {
    table::key("device", token_hash)
}

/// The counter of the second factors of a user.
#[cfg(feature = "totp")]
pub(super) fn second_factor(user: UserId) -> Key {
    table::key("second_factor", user.to_string().as_bytes())
}

/// The counter of codes.
pub(super) fn code(purpose: Purpose, email: &Email) -> Key {
    table::key("code", format!("{} {}", purpose.name, email.key).as_bytes())
}

/// The counter that a client may earn for an account. `None` if its address is unknown: then nothing tells it from
/// other clients.
pub(super) fn earned(auth: &Auth, email_key: &str, client: &Client) -> Option<Counter> {
    let network = client.network()?;
    let mut name = vec![u8::try_from(network.len()).unwrap_or(u8::MAX)];
    name.extend(network);
    name.extend(email_key.as_bytes());
    Some(Counter { key: table::key("earned", &name), rule: Rule::Earned(spacing(auth)) })
}

fn address(auth: &Auth, client: &Client) -> Option<Counter> {
    let rule = Window { most: auth.config().limit.failures_per_address.get().into(), length: MINUTE };
    let Some(network) = client.network() else {
        auth.proxies().warn_of_unknown_client();
        return None;
    };
    Some(Counter { key: table::key("address", &network), rule: Rule::Window(rule) })
}

fn spaced(auth: &Auth, key: Key) -> Counter {
    Counter { key, rule: Rule::Spacing(spacing(auth)) }
}

pub(super) fn spacing(auth: &Auth) -> Spacing {
    let limit = &auth.config().limit;
    Spacing {
        free: limit.free_failures.get().into(),
        first: limit.first_delay.as_secs() as i64,
        longest: limit.longest_delay.as_secs() as i64,
    }
}
