//! An axum app with roles, and with a profile that people write: `cargo run --example roles_and_profile`. The first admin
//! registers at <http://localhost:3000/auth/register>. Then start it again with their address behind `--`.
//!
//! | what is known of a user | who writes it | what it is good for |
//! |---|---|---|
//! | `roles` | operators and this app | rights |
//! | `attributes` | operators and this app | facts, such as what the user pays for |
//! | `profile`, `display_name` | the user | what to show, and **never a right**: users write there what they like |

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, put},
};
use doorward::{Auth, Config, CurrentUser, Error, HasRole, Role, UserId, config::ProfileField};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

struct Admin;

impl Role for Admin {
    const NAME: &'static str = "admin";
}

struct Editor;

impl Role for Editor {
    const NAME: &'static str = "editor";
}

/// The attributes that this app gives to users.
#[derive(Deserialize, Serialize)]
struct Plan {
    plan: String,
}

/// Shows what is known of the user.
async fn card(CurrentUser(user): CurrentUser) -> Json<Value> {
    let Plan { plan } = user.attributes.parse().unwrap_or_else(|| Plan { plan: "free".into() });
    Json(json!({
        "name": user.display_name.as_ref().unwrap_or(&user.email),
        "profile": user.profile,
        "plan": plan,
        "roles": user.roles,
    }))
}

/// Gives a user exactly these roles. The argument lets only admins in.
async fn give_roles(
    HasRole(..): HasRole<Admin>,
    State(auth): State<Auth>,
    Path(id): Path<UserId>,
    Json(roles): Json<Vec<String>>,
) -> doorward::Result<()> {
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    auth.set_roles(id, &roles).await?.then_some(()).ok_or(Error::NotFound)
}

/// Notes what a user pays for. The layer below lets only editors and admins in.
async fn give_plan(
    State(auth): State<Auth>,
    Path(id): Path<UserId>,
    Json(plan): Json<Plan>,
) -> doorward::Result<()> {
    auth.set_attributes(id, plan).await?.then_some(()).ok_or(Error::NotFound)
}

/// The roles that exist, and what the form of the registration asks for.
pub fn config(config: Config) -> Config {
    let company = ProfileField { name: "company".into(), required: true, ..ProfileField::default() };
    Config { roles: vec![Admin::NAME.into(), Editor::NAME.into()], profile: vec![company], ..config }
}

/// Builds the app, with the accounts under `/auth`.
pub fn app(auth: &Auth) -> Router {
    // The layer guards every route that stands above it.
    let staff = Router::new()
        .route("/users/{id}/plan", put(give_plan))
        .route_layer(auth.require().any_role::<(Admin, Editor)>());
    Router::new()
        .route("/card", get(card))
        .route("/users/{id}/roles", put(give_roles))
        .merge(staff)
        .with_state(auth.clone())
        .nest("/auth", auth.router())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = Auth::open_with("sqlite:app.db", config(Config::default())).await?;
    auth.require_declared::<(Admin, Editor)>()?;
    // The operator says who is the first admin. An address in the code could be registered by somebody else.
    if let Some(address) = std::env::args().nth(1) {
        let user = auth.user_by_email(&address).await?.ok_or("nobody has registered this address")?;
        auth.add_role(user.id, Admin::NAME).await?;
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(auth.serve(listener, app(&auth)).await?)
}
