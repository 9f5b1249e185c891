//! The messages that nodes send to each other, by `NOTIFY` of PostgreSQL. A channel belongs to the whole database, so each
//! schema has a channel of its own.

use tokio_postgres::Client;

/// The channel of the nodes whose tables are in `schema`. One node may name the schema that another finds by its
/// `search_path`. Then their messages do not arrive, and each waits for the lease of the other.
fn channel(schema: Option<&str>) -> String {
    match schema {
        None | Some("public") => "doorward_nodes".into(),
        Some(schema) => format!("doorward_nodes_{schema}"),
    }
}

/// A change of rows that nodes may remember.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) id: i64,
    pub(super) owner: i64,
}

/// A node, and the change that it knows of.
pub(super) type Confirmation = (i64, i64);

#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    Changed(Change),
    Confirmed(Confirmation),
}

impl Message {
    fn written(self) -> String {
        match self {
            Self::Changed(change) => format!("changed {} {}", change.id, change.owner),
            Self::Confirmed((node, change)) => format!("confirmed {node} {change}"),
        }
    }

    /// Reads the text of a message. Returns `None` for any other text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (kind, first, second) = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        match kind {
            "changed" => Some(Self::Changed(Change { id: first, owner: second })),
            "confirmed" => Some(Self::Confirmed((first, second))),
            _ => None,
        }
    }
}

/// Sends the messages to all nodes that listen.
pub(super) async fn send(
    client: &Client,
    schema: Option<&str>,
    messages: &[Message],
) -> Result<(), tokio_postgres::Error> {
    let texts: Vec<_> = messages.iter().map(|message| message.written()).collect();
    client
        .execute("SELECT pg_notify($1, said) FROM unnest($2::TEXT[]) AS said", &[&channel(schema), &texts])
        .await?;
    Ok(())
}

/// Receives the messages of all nodes on this connection from now on.
pub(super) async fn listen(client: &Client, schema: Option<&str>) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(&format!("LISTEN \"{}\"", channel(schema))).await
}
