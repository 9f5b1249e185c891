//! The purpose of a secret that works once.

use crate::base::secret::Kind;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3600;

/// The seconds for which a code works. A code is short, and people type it while they wait for it. OWASP's ASVS 5.0
/// (requirement 6.5.5) allows ten minutes.
pub(crate) const CODE_LIFETIME: i64 = 10 * MINUTE;

/// The purpose of a secret that works once. Two purposes are equal if their names are equal.
///
/// The purposes here are known to several features. A purpose of a single feature is defined in its folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purpose {
    /// The name in the database, in events, and in the counters of mails.
    pub(crate) name: &'static str,
    /// The prefix of its tokens.
    pub(crate) kind: Kind,
    /// The seconds for which its link works, from the moment when it is sent.
    pub(crate) lifetime: i64,
    /// The mail also holds a code.
    pub(crate) code: bool,
}

impl Purpose {
    /// Proves that mail to the address of an account reaches its owner.
    pub(crate) const VERIFY_EMAIL: Self =
        Self { name: "verify_email", kind: Kind("dw_v_"), lifetime: DAY, code: true };
    /// Chooses a new password.
    pub(crate) const RESET_PASSWORD: Self =
        Self { name: "reset_password", kind: Kind("dw_r_"), lifetime: 30 * MINUTE, code: true };
    /// Proves that mail to a new address reaches the owner of an account. The account then gets this address.
    pub(crate) const CHANGE_EMAIL: Self =
        Self { name: "change_email", kind: Kind("dw_c_"), lifetime: DAY, code: true };
    /// Allows one attempt to log in, while strangers keep the account blocked. It has no code: the person types a
    /// password with it.
    pub(crate) const LOGIN_ATTEMPT: Self =
        Self { name: "login_attempt", kind: Kind("dw_b_"), lifetime: 30 * MINUTE, code: false };
    /// Logs in, in the browser that asked for the mail.
    pub(crate) const LOG_IN: Self =
        Self { name: "log_in", kind: Kind("dw_l_"), lifetime: 15 * MINUTE, code: true };
    /// Undoes a change of address. It is sent to the former address. It has no code: a code that works for a week would
    /// have to be longer than people like to type.
    pub(crate) const UNDO_EMAIL_CHANGE: Self =
        Self { name: "undo_email_change", kind: Kind("dw_u_"), lifetime: 7 * DAY, code: false };
}

impl PartialEq for Purpose {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
