//! Opening the accounts, the tasks that go on in the background, and closing.

use std::sync::{Arc, atomic::AtomicBool};

use crate::{
    accounts::{
        chores, credential,
        mail::{letter, sender},
        session,
    },
    auth::{
        Auth, Inner,
        clock::{self, Clock},
        listeners::Listeners,
        memory::{self, Memory},
        queue::Queue,
        seen::Seen,
        tasks::Tasks,
        under_way::UnderWay,
    },
    base::{
        config::Config,
        db::Db,
        http::proxies::Proxies,
        mail::transport::Mail,
        open_error::OpenError,
        passwords::{hashing::Hashing, policy::rules::Policy},
        site::Site,
        text::{
            template::{BuiltIn, Templates},
            texts::Texts,
        },
    },
    features::FEATURES,
    web::pages::{error, page},
};

impl Auth {
    /// Opens the accounts in the database at `url` with the default [`Config`], and brings its schema up to date.
    ///
    /// `sqlite:FILE` names a file, which is made if it is missing (readable for its owner alone); its folder must
    /// exist. `postgres://USER:PASSWORD@HOST/DATABASE` names a database on a server; TLS is used unless the host is
    /// this machine, `?sslmode=disable` turns it off and `?sslrootcert=FILE` names a certificate authority. Several
    /// hosts, `HOST1,HOST2`, are tried until one takes writes.
    ///
    /// # Errors
    /// One clear line: a URL that cannot be read, a file that cannot be written, a server that cannot be reached or
    /// refuses the password, a schema that a newer version made.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_with(url, Config::default()).await
    }

    /// Opens the accounts in the database at `url`, see [`Auth::open`], with settings.
    ///
    /// # Errors
    /// As [`Auth::open`], and for settings that are not safe or make no sense, and for a file of breached passwords or
    /// a template that cannot be read.
    pub async fn open_with(url: &str, config: Config) -> Result<Self, OpenError> {
        config.check()?;
        let site = Site::of(&config)?;
        let proxies = Proxies::of(&config)?;
        let policy = Policy::start(&config)?;
        let texts = Arc::new(Texts::of(FEATURES.iter().map(|feature| feature.texts)));
        let templates = Templates::start(&config, &texts, templates())?;
        let mail = Arc::new(Mail::of(&config, &site)?);
        let hashing = Hashing::start(&config.password)?;
        let (db, _) = Db::open(url, clock::unix_time().as_secs() as i64).await?;
        Ok(Self::new(Inner {
            db,
            config,
            site,
            proxies,
            hashing,
            policy,
            texts,
            templates,
            letters: FEATURES.iter().flat_map(|feature| feature.letters).copied().collect(),
            mail,
            clock: Clock::default(),
            sessions: Memory::new(memory::ROOM),
            seen: Seen::default(),
            under_way: UnderWay::default(),
            listeners: Listeners::default(),
            queue: Queue::default(),
            tasks: Tasks::new(),
            database: Db::describe(url)?,
            draining: AtomicBool::new(false),
        }))
    }

    /// Brings the schema of the database at `url` up to date and names the migrations that this took.
    ///
    /// # Errors
    /// As [`Auth::open`].
    pub async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
        let (db, migrated) = Db::open(url, clock::unix_time().as_secs() as i64).await?;
        db.close().await;
        Ok(migrated.into_iter().map(str::to_owned).collect())
    }

    /// Ends the background tasks, and waits until everything that was begun is durable. Call it when no more requests
    /// come. If the mail server does not take a mail within seconds, another node sends it later, or this one after its
    /// next start.
    pub async fn close(&self) {
        if let Err(error) = session::write_seen(self).await {
            tracing::debug!(cause = %error, "the use of sessions was not noted");
        }
        self.tasks().end().await;
        self.db().close().await;
    }
}

/// Every template that is compiled in.
pub(crate) fn templates() -> impl Iterator<Item = BuiltIn> {
    let of_features = FEATURES.iter().flat_map(|feature| feature.templates).copied();
    page::TEMPLATES.into_iter().chain([error::TEMPLATE]).chain(letter::TEMPLATES).chain(of_features)
}

/// Begins the background tasks, once. None of them keeps the accounts open.
pub(crate) fn begin(auth: &Auth) {
    let tasks = auth.tasks();
    if tasks.begin() {
        return;
    }
    // From now on sessions are remembered.
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
        // The system accepts connections on its behalf; nobody ever says a word.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let password =
            PasswordConfig { hashing_threads: 1, memory_kib: 64, iterations: 1, ..PasswordConfig::default() };
        let config = Config {
            smtp_url: Some(format!("smtp://{}", silent.local_addr().unwrap()).into()),
            mail_from: Some("no-reply@example.org".into()),
            password,
            ..Config::default()
        };
        let url = format!("sqlite:{}", folder.path().join("background.db").display());
        let auth = Auth::open_with(&url, config).await.unwrap();
        let to = To::Address(UserId(1), Email::parse("ann@example.org").unwrap());
        let letter = Letter::ACCOUNT_DELETED;
        let (language, details) = (Language::English, Details::default());
        let post = Post { letter, to, language, details, of: None };
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
        // A task that is asking the database holds the accounts for a moment.
        while gone.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    }
}
