//! The examples do what they say. Those with tables of their own are in `own_tables.rs`.

mod api_for_apps;
mod captcha;
mod invite_only;
mod own_mail_sender;
mod protected_route;
mod requests;
mod roles_and_profile;
mod server_rendered;
mod spa_and_api;
mod streams;
