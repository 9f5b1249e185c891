//! A mail to be sent: which letter, to whom, and in which language.

use crate::{
    base::{email::Email, text::language::Language},
    model::{
        client::Client,
        letter::{Details, Letter},
        user::UserId,
    },
};

/// A mail to be sent.
pub(crate) struct Post {
    pub(crate) letter: Letter,
    pub(crate) to: To,
    pub(crate) language: Language,
    pub(crate) details: Details,
    /// When that came about which it tells of, if that is not simply now.
    pub(crate) of: Option<i64>,
}

impl Post {
    /// A letter that comes of a request, and says where that came from.
    pub(crate) fn of(letter: Letter, to: To, client: &Client) -> Self {
        let (ip, user_agent) = (client.ip.map(|ip| ip.to_string()), client.user_agent.clone());
        let details = Details { ip, user_agent, ..Details::default() };
        Self { letter, to, language: client.language, details, of: None }
    }
}

/// Whom a mail goes to.
pub(crate) enum To {
    /// A user, at the address they have when it is sent.
    User(UserId),
    /// Whoever has this address, at the address as they wrote it. Nobody may: then nothing is sent, and nobody who
    /// asked for the mail can tell.
    Owner(Email),
    /// This address, on behalf of a user who has another one, or is gone.
    Address(UserId, Email),
}
