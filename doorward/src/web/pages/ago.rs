//! The time since a moment, in words.

use crate::base::{text::texts::Words, time::Timestamp};

/// Writes the time since a moment in the largest unit that fits: "2 minutes ago". After 30 days, writes the day.
pub(crate) fn ago(words: &Words, now: Timestamp, moment: Timestamp) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let passed = now.as_second() - moment.as_second();
    let count = |key, unit: i64| words.text(key, &[("count", (passed / unit).into())]);
    match passed {
        // The moment may be in the future: the clocks of two nodes differ.
        ..MINUTE => words.text("ago-now", &[]),
        MINUTE..HOUR => count("ago-minutes", MINUTE),
        HOUR..DAY => count("ago-hours", HOUR),
        _ if passed < 30 * DAY => count("ago-days", DAY),
        _ => words.date(moment),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::text::{language::Language, texts::Texts};

    #[test]
    fn the_time_that_passed_is_counted_in_the_largest_unit() {
        let ago = |language: Language, seconds: i64| {
            let words = Words::of(&Arc::new(Texts::of([])), language);
            super::ago(&words, Timestamp(1_772_323_200), Timestamp(1_772_323_200 - seconds))
        };
        for (seconds, english) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (119, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (30 * 86_400 - 1, "29 days ago"),
            (30 * 86_400, "30 January 2026"),
        ] {
            assert_eq!(ago(Language::English, seconds), english);
        }
        assert_eq!(ago(Language::German, 172_800), "vor 2 Tagen");
        // In French, zero and one are singular, in Chinese there is one form.
        assert_eq!(ago(Language::French, 60), "il y a 1 minute");
        assert_eq!(ago(Language::Spanish, 7200), "hace 2 horas");
        assert_eq!(ago(Language::Chinese, 120), "2 分钟前");
    }
}
