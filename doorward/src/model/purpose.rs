//! The purpose of a secret that works once.

use crate::base::secret::Kind;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3600;

/// Seconds for which a code works. It is short, and people type it while they wait for it: OWASP's ASVS 5.0 (requirement
/// 6.5.5) gives it ten minutes.
pub(crate) const CODE_LIFETIME: i64 = 10 * MINUTE;

/// The purpose of a secret that works once. Two are equal if their names are.
///
/// A purpose that several features know stands here; one that a single feature knows stands in its folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose {
    /// As in the database, in events, and in the count of mails.
    pub(crate) name: &'static str,
    /// The prefix of its tokens.
    pub(crate) kind: Kind,
    /// Seconds for which its link works, from the moment it is sent.
    pub(crate) lifetime: i64,
    /// A code is sent beside the link.
    pub(crate) code: bool,
}

impl Purpose {
    /// Shows that mail to the address of an account reaches its owner.
    pub(crate) const VERIFY_EMAIL: Self =
        Self { name: "verify_email", kind: Kind("dw_v_"), lifetime: DAY, code: true };
    /// Chooses a new password.
    pub(crate) const RESET_PASSWORD: Self =
        Self { name: "reset_password", kind: Kind("dw_r_"), lifetime: 30 * MINUTE, code: true };
    /// Shows that mail to a new address reaches the owner of an account, which takes it then.
    pub(crate) const CHANGE_EMAIL: Self =
        Self { name: "change_email", kind: Kind("dw_c_"), lifetime: DAY, code: true };
    /// Takes back a change of address. It is sent to the former address. A code that works for a week would have to be
    /// longer than people like to type, so there is none.
    pub(crate) const UNDO_EMAIL_CHANGE: Self =
        Self { name: "undo_email_change", kind: Kind("dw_u_"), lifetime: 7 * DAY, code: false };
}

impl PartialEq for Purpose {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
