//! A type that is no scope.

// Without `debug_handler`, axum only says that the function is no handler.
use doorward::{Auth, Granted};

struct ReadNotes;

#[axum::debug_handler(state = Auth)]
async fn notes(Granted(caller, ..): Granted<ReadNotes>) -> String {
    caller.client_id().to_owned()
}

fn main() {}
