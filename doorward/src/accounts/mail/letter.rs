//! Writes letters in the language of the reader, as text and as HTML.
//!
//! The texts of a letter are in the folder of its feature, shared texts in `languages/`. The templates are in
//! `templates/mail/`, and an operator can replace them. Links begin with `pages_url` or `public_url`, never with an
//! address from a request, and lead to pages in the language of the letter.

use minijinja::{Value, context};

use crate::{
    accounts::{oauth::scopes, one_time::Minted},
    auth::Auth,
    base::{
        email::Email,
        error::Result,
        http::user_agent,
        mail::message::Message,
        text::{language::Language, template::BuiltIn, texts::Words},
        time::Timestamp,
    },
    model::{
        letter::{Details, Letter},
        purpose::CODE_LIFETIME,
    },
};

mod unlinked;

/// The templates of all letters.
pub(crate) const TEMPLATES: [BuiltIn; 2] = [
    ("mail/letter.html", include_str!("../../../templates/mail/letter.html")),
    ("mail/letter.txt", include_str!("../../../templates/mail/letter.txt")),
];

/// The most characters in a line of the text part (RFC 5322, section 2.1.1 asks for 78 at most).
const COLUMNS: usize = 72;

/// Writes a letter.
///
/// # Errors
/// [`Error::Internal`](crate::Error::Internal) if an operator's template fails.
pub(super) fn write(
    auth: &Auth,
    letter: Letter,
    language: Language,
    to: Email,
    minted: Option<&Minted>,
    details: &Details,
) -> Result<Message> {
    let words = auth.words(language);
    let name = letter.name.replace('_', "-");
    let new_email = details.new_email.as_deref().map(unlinked::apart).unwrap_or_default();
    let app = details.app.as_deref().map(unlinked::apart).unwrap_or_default();
    let reader = unlinked::own(&to.typed);
    let code = minted.filter(|_| letter.shows_code).and_then(|minted| minted.code.as_deref());
    let variables = [
        ("service", auth.config().service_name.as_str().into()),
        ("to", reader.as_str().into()),
        ("new", new_email.as_str().into()),
        ("app", app.as_str().into()),
        ("code", code.unwrap_or_default().into()),
    ];
    let text = |part: &str| words.text(&format!("mail-{name}-{part}"), &variables);
    // A letter that is sent again does not know the new address.
    let again = words.find(&format!("mail-{name}-again"), &variables);
    let intro = again.filter(|_| details.new_email.is_none()).unwrap_or_else(|| text("intro"));
    let base = &auth.site().pages;
    let link = letter.page.map(|page| match minted {
        Some(minted) => format!("{base}{page}?lang={}&token={}", language.tag(), minted.token),
        None => format!("{base}{page}?lang={}", language.tag()),
    });
    let forgot = letter.offers_reset.then(|| format!("{base}/forgot-password?lang={}", language.tag()));
    let subject = text("subject");
    let shown = context! {
        letter => letter.name,
        subject => &*subject,
        intro,
        note => text("note"),
        link => link.as_deref(),
        href => link.as_deref().map(href),
        button => link.is_some().then(|| text("button")),
        code,
        code_minutes => CODE_LIFETIME / 60,
        works => minted.map(|minted| works(&words, minted.lifetime)),
        forgot => forgot.as_deref(),
        forgot_href => forgot.as_deref().map(href),
        facts => facts(auth, &words, details),
        to => &*reader,
    };
    let html = auth.templates().render("mail/letter.html", language, shown.clone())?;
    let plain = wrap(&auth.templates().render("mail/letter.txt", language, shown)?);
    let secrets = minted.into_iter().flat_map(|minted| [Some(minted.token.clone()), minted.code.clone()]);
    let secrets = secrets.flatten().collect();
    Ok(Message { to, subject, text: plain, html, link, secrets, at: auth.now() })
}

/// Escapes a link for HTML. Templates would also write its slashes as entities, and spam filters take that for an
/// attempt to hide it. [`Site`](crate::base::site::Site) accepts no address with other characters that end an attribute
/// or begin a tag.
fn href(link: &str) -> Value {
    Value::from_safe_string(link.replace('&', "&amp;"))
}

/// Writes for how long a link works, in the largest unit that fits.
fn works(words: &Words, seconds: i64) -> String {
    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;
    let (key, unit) = match seconds {
        ..HOUR => ("mail-works-minutes", 60),
        HOUR..=DAY => ("mail-works-hours", HOUR),
        _ => ("mail-works-days", DAY),
    };
    words.text(key, &[("count", (seconds / unit).max(1).into())])
}

/// Returns the known facts of the event as labels and values: the app and what it may do, the time, the device and the
/// client address, and those of an earlier use.
fn facts(auth: &Auth, words: &Words, details: &Details) -> Vec<Value> {
    let allowed = details.scopes.as_deref().map(|scopes| {
        let named = scopes.split_whitespace().filter_map(|scope| scopes::words(auth, words, scope));
        named.collect::<Vec<_>>().join("; ")
    });
    let host = details.app_host.as_deref().map(unlinked::apart);
    let at = details.at.map(|at| {
        let clock = jiff::Timestamp::from_second(at).unwrap_or(jiff::Timestamp::MAX).strftime("%H:%M");
        format!("{}, {clock} UTC", words.date(Timestamp(at)))
    });
    let device = |user_agent: &Option<String>| user_agent.as_deref().and_then(user_agent::known);
    [
        // The text of a letter without a host names the app itself.
        ("mail-app", details.app.clone().filter(|_| host.is_some())),
        ("mail-app-host", host),
        ("mail-app-scopes", allowed),
        ("mail-when", at),
        ("mail-device", device(&details.user_agent)),
        ("mail-ip", details.ip.clone()),
        ("mail-earlier-device", device(&details.earlier_user_agent)),
        ("mail-earlier-ip", details.earlier_ip.clone()),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some(context! { label => words.text(key, &[]), value => value? }))
    .collect()
}

/// Wraps a text at [`COLUMNS`]. A longer word, such as a link, stays in one piece.
fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    for line in text.trim().lines() {
        let mut length = 0;
        for word in line.split_whitespace() {
            let size = word.chars().count();
            if length > 0 && length + 1 + size > COLUMNS {
                wrapped.push('\n');
                length = 0;
            } else if length > 0 {
                wrapped.push(' ');
                length += 1;
            }
            wrapped.push_str(word);
            length += size;
        }
        wrapped.push('\n');
    }
    // A template leaves empty lines where a letter has no such part.
    while wrapped.contains("\n\n\n") {
        wrapped = wrapped.replace("\n\n\n", "\n\n");
    }
    wrapped
}

#[cfg(test)]
mod tests;
