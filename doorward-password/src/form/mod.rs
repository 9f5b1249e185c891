//! The forms in which systems store a hash. Each is read into a computation and the digest that it must give.

mod aspnet;
mod auth0;
mod bcrypt;
mod better_auth;
mod crypt;
mod django;
mod dollar;
mod firebase;
mod fusionauth;
mod keycloak;
mod kratos;
mod ldap;
mod object;
mod passlib;
mod phc;
mod read;
mod stored;
mod text;
mod unsalted;
mod werkzeug;
mod wrap;
mod write;

pub(crate) use read::read;
pub(crate) use stored::Stored;
pub(crate) use wrap::write as write_wrapped;
pub(crate) use write::write;
