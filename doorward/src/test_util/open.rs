//! Opens the accounts of a test.

use std::{fmt, future::IntoFuture, pin::Pin};

use super::{
    accounts::TestAuth,
    database::{self, Place},
    mails::Mails,
};
use crate::{
    auth::Auth,
    base::{config::Config, mail::sender::MailSender, open_error::OpenError},
    open::AuthBuilder,
};

/// The memory in KiB and the passes of a hash: the least that argon2id can have.
const HASH_COST: (u32, u32) = (8, 1);

impl Auth {
    /// Opens accounts for one test, in a temporary file of SQLite. See [`test_util`](crate::test_util).
    ///
    /// ```
    /// # use doorward::{Auth, Config, config::Registration};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let accounts = Auth::for_tests().await;
    ///
    /// let config = Config { registration: Some(Registration::Closed), ..Config::default() };
    /// let closed = Auth::for_tests().config(config).await;
    /// # }
    /// ```
    #[cfg(feature = "sqlite")]
    pub fn for_tests() -> ForTests {
        ForTests { place: Place::Temporary, config: Config::default(), mail: Mailing::Kept }
    }

    /// Opens accounts for one test in the database at `url`, which [`Auth::open`] describes.
    ///
    /// On PostgreSQL they get a schema of their own, which is deleted with them. So tests can share a database. If
    /// [`Config::schema`] names a schema, it is used and stays. A test whose process is killed leaves its schema behind:
    /// its name begins with `doorward_test_`. A file of SQLite stays too.
    ///
    /// ```no_run
    /// # use doorward::Auth;
    /// # async fn example() {
    /// let accounts = Auth::for_tests_on("postgres://app:app@localhost/app_test").await;
    /// # }
    /// ```
    pub fn for_tests_on(url: &str) -> ForTests {
        ForTests { place: Place::At(url.to_owned()), config: Config::default(), mail: Mailing::Kept }
    }
}

/// The accounts of a test before they are opened: `.await` opens them. [`Auth::for_tests`] makes it.
///
/// # Panics
/// It panics with the reason if the accounts cannot be opened, such as for a setting that makes no sense.
#[must_use = "nothing is opened before `.await`"]
pub struct ForTests {
    place: Place,
    config: Config,
    mail: Mailing,
}

/// Where the mails go.
enum Mailing {
    /// Into memory, for [`TestAuth::mails`].
    Kept,
    /// To a sender of the test.
    Own(Box<dyn FnOnce(AuthBuilder) -> AuthBuilder + Send>),
    /// Nowhere: the accounts send no mail.
    Nowhere,
}

impl ForTests {
    /// Sets the settings. They can be those of your app. A test does not use its cost of hashing
    /// ([`PasswordConfig::memory_kib`](crate::config::PasswordConfig::memory_kib)) and its mail server
    /// ([`Config::smtp_url`], [`Config::smtp_ca_file`], [`Config::dev_mailbox`]).
    pub fn config(self, config: Config) -> Self {
        Self { config, ..self }
    }

    /// Gives the mails to your own sender, to test it. Then [`TestAuth::mails`] has none.
    pub fn mail_sender(self, sender: impl MailSender) -> Self {
        Self { mail: Mailing::Own(Box::new(|builder| builder.mail_sender(sender))), ..self }
    }

    /// Opens accounts that send no mail, for the test of an app that has neither a mail server nor a sender. Otherwise
    /// mails are kept, and [`Config::registration`] is `private` by default, as with every sender.
    pub fn without_mail(self) -> Self {
        Self { mail: Mailing::Nowhere, ..self }
    }

    async fn open(self) -> Result<TestAuth, OpenError> {
        let Self { place, mut config, mail } = self;
        (config.smtp_url, config.smtp_ca_file, config.dev_mailbox) = (None, None, false);
        if matches!(mail, Mailing::Nowhere) {
            config.mail_from = None;
        }
        // A test has few passwords to hash, and a process may have hundreds of tests.
        if config.password.hashing_threads == 0 {
            config.password.hashing_threads = 1;
        }
        // Mails have links. An app without pages may have set no address for them, because it sends no mail.
        if matches!(mail, Mailing::Kept) && !config.pages {
            config.pages_url.get_or_insert_with(|| config.public_url.clone());
        }
        let builder = database::at(place, config)?.hash_cost_for_tests(HASH_COST.0, HASH_COST.1);
        let (builder, mails) = match mail {
            Mailing::Kept => {
                let mails = Mails::default();
                (builder.mail_sender(mails.clone()), Some(mails))
            }
            Mailing::Own(with_sender) => (with_sender(builder), None),
            Mailing::Nowhere => (builder, None),
        };
        let auth = builder.open().await?;
        auth.hold_background();
        Ok(TestAuth { auth, mails })
    }
}

impl IntoFuture for ForTests {
    type Output = TestAuth;
    type IntoFuture = Pin<Box<dyn Future<Output = TestAuth> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            match self.open().await {
                Ok(accounts) => accounts,
                Err(error) => panic!("the accounts of the test cannot be opened: {error}"),
            }
        })
    }
}

impl fmt::Debug for ForTests {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForTests").field("config", &self.config).finish_non_exhaustive()
    }
}
