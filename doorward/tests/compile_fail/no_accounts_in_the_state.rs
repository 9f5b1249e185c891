//! A state that no `Auth` can be taken from.

// Without `debug_handler`, axum only says that the function is no handler.
use doorward::{CurrentSession, CurrentUser, session::LogInRequest};

#[derive(Clone)]
struct Host;

#[axum::debug_handler(state = Host)]
async fn hello(CurrentUser(user): CurrentUser) -> String {
    user.email
}

#[axum::debug_handler(state = Host)]
async fn since(session: CurrentSession) -> String {
    session.created_at().to_string()
}

#[axum::debug_handler(state = Host)]
async fn callback(_: LogInRequest) {}

fn main() {}
