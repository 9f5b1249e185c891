//! A type that is no scope, and a state that no `Auth` can be taken from.

use doorward::{Auth, Granted, Scope};

struct ReadNotes;

impl Scope for ReadNotes {
    const NAME: &'static str = "notes:read";
}

struct WriteNotes;

#[derive(Clone)]
struct Host;

#[axum::debug_handler(state = Auth)]
async fn write(_: Granted<WriteNotes>) {}

#[axum::debug_handler(state = Host)]
async fn list(Granted(caller, ..): Granted<ReadNotes>) -> String {
    caller.user().email.clone()
}

fn main() {}
