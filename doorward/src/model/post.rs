//! A mail that is to be sent: the letter, the recipient and the language.

use crate::{
    base::{email::Email, text::language::Language},
    model::{
        client::Client,
        letter::{Details, Letter},
        user::UserId,
    },
};

/// A mail that is to be sent.
pub(crate) struct Post {
    pub(crate) letter: Letter,
    pub(crate) to: To,
    pub(crate) language: Language,
    pub(crate) details: Details,
    /// The time of the event that the mail reports. `None` means now.
    pub(crate) happened_at: Option<i64>,
}

impl Post {
    /// Makes a mail that a request causes. It names the client address and the `User-Agent` of the request.
    pub(crate) fn of(letter: Letter, to: To, client: &Client) -> Self {
        let (ip, user_agent) = (client.ip.map(|ip| ip.to_string()), client.user_agent.clone());
        let details = Details { ip, user_agent, ..Details::default() };
        Self { letter, to, language: client.language, details, happened_at: None }
    }
}

/// The recipient of a mail.
pub(crate) enum To {
    /// A user. The mail goes to the address that they have when it is sent.
    User(UserId),
    /// The user with this address. The mail goes to the address as that user typed it. If no user has the address,
    /// nothing is sent, and the client that asked for the mail cannot tell.
    Owner(Email),
    /// This address. The user has another address, or is deleted.
    Address(UserId, Email),
}
