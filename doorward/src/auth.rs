//! [`Auth`], the one handle a request carries.

use std::{
    ops::Deref,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    background::Background,
    config::Config,
    db::Db,
    error::Error,
    hashing::Hashing,
    known::{self, Memory},
    listeners::Listeners,
    mail::Mail,
    open_error::OpenError,
    outbox::Outbox,
    policy::Policy,
    proxies::Proxies,
    seen::Seen,
    sender, session,
    site::Site,
    template::Templates,
    under_way::UnderWay,
};

/// The accounts of an application: its database, its settings and its clock. Cheap to clone.
///
/// ```no_run
/// # use axum::{Router, extract::FromRef, routing::get};
/// # use doorward::{Auth, CurrentUser};
/// # async fn example() -> Result<(), doorward::OpenError> {
/// let auth = Auth::open("sqlite:app.db").await?;
/// let app: Router = Router::new()
///     .route("/hello", get(|CurrentUser(user): CurrentUser| async move { user.email }))
///     .with_state(auth.clone())
///     .nest("/auth", auth.router());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Auth(Arc<Inner>);

/// What the clones of a handle share.
#[doc(hidden)]
pub struct Inner {
    pub(crate) db: Db,
    pub(crate) config: Config,
    pub(crate) site: Site,
    pub(crate) proxies: Proxies,
    pub(crate) under_way: UnderWay,
    pub(crate) hashing: Hashing,
    pub(crate) policy: Policy,
    pub(crate) seen: Seen,
    pub(crate) sessions: Memory,
    pub(crate) listeners: Listeners,
    pub(crate) templates: Templates,
    pub(crate) mail: Arc<Mail>,
    pub(crate) outbox: Outbox,
    pub(crate) background: Background,
    database: String,
    draining: AtomicBool,
    skew: AtomicI64,
    /// The second at which a test stopped the clock, or 0.
    stopped_at: AtomicI64,
}

impl Deref for Auth {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("database", &self.database).finish_non_exhaustive()
    }
}

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
        let templates = Templates::start(&config)?;
        let mail = Arc::new(Mail::of(&config, &site)?);
        let hashing = Hashing::start(&config.password)?;
        let (db, _) = Db::open(url, clock().as_secs() as i64).await?;
        Ok(Self(Arc::new(Inner {
            db,
            config,
            site,
            proxies,
            under_way: UnderWay::default(),
            hashing,
            policy,
            seen: Seen::default(),
            sessions: Memory::new(known::ROOM),
            listeners: Listeners::default(),
            templates,
            mail,
            outbox: Outbox::default(),
            background: Background::new(),
            database: Db::describe(url)?,
            draining: AtomicBool::new(false),
            skew: AtomicI64::new(0),
            stopped_at: AtomicI64::new(0),
        })))
    }

    /// Brings the schema of the database at `url` up to date and names the migrations that this took.
    ///
    /// # Errors
    /// As [`Auth::open`].
    pub async fn migrate(url: &str) -> Result<Vec<String>, OpenError> {
        let (db, migrated) = Db::open(url, clock().as_secs() as i64).await?;
        db.close().await;
        Ok(migrated.into_iter().map(str::to_owned).collect())
    }

    /// The database as people may see it: the URL without password and parameters.
    #[must_use]
    pub fn database(&self) -> String {
        self.database.clone()
    }

    /// # Errors
    /// [`Error::MailNotConfigured`] if this server sends no mail.
    pub(crate) fn require_mail(&self) -> Result<(), Error> {
        if self.mail.works() { Ok(()) } else { Err(Error::MailNotConfigured) }
    }

    /// Lets `GET /readyz` answer 503 from now on, so that a load balancer sends no more requests.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Ends what goes on in the background, and waits until all that was begun is durable. To be called when no more
    /// requests come. A mail that its server does not take within seconds is sent later by another node, or after the
    /// next start.
    pub async fn close(&self) {
        if let Err(error) = session::write_seen(self).await {
            tracing::debug!(cause = %error, "the use of sessions was not noted");
        }
        self.background.end().await;
        self.db.close().await;
    }

    /// A handle that does not keep the accounts open.
    pub(crate) fn downgrade(&self) -> WeakAuth {
        WeakAuth(Arc::downgrade(&self.0))
    }

    /// Lets nothing go on in the background, for tests that do it step by step. To be called before [`Auth::router`].
    #[doc(hidden)]
    pub fn hold_background(&self) {
        self.background.hold();
    }

    /// Sends the mails that are due, and waits for that, for tests.
    #[doc(hidden)]
    pub async fn send_mails(&self) {
        sender::round(self).await;
    }

    /// The moment it is, in unix seconds.
    pub(crate) fn now(&self) -> i64 {
        let second = match self.stopped_at.load(Ordering::Relaxed) {
            0 => clock().as_secs() as i64,
            stopped_at => stopped_at,
        };
        second + self.skew.load(Ordering::Relaxed)
    }

    /// The moment it is, in unix milliseconds.
    pub(crate) fn now_millis(&self) -> i64 {
        clock().as_millis() as i64 + self.skew.load(Ordering::Relaxed) * 1000
    }

    /// Lets the seconds of this handle and its clones stand still but for [`Auth::advance`], for tests. Numbers that sort
    /// by time go on by the milliseconds.
    #[doc(hidden)]
    pub fn stop_clock(&self) {
        self.stopped_at.store(clock().as_secs() as i64, Ordering::Relaxed);
    }

    /// Moves the clock of this handle and its clones, for tests.
    #[doc(hidden)]
    pub fn advance(&self, by: Duration) {
        self.skew.fetch_add(by.as_secs() as i64, Ordering::Relaxed);
    }

    /// Moves the clock back, for tests.
    #[doc(hidden)]
    pub fn go_back(&self, by: Duration) {
        self.skew.fetch_sub(by.as_secs() as i64, Ordering::Relaxed);
    }
}

/// A handle for what goes on without a request: the accounts may be gone when it looks for them.
pub(crate) struct WeakAuth(Weak<Inner>);

impl WeakAuth {
    pub(crate) fn upgrade(&self) -> Option<Auth> {
        self.0.upgrade().map(Auth)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn clock() -> Duration {
    // Before 1970 only on a machine whose clock was never set.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
