//! [`Auth`], the one handle to the accounts. Every request gets a clone of it.

use std::sync::{
    Arc, Weak,
    atomic::{AtomicBool, Ordering},
};

#[cfg(feature = "totp")]
use doorward_passkey::RelyingParty;

#[cfg(feature = "provider")]
use crate::auth::provider::Provider;
use crate::{
    auth::{
        attempts::{Attempt, Attempts},
        clock::Clock,
        decision::Decision,
        listeners::Listeners,
        memory::Memory,
        queue::Queue,
        readiness::Readiness,
        seen::Seen,
        table_room::TableRoom,
        tasks::Tasks,
        under_way::UnderWay,
        waits::Waits,
    },
    base::{
        config::{Config, ProfileField},
        db::Db,
        error::Error,
        http::{input::Rules, proxies::Proxies, room::Room},
        mail::transport::Mail,
        passwords::{hashing::Hashing, policy::rules::Policy},
        site::Site,
        text::{
            language::Language,
            template::Templates,
            texts::{Texts, Words},
        },
    },
    model::letter::Letter,
};

/// The accounts of an application: the database, the settings and the background tasks. Keep it in the state of your
/// app.
///
/// A clone is cheap and shares all of this. [`Auth::open`] makes the first handle.
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

/// The state that the clones of a handle share.
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) config: Config,
    pub(crate) site: Site,
    /// The further fields of a user, as the settings declare them.
    pub(crate) profile: Arc<[ProfileField]>,
    pub(crate) proxies: Proxies,
    /// The room for bodies that are arriving.
    pub(crate) bodies: Arc<Room>,
    pub(crate) hashing: Hashing,
    pub(crate) policy: Policy,
    pub(crate) texts: Arc<Texts>,
    pub(crate) templates: Templates,
    /// Every kind of letter.
    pub(crate) letters: Vec<Letter>,
    pub(crate) mail: Arc<Mail>,
    pub(crate) clock: Clock,
    pub(crate) sessions: Memory,
    #[cfg(feature = "provider")]
    pub(crate) provider: Provider,
    /// The site that passkeys are made for. `None` if browsers make none for it.
    #[cfg(feature = "totp")]
    pub(crate) relying_party: Option<RelyingParty>,
    pub(crate) seen: Seen,
    pub(crate) waits: Waits,
    pub(crate) under_way: UnderWay,
    pub(crate) listeners: Listeners,
    pub(crate) attempts: Attempts,
    pub(crate) queue: Queue,
    pub(crate) readiness: Readiness,
    pub(crate) table_room: TableRoom,
    pub(crate) tasks: Tasks,
    /// The URL of the database without password and parameters.
    pub(crate) database: String,
    pub(crate) draining: AtomicBool,
    /// A value of a test, such as the folder of a temporary database. It is dropped after the database was closed.
    #[cfg(feature = "test-util")]
    pub(crate) _guard: Option<Box<dyn std::any::Any + Send + Sync>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("database", &self.database).finish_non_exhaustive()
    }
}

impl Auth {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Returns the URL of the database without password and parameters, for a log or an error text.
    #[must_use]
    pub fn database(&self) -> String {
        self.0.database.clone()
    }

    /// Sets a function that decides about each attempt to register, to log in, to have a mail sent, or to change the
    /// address of an account. It is called before the attempt costs anything, but after the limits for the client
    /// address.
    ///
    /// It may refuse, or ask for more, such as the answer to a CAPTCHA or an invite code. It may also change the
    /// address ([`Decision::with_email`]), and for a registration it may set what the client may not: roles,
    /// attributes, the display name and fields of the profile ([`Decision::with_roles`]). It gets further fields of the
    /// body if [`Config::attempt_fields`](crate::Config::attempt_fields) names them, and never a password.
    ///
    /// It has 5 seconds. If it takes longer, returns an error or panics, the attempt is answered with 503. It must
    /// treat all addresses alike, or it reveals who has an account. A second call replaces the first function. Captured
    /// values live as long as the `Auth`; a function that captures the `Auth` itself keeps it alive for ever.
    ///
    /// ```
    /// # use doorward::{Auth, attempt::Decision};
    /// # fn example(auth: &Auth) {
    /// auth.before_attempt(|attempt| async move {
    ///     match attempt.answer.as_deref() {
    ///         Some("42") => Decision::Allow,
    ///         _ => Decision::Challenge("What is six times seven?".into()),
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// Only some domains may register. A change of address is an attempt too, so nobody gets around it later:
    ///
    /// ```
    /// # use doorward::{Auth, attempt::{AttemptKind, Decision}};
    /// # fn example(auth: &Auth) {
    /// auth.before_attempt(|attempt| async move {
    ///     let asks = matches!(attempt.kind, AttemptKind::Register | AttemptKind::ChangeEmail);
    ///     if asks && !attempt.email.to_lowercase().ends_with("@example.org") {
    ///         return Decision::refuse("other_domain", "Use your address at example.org");
    ///     }
    ///     Decision::Allow
    /// });
    /// # }
    /// ```
    pub fn before_attempt<F, A, D>(&self, function: F)
    where
        F: Fn(Attempt) -> A + Send + Sync + 'static,
        A: Future<Output = D> + Send + 'static,
        D: Into<Decision>,
    {
        self.attempts().set(function);
    }

    /// Makes `GET /readyz` answer 503 from now on, so that a load balancer sends no more requests. All other routes
    /// work as before.
    pub fn start_draining(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// Returns the site that passkeys are made for.
    ///
    /// # Errors
    /// [`Error::PasskeysNotConfigured`].
    #[cfg(feature = "totp")]
    pub(crate) fn relying_party(&self) -> Result<&RelyingParty, Error> {
        self.0.relying_party.as_ref().ok_or(Error::PasskeysNotConfigured)
    }

    /// Returns `true` if users can have passkeys.
    #[cfg(feature = "pages")]
    pub(crate) fn has_passkeys(&self) -> bool {
        #[cfg(feature = "totp")]
        return self.0.relying_party.is_some();
        #[cfg(not(feature = "totp"))]
        false
    }

    /// Returns the texts in this language.
    pub(crate) fn words(&self, language: Language) -> Words {
        Words::of(&self.0.texts, language)
    }

    /// Returns every kind of letter.
    pub(crate) fn letters(&self) -> &[Letter] {
        &self.0.letters
    }

    /// Returns the kind of letter with this name.
    pub(crate) fn letter(&self, name: &str) -> Option<Letter> {
        self.letters().iter().copied().find(|letter| letter.name == name)
    }

    /// Returns `true` if `/docs` and `/openapi.json` are to be served.
    pub(crate) fn serves_docs(&self) -> bool {
        self.config().serves_docs(self.site().loopback)
    }

    /// Refuses a request that is about passwords.
    ///
    /// # Errors
    /// [`Error::PasswordLogInOff`] if the settings allow none.
    pub(crate) fn require_passwords(&self) -> Result<(), Error> {
        if self.config().password_login { Ok(()) } else { Err(Error::PasswordLogInOff) }
    }

    /// Refuses a request that needs a mail.
    ///
    /// # Errors
    /// [`Error::MailNotConfigured`] if this server sends no mail.
    pub(crate) fn require_mail(&self) -> Result<(), Error> {
        if self.mail().works() { Ok(()) } else { Err(Error::MailNotConfigured) }
    }

    /// Returns the time in unix seconds.
    pub(crate) fn now(&self) -> i64 {
        self.0.clock.now()
    }

    /// Returns the time in unix milliseconds.
    pub(crate) fn now_millis(&self) -> i64 {
        self.0.clock.now_millis()
    }

    /// Returns a handle that does not keep the accounts open.
    pub(crate) fn downgrade(&self) -> WeakAuth {
        WeakAuth(Arc::downgrade(&self.0))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    pub(crate) fn proxies(&self) -> &Proxies {
        &self.0.proxies
    }

    pub(crate) fn bodies(&self) -> &Arc<Room> {
        &self.0.bodies
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.0.policy
    }

    pub(crate) fn templates(&self) -> &Templates {
        &self.0.templates
    }

    pub(crate) fn mail(&self) -> &Arc<Mail> {
        &self.0.mail
    }

    pub(crate) fn sessions(&self) -> &Memory {
        &self.0.sessions
    }

    /// Returns `true` if the provider of OAuth 2.1 is on: there is a key to seal with, and there are pages to log in
    /// on.
    #[cfg(feature = "provider")]
    pub(crate) fn has_provider(&self) -> bool {
        self.provider().sealer.is_some() && self.config().pages
    }

    /// Returns `true` if there is a key to seal the secret of an authenticator app with.
    #[cfg(feature = "totp")]
    pub(crate) fn has_second_factor(&self) -> bool {
        self.provider().sealer.is_some()
    }

    #[cfg(all(feature = "pages", not(feature = "totp")))]
    pub(crate) fn has_second_factor(&self) -> bool {
        false
    }

    #[cfg(all(feature = "pages", not(feature = "provider")))]
    pub(crate) fn has_provider(&self) -> bool {
        false
    }

    /// Returns the state of the provider of OAuth 2.1.
    #[cfg(feature = "provider")]
    pub(crate) fn provider(&self) -> &Provider {
        &self.0.provider
    }

    pub(crate) fn seen(&self) -> &Seen {
        &self.0.seen
    }

    /// Returns the waits for the ends of sessions.
    pub(crate) fn waits(&self) -> &Waits {
        &self.0.waits
    }

    pub(crate) fn under_way(&self) -> &UnderWay {
        &self.0.under_way
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.0.listeners
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// Returns what this process knows of the room for failures.
    pub(crate) fn table_room(&self) -> &TableRoom {
        &self.0.table_room
    }

    pub(crate) fn tasks(&self) -> &Tasks {
        &self.0.tasks
    }

    #[cfg(feature = "test-util")]
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }
}

impl Rules for Auth {
    fn has_passwords(&self) -> bool {
        self.config().password_login
    }

    fn shortest_password(&self) -> usize {
        self.config().password.min_length.into()
    }

    fn attempt_fields(&self) -> &[String] {
        &self.config().attempt_fields
    }

    fn profile(&self) -> Arc<[ProfileField]> {
        self.0.profile.clone()
    }
}

/// A handle for background tasks. It does not keep the accounts open, so [`WeakAuth::upgrade`] may return `None`.
pub(crate) struct WeakAuth(Weak<Inner>);

impl WeakAuth {
    pub(crate) fn upgrade(&self) -> Option<Auth> {
        self.0.upgrade().map(Auth)
    }
}
