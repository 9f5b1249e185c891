//! Passwords from a data breach are refused.

use std::{fs::File, path::Path};

use axum::http::StatusCode;
use doorward::{breached, config::PasswordConfig};
use sha1::{Digest, Sha1};

use super::rules::{assert_all_refuse, config_with, offer};
use crate::app::{ANN, App};

/// Makes a file of breached passwords from these.
fn breached_file(folder: &Path, passwords: &[&str]) -> std::path::PathBuf {
    let (list, file) = (folder.join("list.txt"), folder.join("breached.bin"));
    let lines = passwords.iter().map(|password| {
        let digits: String = Sha1::digest(password).iter().map(|byte| format!("{byte:02X}")).collect();
        format!("{digits}:17\r\n")
    });
    std::fs::write(&list, lines.collect::<String>()).unwrap();
    breached::build(&list, &file, |_, _, _| {}).unwrap();
    file
}

#[tokio::test]
async fn breached_passwords_are_refused_on_every_path() {
    let folder = tempfile::tempdir().unwrap();
    let leaked = ["a violet kettle", "gr\u{fc}n ist die heide", "\u{1f600}\u{1f602}\u{1f604}\u{1f606} now"];
    let file = breached_file(folder.path(), &leaked);
    let app = App::with(config_with(PasswordConfig {
        breached_file: Some(file.clone()),
        ..PasswordConfig::default()
    }))
    .await;
    app.register(ANN).await;
    for password in leaked {
        assert_all_refuse(offer(&app, password).await, "has been in a data breach", password);
    }
    // The accent may be typed in two ways.
    assert_all_refuse(
        offer(&app, "gru\u{308}n ist die heide").await,
        "has been in a data breach",
        "gru\u{308}n",
    );
    assert_eq!(offer(&app, "A violet kettle").await, [const { Ok(()) }; 4]);

    // If the file becomes unreadable later, new passwords are accepted.
    File::options().write(true).open(&file).unwrap().set_len(40).unwrap();
    assert_eq!(app.anonymous().register("dora@example.org", leaked[0]).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_damaged_breached_file_is_refused_at_the_start() {
    let app = App::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = breached_file(folder.path(), &["a violet kettle"]);
    let good = std::fs::read(&file).unwrap();
    let opened = async |contents: Option<Vec<u8>>| {
        match contents {
            Some(contents) => std::fs::write(&file, contents).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let password = PasswordConfig { breached_file: Some(file.clone()), ..PasswordConfig::default() };
        crate::app::opened(&app.database, config_with(password))
            .await
            .map(drop)
            .map_err(|error| error.to_string())
    };
    opened(Some(good.clone())).await.unwrap();
    let changed = |at: usize| {
        let mut contents = good.clone();
        contents[at] ^= 4;
        Some(contents)
    };
    for (contents, told) in [
        (changed(0), "not made by `doorward breached build`"),
        (Some(b"0123456789012345678901234567890123456789:1\n".to_vec()), "not made by"),
        (changed(8), "of another version"),
        (changed(17), "damaged"),
        (changed(33), "damaged"),
        (changed(50), "damaged"),
        (Some(good[..good.len() - 1].to_vec()), "cut off"),
        (Some(good[..20].to_vec()), "cut off"),
        (Some(Vec::new()), "cut off"),
        (Some([&good[..], b"x"].concat()), "damaged"),
        (None, "No such file"),
    ] {
        let error = opened(contents).await.unwrap_err();
        let file = "bad configuration: password.breached_file: ";
        assert!(error.starts_with(file) && error.contains(told), "{told}: {error}");
        assert!(!error.contains('\n'));
    }
}

#[test]
fn a_change_anywhere_in_a_breached_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = breached_file(folder.path(), &["a violet kettle", "and another"]);
    breached::check(&file).unwrap();
    let good = std::fs::read(&file).unwrap();
    for at in (0..good.len()).step_by(13).chain(good.len() - 60..good.len()) {
        let mut contents = good.clone();
        contents[at] ^= 0x10;
        std::fs::write(&file, contents).unwrap();
        assert!(breached::check(&file).is_err(), "byte {at}");
    }
}
