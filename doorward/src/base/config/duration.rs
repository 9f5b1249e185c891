//! Durations as people write them: `15m`, `24h`, `30d`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    let seconds = duration.as_secs();
    match (seconds % 3600, seconds % 60, duration.subsec_nanos()) {
        (0, _, 0) if seconds > 86_400 && seconds.is_multiple_of(86_400) => {
            serializer.collect_str(&format_args!("{}d", seconds / 86_400))
        }
        (0, _, 0) if seconds > 0 => serializer.collect_str(&format_args!("{}h", seconds / 3600)),
        (_, 0, 0) if seconds > 0 => serializer.collect_str(&format_args!("{}m", seconds / 60)),
        (_, _, 0) => serializer.collect_str(&format_args!("{seconds}s")),
        _ => serializer.collect_str(&humantime::format_duration(*duration)),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map_err(|_| {
        D::Error::custom(format!("expected a duration such as \"15m\" or \"24h\", not {text:?}"))
    })
}
