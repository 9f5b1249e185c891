use std::{
    fmt::{Debug, Write as _},
    pin::pin,
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    task::Poll,
};

use doorward_password::Scheme;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;
use crate::{Auth, Config, accounts::credential, model::client::Client};

const PASSWORD: &str = "correct horse battery";

fn password() -> Password {
    Password::claimed(PASSWORD).unwrap()
}

/// One thread that hashes cheaply, and a queue of `limit`.
fn config(limit: usize) -> PasswordConfig {
    let cheap =
        PasswordConfig { memory_kib: 64, iterations: 1, hashing_threads: 1, ..PasswordConfig::default() };
    PasswordConfig { hashing_queue: limit, ..cheap }
}

/// A job that occupies a thread until it is released.
struct Blocker {
    begun: Receiver<()>,
    /// Dropping this releases it.
    hold: Option<Sender<()>>,
}

impl Blocker {
    fn push(hashing: &Hashing) -> Self {
        let (tell, begun) = mpsc::channel();
        let (hold, held) = mpsc::channel::<()>();
        let job = move |_: Option<&mut Worker>| {
            let _ = tell.send(());
            let _ = held.recv();
        };
        hashing.queue.push(Caller::BACKGROUND, Box::new(job));
        Self { begun, hold: Some(hold) }
    }

    /// Waits until it occupies a thread.
    fn begun(&self) {
        self.begun.recv().unwrap();
    }

    fn let_go(&mut self) {
        self.hold = None;
    }
}

/// Runs `work` as far as it can go without waiting.
async fn go_on<T>(work: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
    std::future::poll_fn(|context| Poll::Ready(pin!(&mut *work).poll(context))).await
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let hashing = Hashing::start(&config(2)).unwrap();
    let mut running = Blocker::push(&hashing);
    running.begun();
    let mut waiting = [
        Box::pin(hashing.hash(Caller::BACKGROUND, password())),
        Box::pin(hashing.hash(Caller::BACKGROUND, password())),
    ];
    for hash in &mut waiting {
        assert!(go_on(hash).await.is_pending());
    }
    for _ in 0..100 {
        let mut refused = Box::pin(hashing.verify(Caller::BACKGROUND, password(), None));
        assert_eq!(go_on(&mut refused).await, Poll::Ready(Err(Error::Unavailable)));
    }
    running.let_go();
    for hash in waiting {
        assert!(hash.await.unwrap().starts_with("$argon2id$"));
    }
    assert_eq!(
        hashing.verify(Caller::BACKGROUND, password(), None).await.map(|compared| compared.verdict),
        Ok(Verdict::Wrong)
    );
}

#[tokio::test]
async fn a_job_whose_caller_is_gone_is_skipped() {
    let hashing = Hashing::start(&config(8)).unwrap();
    let mut running = Blocker::push(&hashing);
    running.begun();
    let (computed, tell) = (Arc::new(Mutex::new(false)), Arc::new(Mutex::new(false)));
    let (abandoned, awaited) = (Arc::clone(&computed), Arc::clone(&tell));
    let mut gone =
        Box::pin(hashing.run(Caller::BACKGROUND, "test", move |_| *abandoned.lock().unwrap() = true));
    assert!(go_on(&mut gone).await.is_pending());
    drop(gone);
    let mut stays =
        Box::pin(hashing.run(Caller::BACKGROUND, "test", move |_| *awaited.lock().unwrap() = true));
    assert!(go_on(&mut stays).await.is_pending());
    running.let_go();
    stays.await.unwrap();
    assert!(!*computed.lock().unwrap() && *tell.lock().unwrap());
}

#[tokio::test]
async fn a_log_in_succeeds_without_its_upgrade_while_the_queue_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("doorward.db").display());
    let auth = Auth::builder(&url)
        .config(Config { password: config(2), ..Config::default() })
        .hash_cost_for_tests(64, 1)
        .open()
        .await
        .unwrap();
    let old = PasswordContext::builder().bcrypt(4).build().unwrap().hash(PASSWORD).unwrap();
    auth.add_user_with_hash("ann@example.org", &old).await.unwrap();
    let stored = async || credential::hashes(&auth, 0, 2).await.unwrap().remove(0).hash;
    let client = Client::default();
    let log_in = || Box::pin(credential::use_password(&auth, "ann@example.org", password(), &client, None));

    let mut first = Blocker::push(auth.hashing());
    first.begun();
    let mut one = log_in();
    // The attempt is counted first.
    while auth.hashing().queue.is_empty() {
        assert!(go_on(&mut one).await.is_pending());
        tokio::task::yield_now().await;
    }
    // It waits behind the comparison: when it begins, the comparison is over.
    let second = Blocker::push(auth.hashing());
    first.let_go();
    second.begun();
    let others = [Blocker::push(auth.hashing()), Blocker::push(auth.hashing())];
    let (user, tx, _reserved) = one.await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((user.email.as_str(), stored().await), ("ann@example.org", old));

    drop(second);
    for other in others {
        other.begun();
    }
    let (_, tx, _reserved) = log_in().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(auth.hashing().identify(&stored().await).unwrap().scheme, Scheme::Argon2id);
}

#[tokio::test]
async fn a_comparison_says_whether_the_hash_is_outdated() {
    let hashing = Hashing::start(&config(8)).unwrap();
    let fresh = hashing.hash(Caller::BACKGROUND, password()).await.unwrap();
    let weaker = PasswordContext::builder().argon2id(32, 1, 1).build().unwrap().hash(PASSWORD).unwrap();
    let stronger = PasswordContext::builder().argon2id(128, 1, 1).build().unwrap().hash(PASSWORD).unwrap();
    let digest = "c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a";
    let wrapped = hashing.wrap(digest.into()).await.unwrap().unwrap();
    assert_eq!(hashing.wrap(fresh.clone()).await.unwrap(), None);
    for (stored, expected) in
        [(&fresh, Verdict::Right), (&stronger, Verdict::Right), (&weaker, Verdict::RightAndOutdated)]
    {
        assert_eq!(
            hashing
                .verify(Caller::BACKGROUND, password(), Some(stored.clone()))
                .await
                .map(|compared| compared.verdict),
            Ok(expected),
            "{stored}"
        );
        let wrong = Password::claimed("another").unwrap();
        assert_eq!(
            hashing
                .verify(Caller::BACKGROUND, wrong, Some(stored.clone()))
                .await
                .map(|compared| compared.verdict),
            Ok(Verdict::Wrong),
            "{stored}"
        );
    }
    // The SHA-256 of "correct horse battery staple".
    let staple = Password::claimed("correct horse battery staple").unwrap();
    assert_eq!(
        hashing.verify(Caller::BACKGROUND, staple, Some(wrapped)).await.map(|compared| compared.verdict),
        Ok(Verdict::RightAndOutdated)
    );
}

/// Records all log events of this thread.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut log = self.0.lock().unwrap();
        event.record(&mut Line(&mut log));
        log.push('\n');
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn the_log_shows_queue_and_time_but_no_password_or_hash() {
    let listener = Listener::default();
    let _listens = tracing::subscriber::set_default(listener.clone());
    let hashing = Hashing::start(&config(8)).unwrap();
    let mut running = Blocker::push(&hashing);
    running.begun();
    let mut first = Box::pin(hashing.hash(Caller::BACKGROUND, password()));
    assert!(go_on(&mut first).await.is_pending());
    let unreadable = Some("$argon2id$v=19$canary".to_owned());
    let mut second = Box::pin(hashing.verify(Caller::BACKGROUND, password(), unreadable));
    assert!(go_on(&mut second).await.is_pending());
    running.let_go();
    let hash = first.await.unwrap();
    assert_eq!(second.await.map(|compared| compared.verdict), Ok(Verdict::Wrong));

    let log = listener.0.lock().unwrap();
    let lines: Vec<_> = log.lines().collect();
    for (line, work, queue) in [(lines[0], "hash", 1), (lines[1], "verify", 2)] {
        assert!(line.contains(&format!("work=\"{work}\" queue={queue} waited_us=")), "{log}");
        assert!(line.contains(" took_us="), "{log}");
    }
    assert!(lines[2].contains("could not be verified"), "{log}");
    for secret in ["canary", PASSWORD, &hash] {
        assert!(!log.contains(secret), "{log}");
    }
}
