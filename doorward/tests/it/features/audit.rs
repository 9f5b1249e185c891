//! Reading events, and listening to them.

use std::{sync::mpsc, time::Duration};

use axum::http::StatusCode;
use doorward::{
    Config, Timestamp, UserId,
    event::{Event, EventKind},
};

use crate::{
    accounts::event::{all, fail},
    app::{ANN, App, PASSWORD, WRONG, config},
    mail::mailbox::with_mail,
};

#[tokio::test]
async fn events_are_read_newest_first_and_page_by_page() {
    let app = App::new().await;
    app.stop_clock();
    let mut moments = Vec::new();
    for name in ["a", "b", "c"] {
        moments.push(app.add_user(&format!("{name}@example.org"), PASSWORD).await.unwrap().created_at);
        for _ in 0..2 {
            fail(&app, &format!("{name}@example.org"), WRONG).await;
            app.advance(Duration::from_secs(60));
        }
    }
    let mut reading = app.events();
    let mut paged = Vec::new();
    loop {
        let page = reading.next_page(4).await.unwrap();
        assert!(page.len() == 4 || paged.len() + page.len() == 9, "{page:?}");
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert!(paged.is_sorted_by(|one, next| one.at >= next.at));
    paged.reverse();
    assert_eq!(paged, all(&app).await);

    let b = app.id_of("b@example.org").await;
    let of = |keep: fn(&Event, UserId, Timestamp) -> bool| -> Vec<Event> {
        paged.iter().rev().filter(|event| keep(event, b, moments[1])).cloned().collect()
    };
    let failed = EventKind::LogInFailed;
    let since = moments[1];
    for (mut reading, count, expected) in [
        (app.events().of_user(b), 3, of(|event, b, _| event.user_id == Some(b))),
        (app.events().of_kind(failed), 6, of(|event, _, _| event.kind == EventKind::LogInFailed)),
        (
            app.events().of_user(b).of_kind(failed),
            2,
            of(|event, b, _| event.user_id == Some(b) && event.kind == EventKind::LogInFailed),
        ),
        (app.events().since(since), 6, of(|event, _, since| event.at >= since)),
        (
            app.events().since(since).of_kind(failed),
            4,
            of(|event, _, since| event.at >= since && event.kind == EventKind::LogInFailed),
        ),
        (app.events().since(Timestamp::from_second(since.as_second() + 61)).of_user(b), 0, Vec::new()),
    ] {
        let read = reading.next_page(100).await.unwrap();
        assert_eq!((read.len(), &read), (count, &expected));
        assert!(reading.next_page(100).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_listener_hears_committed_events_in_order() {
    let app = App::new().await;
    let other = app.sibling(config()).await;
    let (hear, heard) = mpsc::channel();
    let second = hear.clone();
    app.on_event(move |live| hear.send(live.event.clone()).unwrap());
    app.on_event(move |live| {
        assert_ne!(live.event.kind, EventKind::Registered, "this listener panics");
        second.send(live.event.clone()).unwrap();
    });
    let mut ann = app.ann().await;
    app.register("bo@example.org").await;
    // Events of other nodes, and changes that were rolled back, are not heard.
    assert_eq!(ann.change_email("bo@example.org").await.code(), "email_exists");
    other.token(ANN).await;
    fail(&app, ANN, WRONG).await;
    assert_eq!(ann.log_out().await.status, StatusCode::NO_CONTENT);
    let mut events = all(&app).await;
    events.remove(3);
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    use EventKind as Kind;
    assert_eq!(
        kinds,
        [Kind::Registered, Kind::LoggedIn, Kind::Registered, Kind::LogInFailed, Kind::LoggedOut]
    );
    // The first listener hears all five events. The second panics at two of them.
    let mut told: Vec<Event> = (0..8).map(|_| heard.recv_timeout(Duration::from_secs(15)).unwrap()).collect();
    told.sort_by_key(|event| event.id);
    let mut expected: Vec<Event> = events
        .iter()
        .cloned()
        .chain(events.iter().filter(|event| event.kind != Kind::Registered).cloned())
        .collect();
    expected.sort_by_key(|event| event.id);
    assert_eq!(told, expected);
    assert!(heard.try_recv().is_err());
}

#[tokio::test]
async fn a_listener_gets_the_user_as_they_were() {
    let app = App::with(with_mail()).await;
    let (hear, heard) = mpsc::channel();
    let (let_go, wait) = mpsc::channel::<()>();
    app.on_event(move |live| {
        // By the time it looks, the user is gone.
        let _ = wait.recv();
        hear.send((live.event.kind, live.user.clone())).unwrap();
    });
    app.ann().await;
    let id = app.id_of(ANN).await;
    fail(&app, ANN, WRONG).await;
    fail(&app, "nobody@example.org", WRONG).await;
    app.verify(ANN).await;
    app.disable_user(id).await.unwrap();
    app.enable_user(id).await.unwrap();
    app.set_email(id, "ann@example.com").await.unwrap();
    app.delete_user(id).await.unwrap();
    drop(let_go);
    let mut told = Vec::new();
    while let Ok((kind, user)) = heard.recv_timeout(Duration::from_secs(if told.len() < 9 { 15 } else { 0 }))
    {
        let facts = user.map(|user| {
            assert_eq!(user.id, id);
            (user.email, user.email_verified_at.is_some(), user.disabled_at.is_some())
        });
        told.push((kind, facts));
    }
    use EventKind as Kind;
    let ann = |verified, disabled| Some((ANN.to_owned(), verified, disabled));
    let moved = || Some(("ann@example.com".to_owned(), false, false));
    assert_eq!(
        told,
        [
            (Kind::Registered, ann(false, false)),
            (Kind::LoggedIn, ann(false, false)),
            (Kind::LogInFailed, ann(false, false)),
            (Kind::LogInFailed, None),
            (Kind::EmailVerified, ann(true, false)),
            (Kind::UserDisabled, ann(true, true)),
            (Kind::UserEnabled, ann(true, false)),
            (Kind::EmailChanged, moved()),
            (Kind::UserDeleted, moved()),
        ]
    );
}

#[tokio::test]
async fn a_listener_can_read_the_event_it_hears() {
    let app = App::new().await;
    let auth = app.auth.clone();
    let runtime = tokio::runtime::Handle::current();
    let (hear, mut heard) = tokio::sync::mpsc::unbounded_channel();
    app.on_event(move |live| {
        let read = runtime.block_on(auth.events().next_page(1)).unwrap();
        hear.send((live.event.clone(), read)).unwrap();
    });
    for number in 0..5 {
        app.register(&format!("{number}@example.org")).await;
        let (event, read) = heard.recv().await.unwrap();
        assert_eq!(read, [event]);
    }
}

#[tokio::test]
async fn impossible_retention_is_refused() {
    for (retention, fits) in [(0, false), (3600, false), (86_400, true), (86_400 * 4000, false)] {
        let config = Config { failures_retention: Duration::from_secs(retention), ..config() };
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("app.db").display());
        assert_eq!(crate::app::opened(&url, config).await.is_ok(), fits, "{retention}");
    }
    for (retention, fits) in [(0, true), (3600, false), (86_400, true), (86_400 * 4000, false)] {
        let config = Config { events_retention: Duration::from_secs(retention), ..config() };
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("app.db").display());
        assert_eq!(crate::app::opened(&url, config).await.is_ok(), fits, "{retention}");
    }
}
