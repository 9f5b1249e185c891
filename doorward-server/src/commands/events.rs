//! `doorward events`: lists the events of accounts.

use std::{
    io::{BufWriter, Write, stdout},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow};
use clap::Args;
use doorward::{
    Auth, Timestamp, UserId,
    event::{Event, EventKind},
};

use super::accounts::{explained, with_accounts};
use crate::config::ServerConfig;

/// The number of events that are read at once.
const PAGE: u32 = 1000;

#[derive(Args, Debug)]
pub(crate) struct Filter {
    /// Only events of this user; name a deleted user by the id
    #[arg(long, value_name = "EMAIL_OR_ID")]
    user: Option<String>,
    /// Only events of this kind, such as `log_in_failed`
    #[arg(long)]
    kind: Option<EventKind>,
    /// Only events since this moment: 2026-11-21T08:30:00Z, 2026-11-21 (in UTC), or 24h for the last 24 hours
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// The most events to list
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: u64,
    /// One JSON object per line instead of a table
    #[arg(long)]
    json: bool,
}

/// Lists events, newest first.
pub(crate) fn run(config: &ServerConfig, filter: &Filter) -> Result<()> {
    with_accounts(config, async |auth| {
        let mut output = BufWriter::new(stdout().lock());
        list(auth, filter, &mut output).await?;
        Ok(output.flush()?)
    })
}

async fn list(auth: &Auth, filter: &Filter, output: &mut impl Write) -> Result<()> {
    let mut events = auth.events();
    if let Some(typed) = &filter.user {
        events = events.of_user(find_id(auth, typed).await?);
    }
    if let Some(kind) = filter.kind {
        events = events.of_kind(kind);
    }
    if let Some(moment) = filter.since {
        events = events.since(moment);
    }
    if !filter.json {
        writeln!(
            output,
            "{:20}  {:24}  {:16}  {:8}  {:15}  DETAIL",
            "TIME", "KIND", "USER", "ACTOR", "FROM"
        )?;
    }
    let mut left = filter.limit;
    while left > 0 {
        let page =
            events.next_page(PAGE.min(u32::try_from(left).unwrap_or(PAGE))).await.map_err(explained)?;
        for event in &page {
            writeln!(
                output,
                "{}",
                if filter.json { in_ascii(&serde_json::to_string(event)?) } else { line(event) }
            )?;
        }
        if page.is_empty() {
            break;
        }
        left -= page.len() as u64;
    }
    Ok(())
}

/// Finds the id of a user. A typed id need not exist any more.
async fn find_id(auth: &Auth, typed: &str) -> Result<UserId> {
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let user = auth.find_user(typed).await.map_err(explained)?;
    Ok(user.ok_or_else(|| anyhow!("there is no user {typed}; name a deleted user by the id"))?.id)
}

fn line(event: &Event) -> String {
    let user = event.user_id.map_or_else(|| "-".into(), |id| id.to_string());
    let from = event.ip.as_deref().unwrap_or("-").escape_debug().to_string();
    let detail: Vec<_> =
        event.detail.iter().map(|(name, value)| format!("{name}={}", value.escape_debug())).collect();
    let line = format!(
        "{:20}  {:24}  {user:16}  {:8}  {from:15}  {}",
        event.at.to_string(),
        event.kind,
        event.actor.as_str(),
        detail.join(" ")
    );
    line.trim_end().to_owned()
}

/// Escapes everything but visible ASCII in JSON, so that no text from outside can colour a terminal or change the
/// direction of writing.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            ' '..='~' => ascii.push(character),
            // The character is inside a string: the rest of JSON is ASCII.
            _ => {
                character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| ascii += &format!("\\u{unit:04x}"))
            }
        }
    }
    ascii
}

/// Reads a moment as people type it.
fn moment(typed: &str) -> Result<Timestamp, String> {
    if let Ok(ago) = humantime::parse_duration(typed) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        return Ok(Timestamp::from_second(now.saturating_sub(ago).as_secs().try_into().unwrap_or(i64::MAX)));
    }
    let day = format!("{typed}T00:00:00Z");
    typed.parse().or_else(|_| day.parse()).map_err(|_| "expected a moment such as 2026-11-21T08:30:00Z, a day such as 2026-11-21, or how long ago such as 24h".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_them() {
        let second = |typed| moment(typed).unwrap().as_second();
        assert_eq!(second("1970-01-01T01:00:00+00:30"), 1800);
        assert_eq!(second("1970-01-02"), 86400);
        assert_eq!(second("1000000h"), 0);
        assert!(second("24h") < second("23h") && second("1d") + 86400 <= second("0s"));
        for wrong in ["", "yesterday", "24", "2026-13-01", "-1h"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn other_characters_than_ascii_are_escaped() {
        assert_eq!(
            in_ascii("{\"a\":\"\u{202e}\u{7f}\u{1f600}\\n\"}"),
            r#"{"a":"\u202e\u007f\ud83d\ude00\n"}"#
        );
    }
}
