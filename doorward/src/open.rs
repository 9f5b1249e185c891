//! Opening and closing the accounts, and the start of the background tasks.

#[cfg(feature = "test-util")]
use std::any::Any;
use std::sync::{Arc, LazyLock, atomic::AtomicBool};

#[cfg(feature = "totp")]
use crate::{accounts::passkey, base::relying_party::relying_party};
#[cfg(feature = "provider")]
use crate::{accounts::sealing_key, auth::provider::Provider};
use crate::{
    accounts::{
        chores, credential,
        mail::{letter, sender},
        one_time, session,
        user::{self, EmailClash},
    },
    auth::{
        Auth, Inner,
        attempts::Attempts,
        clock::{self, Clock},
        listeners::Listeners,
        memory::{self, Memory},
        queue::Queue,
        readiness::Readiness,
        seen::Seen,
        table_room::TableRoom,
        tasks::Tasks,
        under_way::UnderWay,
        waits::Waits,
    },
    base::{
        config::{Config, Registration},
        db::{Db, Life},
        http::proxies::Proxies,
        mail::{sender::MailSender, transport::Mail},
        open_error::OpenError,
        passwords::{
            context::{self, HashCost},
            hashing::Hashing,
            policy::rules::Policy,
        },
        site::{self, Site},
        text::{
            template::{BuiltIn, Parsed, Templates},
            texts::Texts,
        },
    },
    features::FEATURES,
    web::pages,
};
#[cfg(feature = "totp")]
use doorward_passkey::RelyingParty;

static PARSED: LazyLock<Parsed> = LazyLock::new(|| Parsed::of(templates()));

/// What [`AuthBuilder::migrate`](crate::AuthBuilder::migrate) did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migrated {
    /// The names of the migrations that ran, oldest first.
    pub applied: Vec<String>,
    /// The users whose addresses clash. They are listed each time, until one of the two has another address or is gone.
    pub clashes: Vec<EmailClash>,
}

impl Auth {
    /// Opens the accounts in the database at `url` with the default [`Config`]. Brings the schema of the database up to
    /// date.
    ///
    /// - `sqlite:FILE` is a file. A missing file is created, and only its owner can read it. Its folder must exist.
    /// - `postgres://USER:PASSWORD@HOST/DATABASE` is a database on a server. TLS is used unless the host is this
    ///   machine. `?sslmode=disable` turns TLS off. `?sslrootcert=FILE` names a certificate authority. Several hosts,
    ///   `HOST1,HOST2`, are tried until one accepts writes.
    ///
    /// # Errors
    /// If the URL is malformed, the file cannot be written, the server cannot be reached or refuses the password, or a
    /// newer version made the schema. The error is one clear line.
    ///
    /// # Panics
    /// Outside a tokio runtime, which then runs the background tasks.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_with(url, Config::default()).await
    }

    /// Opens the accounts as [`Auth::open`] does, with these settings.
    ///
    /// # Errors
    /// As [`Auth::open`]. Also if a setting is unsafe or makes no sense, or if the file of breached passwords or a
    /// template cannot be read.
    pub async fn open_with(url: &str, config: Config) -> Result<Self, OpenError> {
        Self::builder(url).config(config).open().await
    }

    /// Begins to open the accounts in the database at `url`, which [`Auth::open`] describes. It sets what is not in a
    /// [`Config`], such as the sender of mails:
    ///
    /// ```no_run
    /// # use doorward::{Auth, Config, mail::MailSender};
    /// # async fn example(sender: impl MailSender) -> Result<(), doorward::OpenError> {
    /// let config = Config { public_url: "https://example.org/auth".into(), ..Config::default() };
    /// let auth = Auth::builder("sqlite:app.db").config(config).mail_sender(sender).open().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(url: &str) -> AuthBuilder {
        AuthBuilder {
            url: url.to_owned(),
            config: Config::default(),
            sender: None,
            cost: HashCost::OfSettings,
            life: Life::Lasting,
            #[cfg(feature = "totp")]
            accepts_passkey_loss: false,
            missing_keys: false,
            #[cfg(feature = "test-util")]
            guard: None,
        }
    }

    async fn open_as(builder: AuthBuilder) -> Result<Self, OpenError> {
        let AuthBuilder { url, mut config, sender, cost, life, .. } = builder;
        #[cfg(feature = "test-util")]
        if let HashCost::OfTest { memory_kib, iterations } = cost {
            (config.password.memory_kib, config.password.iterations) = (memory_kib, iterations);
        }
        let has_sender = sender.is_some();
        let checked = Checked::of(&config, sender, cost)?;
        let Checked { site, proxies, policy, texts, templates, mail, .. } = checked;
        #[cfg(feature = "totp")]
        let relying_party = checked.relying_party;
        if config.asks_some_for_a_second_factor() && config.secret_key.is_none() {
            let keys = &["second_factor", "second_factor_roles", "secret_key"];
            let cause = "expected with a secret_key, which seals the secrets of authenticator apps";
            return Err(OpenError::of_setting(keys, cause));
        }
        if has_sender {
            config.registration.get_or_insert(Registration::Private);
        }
        let mail = Arc::new(mail);
        let hashing = Hashing::start(&config.password)?;
        let (db, migrated) = open_database(&url, &config, life).await?;
        #[cfg(feature = "provider")]
        let provider = Provider::of(&config);
        #[cfg(feature = "provider")]
        if !builder.missing_keys {
            sealing_key::check(&db, provider.sealer.as_ref(), clock::unix_time().as_secs() as i64).await?;
        }
        #[cfg(feature = "totp")]
        if let Some(site) = &relying_party
            && let Some(lost) = passkey::retire(&db, &site.id, builder.accepts_passkey_loss).await?
        {
            return Err(OpenError::of_setting(
                &["passkey_rp_id", "public_url"],
                format!(
                    "there are passkeys for {lost:?}, and they do not work for {:?}: set passkey_rp_id = {lost:?}, or accept the \
                     loss with --accept-passkey-loss",
                    site.id
                ),
            ));
        }
        for clash in &migrated.clashes {
            let EmailClash { user, email, holder, holder_email } = clash;
            tracing::warn!(
                %user, email, %holder, holder_email,
                "two accounts have one address: other spellings of it find only the holder"
            );
        }
        Ok(Self::new(Inner {
            db,
            profile: config.profile.clone().into(),
            config,
            site,
            proxies,
            bodies: Arc::default(),
            hashing,
            policy,
            texts,
            templates,
            letters: FEATURES.iter().flat_map(|feature| feature.letters).copied().collect(),
            mail,
            clock: Clock::default(),
            sessions: Memory::new(memory::ROOM),
            #[cfg(feature = "provider")]
            provider,
            #[cfg(feature = "totp")]
            relying_party,
            seen: Seen::default(),
            waits: Waits::default(),
            under_way: UnderWay::default(),
            listeners: Listeners::default(),
            attempts: Attempts::default(),
            queue: Queue::default(),
            readiness: Readiness::default(),
            table_room: TableRoom::default(),
            tasks: Tasks::new(),
            database: Db::describe(&url)?,
            draining: AtomicBool::new(false),
            #[cfg(feature = "test-util")]
            _guard: builder.guard,
        }))
    }

    /// Ends the background tasks, and waits until all writes are durable. Call it when no more requests come. It closes
    /// all clones of the handle.
    ///
    /// A mail that the mail server does not take within seconds is not lost. Another node sends it later, or this one
    /// after its next start.
    pub async fn close(&self) {
        if let Err(error) = session::write_seen(self).await {
            tracing::debug!(cause = %error, "the use of sessions was not noted");
        }
        self.tasks().end().await;
        self.db().close().await;
    }
}

/// What the settings describe. Everything in it was checked.
struct Checked {
    site: Site,
    proxies: Proxies,
    policy: Policy,
    texts: Arc<Texts>,
    templates: Templates,
    mail: Mail,
    #[cfg(feature = "totp")]
    relying_party: Option<RelyingParty>,
}

impl Checked {
    /// Checks all settings, so that the error is about every mistake and not only the first.
    ///
    /// The `sender` of the host takes the place of `smtp_url`.
    fn of(config: &Config, sender: Option<Arc<dyn MailSender>>, cost: HashCost) -> Result<Self, OpenError> {
        let own_pages = match (&sender, config.pages || config.pages_url.is_some()) {
            (Some(_), false) => Err(site::no_pages()),
            _ => Ok(()),
        };
        let config = &without_needs(config, sender.is_some());
        let texts = Arc::new(Texts::of(FEATURES.iter().map(|feature| feature.texts)));
        let mistakes = [config.mistakes(), context::mistakes(&config.password, cost)].concat();
        let settings = match mistakes.is_empty() {
            true => Ok(()),
            false => Err(OpenError::of_settings(mistakes)),
        };
        let site = Site::of(config);
        let mail = match &site {
            Ok(site) => Mail::of(config, site, sender),
            // The error about the address is told. It must not hide those about mail.
            Err(_) => Mail::of(config, &Site::of(&Config::default())?, sender),
        };
        #[cfg(feature = "totp")]
        let relying_party = site.as_ref().map_or(Ok(None), |site| relying_party(config, site));
        #[cfg(feature = "totp")]
        let (relying_party, settings) = match relying_party {
            Ok(relying_party) => (relying_party, settings),
            Err(error) => (None, OpenError::both(settings, Err(error)).map(|((), ())| ())),
        };
        let site = OpenError::both(settings, site).map(|((), site)| site);
        let site = OpenError::both(own_pages, site).map(|((), site)| site);
        let outside = OpenError::both(site, Proxies::of(config));
        let files = OpenError::both(Policy::start(config), Templates::start(config, &texts, &PARSED));
        let rest = OpenError::both(files, mail);
        let ((site, proxies), ((policy, templates), mail)) = OpenError::both(outside, rest)?;
        Ok(Self {
            site,
            proxies,
            policy,
            texts,
            templates,
            mail,
            #[cfg(feature = "totp")]
            relying_party,
        })
    }
}

/// Returns the settings to check. Two of them need mail: they are left out if the host sends it.
fn without_needs(config: &Config, has_sender: bool) -> Config {
    match has_sender {
        true => Config { registration: None, require_verified_email: None, ..config.clone() },
        false => config.clone(),
    }
}

/// The accounts before they are opened. Made by [`Auth::builder`].
#[must_use = "nothing is opened before `open`"]
pub struct AuthBuilder {
    url: String,
    config: Config,
    sender: Option<Arc<dyn MailSender>>,
    /// The cost of hashing a password.
    cost: HashCost,
    life: Life,
    /// Passkeys for another domain become useless.
    #[cfg(feature = "totp")]
    accepts_passkey_loss: bool,
    /// The accounts are opened although a key is missing.
    #[cfg_attr(not(feature = "provider"), expect(dead_code, reason = "nothing is sealed"))]
    missing_keys: bool,
    /// A value that is dropped after the database was closed.
    #[cfg(feature = "test-util")]
    guard: Option<Box<dyn Any + Send + Sync>>,
}

impl AuthBuilder {
    /// Sets the settings.
    pub fn config(self, config: Config) -> Self {
        Self { config, ..self }
    }

    /// Opens the accounts although secrets in the database need a key that is missing, or that is another one than
    /// before. For an operator who has lost it, and now removes what it sealed, such as with
    /// `Auth::reset_second_factor`. Users with a sealed secret cannot log in meanwhile.
    pub fn despite_missing_keys(self) -> Self {
        Self { missing_keys: true, ..self }
    }

    /// Sets a sender of mails, which takes the place of [`Config::smtp_url`]. So `registration` is `private` by
    /// default. It lives as long as the `Auth`.
    pub fn mail_sender(self, sender: impl MailSender) -> Self {
        Self { sender: Some(Arc::new(sender)), ..self }
    }

    /// Opens the accounts although [`Config::passkey_rp_id`] or the host of [`Config::public_url`] has changed, and
    /// passkeys exist for the earlier domain. They stop working, and their owners see that in their list. A later
    /// change back makes them work again. Without this call such a start is refused: a mistake in the settings would
    /// keep out everybody who has only passkeys.
    #[cfg(feature = "totp")]
    pub fn accept_passkey_loss(mut self) -> Self {
        self.accepts_passkey_loss = true;
        self
    }

    /// Sets the cost of hashing a password, for a test. It takes the place of the one in the settings, and may be less
    /// than those allow. [`Auth::for_tests`](crate::Auth::for_tests) sets the least that argon2id can have, 8 KiB and
    /// one pass.
    ///
    /// Only this call makes hashes weak, and no setting. Never call it outside tests.
    #[cfg(feature = "test-util")]
    pub fn hash_cost_for_tests(mut self, memory_kib: u32, iterations: u32) -> Self {
        self.cost = HashCost::OfTest { memory_kib, iterations };
        self
    }

    /// Makes a database for one test. Its commits do not wait for the disk.
    #[cfg(all(feature = "sqlite", feature = "test-util"))]
    pub(crate) fn temporary(self) -> Self {
        Self { life: Life::Temporary, ..self }
    }

    /// Keeps a value until the database was closed.
    #[cfg(feature = "test-util")]
    pub(crate) fn guarded_by(self, guard: impl Any + Send + Sync) -> Self {
        Self { guard: Some(Box::new(guard)), ..self }
    }

    /// Opens the accounts.
    ///
    /// # Errors
    /// As [`Auth::open_with`]. A mail sender goes with no `smtp_url`, `smtp_ca_file` or `dev_mailbox`. It needs pages
    /// for the links in mails: ours, or yours ([`Config::pages_url`]).
    pub async fn open(self) -> Result<Auth, OpenError> {
        Auth::open_as(self).await
    }

    /// Checks the settings as [`AuthBuilder::open`] does, and reads the files that they name. Opens no database.
    ///
    /// # Errors
    /// [`OpenError::mistakes`] has all of them. The key `database` stands for the URL.
    pub fn check(&self) -> Result<(), OpenError> {
        let database = Db::check(&self.url, self.config.apart());
        OpenError::both(database, Checked::of(&self.config, self.sender.clone(), self.cost)).map(drop)
    }

    /// Brings the tables and the stored spellings of addresses up to date, and closes the database again.
    /// [`AuthBuilder::open`] does the same work. Give it the same settings: with another
    /// [`schema`](Config::schema) or [`table_prefix`](Config::table_prefix) it makes new, empty tables.
    ///
    /// # Errors
    /// As [`AuthBuilder::open`], but the files that the settings name are not read.
    pub async fn migrate(self) -> Result<Migrated, OpenError> {
        let mistakes = without_needs(&self.config, self.sender.is_some()).mistakes();
        if !mistakes.is_empty() {
            return Err(OpenError::of_settings(mistakes));
        }
        let (db, migrated) = open_database(&self.url, &self.config, Life::Lasting).await?;
        db.close().await;
        Ok(migrated)
    }
}

impl std::fmt::Debug for AuthBuilder {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Returns the URL of a database as it may be shown: without its password and its parameters.
///
/// # Errors
/// The URL cannot be used. The error says why, and repeats no part of a password.
pub fn shown_url(url: &str) -> Result<String, OpenError> {
    Db::describe(url)
}

/// Opens the database, and brings its schema and the keys of addresses up to date.
async fn open_database(url: &str, config: &Config, life: Life) -> Result<(Db, Migrated), OpenError> {
    let (db, applied) = Db::open(url, config.apart(), life, clock::unix_time().as_secs() as i64).await?;
    let clashes = user::fold_keys(&db).await?;
    one_time::fold_keys(&db).await?;
    let applied = applied.into_iter().map(str::to_owned).collect();
    Ok((db, Migrated { applied, clashes }))
}

/// Returns every template that is compiled in.
pub(crate) fn templates() -> impl Iterator<Item = BuiltIn> {
    let of_pages = pages::templates(FEATURES.iter().map(|feature| feature.pages));
    let of_features = FEATURES.iter().flat_map(|feature| feature.templates).copied();
    letter::TEMPLATES.into_iter().chain(of_pages).chain(of_features)
}

/// Starts the background tasks. Only the first call does. No task keeps the accounts open.
pub(crate) fn begin(auth: &Auth) {
    let tasks = auth.tasks();
    if tasks.begin() {
        return;
    }
    // The first mark makes the database watch for changes. From then on sessions can be kept in memory.
    let _ = auth.db().mark();
    tasks.spawn(credential::pace::learn(auth.downgrade()));
    tasks.spawn(chores::run(auth.downgrade(), tasks.stopped()));
    if auth.mail().works() {
        tasks.spawn(sender::run(auth.downgrade(), auth.queue().bell(), tasks.stopped()));
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::{
        accounts::mail::outbox,
        base::{config::PasswordConfig, email::Email, text::language::Language},
        model::{
            letter::{Details, Letter},
            post::{Post, To},
            user::UserId,
        },
    };

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mail_on_its_way_does_not_keep_the_accounts_open() {
        // The system accepts connections to this port, and nobody ever answers.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let password = PasswordConfig { hashing_threads: 1, ..PasswordConfig::default() };
        let config = Config {
            smtp_url: Some(format!("smtp://{}", silent.local_addr().unwrap()).into()),
            mail_from: Some("no-reply@example.org".into()),
            password,
            ..Config::default()
        };
        let url = format!("sqlite:{}", folder.path().join("background.db").display());
        let auth = Auth::builder(&url).config(config).hash_cost_for_tests(64, 1).open().await.unwrap();
        let to = To::Address(UserId(1), Email::parse("ann@example.org").unwrap());
        let letter = Letter::ACCOUNT_DELETED;
        let (language, details) = (Language::English, Details::default());
        let post = Post { letter, to, language, details, happened_at: None };
        let mut tx = auth.db().begin().await.unwrap();
        outbox::post(&auth, &mut tx, &post).await.unwrap();
        tx.commit().await.unwrap();
        drop(auth.router());
        tokio::task::spawn_blocking(move || silent.accept().map(|(stream, _)| (silent, stream)))
            .await
            .unwrap()
            .unwrap();
        let gone = auth.downgrade();
        drop(auth);
        // A task that waits for the database keeps the accounts open for a moment.
        while gone.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    }
}
