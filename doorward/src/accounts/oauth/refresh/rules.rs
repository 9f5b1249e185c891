//! Decides what a refresh token that is shown is worth.
//!
//! Honest clients show a token again: an answer is lost, several tabs wake at once, or a server cannot store what it got.
//! A thief shows a copy. A token one step behind can be either. So it is answered as before, until the successor has
//! been in use for a minute. Then the one who holds the successor surely is not the one who shows the old token.

use crate::base::config::RefreshReuse;

/// The seconds for which a token works again after its successor was exchanged. Slow tabs need that.
pub(in crate::accounts::oauth) const WINDOW: i64 = 60;

/// What is known of a token. Times are those in its row, so clocks of nodes that differ move a window by no more than
/// that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) exchanged_at: Option<i64>,
    pub(super) successor_exchanged_at: Option<i64>,
    /// The salt is there, so the token leads to its successor.
    pub(super) leads_on: bool,
}

/// What a token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was never exchanged. It gets a successor.
    Exchange,
    /// It gets the same answer again: the newest token that it leads to.
    Again {
        /// The first exchange is more than a minute ago.
        late: bool,
    },
    /// It gets another successor. The first one counts as used.
    Replace,
    /// Somebody else has a copy.
    Reused,
}

/// Judges a token.
pub(super) fn judge(state: State, now: i64, reuse: RefreshReuse) -> Verdict {
    let Some(exchanged_at) = state.exchanged_at else { return Verdict::Exchange };
    if !state.leads_on || state.successor_exchanged_at.is_some_and(|at| now >= at + WINDOW) {
        return Verdict::Reused;
    }
    let late = now >= exchanged_at + WINDOW;
    match (reuse, state.successor_exchanged_at) {
        (RefreshReuse::Strict, None) if late => Verdict::Replace,
        (RefreshReuse::Strict, Some(_)) if late => Verdict::Reused,
        _ => Verdict::Again { late },
    }
}

#[cfg(test)]
mod tests {
    use super::{RefreshReuse::*, Verdict::*, *};

    fn state(exchanged_at: Option<i64>, successor_exchanged_at: Option<i64>) -> State {
        State { exchanged_at, successor_exchanged_at, leads_on: exchanged_at.is_some() }
    }

    #[test]
    fn a_token_that_was_never_exchanged_is_exchanged() {
        for reuse in [Tolerant, Strict] {
            assert_eq!(judge(state(None, None), 1_000_000, reuse), Exchange);
        }
    }

    #[test]
    fn a_token_works_again_until_its_successor_has_been_in_use_for_a_minute() {
        let of = |now, successor| judge(state(Some(1000), successor), now, Tolerant);
        assert_eq!(of(1000, None), Again { late: false });
        assert_eq!(of(1059, None), Again { late: false });
        assert_eq!(of(1060, None), Again { late: true });
        assert_eq!(of(1_000_000, None), Again { late: true }, "a lost answer may be repeated after days");
        assert_eq!(of(5059, Some(5000)), Again { late: true });
        assert_eq!(of(5060, Some(5000)), Reused);
        assert_eq!(of(4998, Some(5000)), Again { late: true }, "the clock of another node is ahead");
    }

    #[test]
    fn a_token_without_a_salt_leads_nowhere() {
        for reuse in [Tolerant, Strict] {
            let erased = State { leads_on: false, ..state(Some(1000), None) };
            assert_eq!(judge(erased, 1001, reuse), Reused);
        }
    }

    #[test]
    fn a_strict_server_replaces_the_successor_after_a_minute() {
        let of = |now, successor| judge(state(Some(1000), successor), now, Strict);
        assert_eq!(of(1059, None), Again { late: false });
        assert_eq!(of(1059, Some(1030)), Again { late: false });
        assert_eq!(of(1060, None), Replace);
        assert_eq!(of(1060, Some(1030)), Reused, "the successor is in use already");
    }
}
