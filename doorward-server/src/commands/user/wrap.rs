//! `doorward user wrap`

use std::io::{Write as _, stdout};

use anyhow::Result;
use doorward::{Auth, import::WrappedBatch};

use crate::{
    commands::{
        accounts::{explained, with_accounts},
        progress,
    },
    config::ServerConfig,
};

/// Puts argon2id over the stored hashes that are quick to guess, or counts them.
pub(super) fn run(config: &ServerConfig, apply: bool) -> Result<()> {
    let (found, done) = with_accounts(config, async |auth| {
        let found = count(auth).await?;
        let weak = found.weak.values().sum();
        let done = if apply && weak > 0 { Some(wrap(auth, weak).await?) } else { None };
        Ok((found, done))
    })?;
    let mut output = stdout().lock();
    let weak: u64 = found.weak.values().sum();
    writeln!(output, "{:>9}  password hashes", found.looked_at)?;
    writeln!(output, "{weak:>9}  weak")?;
    for (scheme, count) in &found.weak {
        writeln!(output, "{count:>17}  {scheme}")?;
    }
    if found.unreadable > 0 {
        writeln!(output, "{:>9}  unreadable; nobody can log in with them", found.unreadable)?;
    }
    match done {
        Some(wrapped) => writeln!(output, "{wrapped:>9}  wrapped in argon2id")?,
        None if weak > 0 => writeln!(output, "nothing was changed; --apply wraps them in argon2id")?,
        None => writeln!(output, "there is nothing to do")?,
    }
    Ok(())
}

async fn count(auth: &Auth) -> Result<WrappedBatch> {
    let mut pass = auth.wrap_hashes();
    let mut sum = WrappedBatch::default();
    while let Some(step) = pass.next_batch().await.map_err(explained)? {
        sum.looked_at += step.looked_at;
        sum.unreadable += step.unreadable;
        for (scheme, count) in step.weak {
            *sum.weak.entry(scheme).or_default() += count;
        }
    }
    Ok(sum)
}

async fn wrap(auth: &Auth, weak: u64) -> Result<u64> {
    let bar = progress::of_work(weak);
    let mut pass = auth.wrap_hashes().apply();
    let mut wrapped = 0;
    while let Some(step) = pass.next_batch().await.map_err(explained)? {
        wrapped += step.wrapped;
        bar.set_position(wrapped);
    }
    bar.finish_and_clear();
    Ok(wrapped)
}
