//! A router that was never given the accounts.

use axum::{Router, routing::get};
use doorward::CurrentUser;

fn main() {
    let _: Router = Router::new().route("/hello", get(async |CurrentUser(user): CurrentUser| user.email));
}
