//! [`HasRole`] and [`HasAnyRole`]: the user who sent a request, if they have a role.

use std::marker::PhantomData;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::Auth,
    base::{
        error::{Error, Result},
        open_error::OpenError,
    },
    model::user::User,
    web::{auth_state::AuthState, current_user::RequestSession},
};

/// A role, as a type of yours. Its name must be in [`Config::roles`](crate::Config::roles).
///
/// ```
/// struct Admin;
///
/// impl doorward::Role for Admin {
///     const NAME: &'static str = "admin";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no role",
    note = "write `impl doorward::Role for {Self} {{ const NAME: &'static str = \"admin\"; }}`, with a name of `Config::roles`"
)]
pub trait Role {
    /// The name of the role.
    const NAME: &'static str;
}

/// Some roles. A user needs one of them. This is a tuple of one to eight types, and each type is a [`Role`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of roles",
    note = "write a tuple of one to eight types that implement `doorward::Role`, such as `(Admin, Editor)` or `(Admin,)`"
)]
pub trait AnyRole {
    /// The names of the roles.
    const NAMES: &'static [&'static str];
}

macro_rules! tuples {
    ($($($role:ident)+,)+) => {
        $(impl<$($role: Role),+> AnyRole for ($($role,)+) {
            const NAMES: &'static [&'static str] = &[$($role::NAME),+];
        })+
    };
}

tuples!(A, A B, A B C, A B C D, A B C D E, A B C D E F, A B C D E F G, A B C D E F G H,);

/// The user who is logged in and has the role `R`. As an argument it protects a handler.
///
/// Without a session it refuses what [`CurrentUser`](crate::CurrentUser) refuses. A user without the role gets 403
/// `missing_role`.
///
/// Only operators and the host give roles: [`Auth::set_roles`](crate::Auth::set_roles), or `doorward user role add`. One
/// that is taken away opens nothing from that answer on, on every node. [`Auth::require_declared`] finds a misspelt
/// role at the start.
///
/// ```
/// use axum::{Router, routing::get};
/// use doorward::{Auth, HasRole, Role};
///
/// struct Admin;
///
/// impl Role for Admin {
///     const NAME: &'static str = "admin";
/// }
///
/// fn app(auth: Auth) -> Router {
///     Router::new()
///         .route("/hello", get(|HasRole(user, ..): HasRole<Admin>| async move { user.email }))
///         .with_state(auth)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct HasRole<R>(pub User, pub PhantomData<fn() -> R>);

/// The user who is logged in and has at least one of these roles: `HasAnyRole<(Admin, Editor)>`. Otherwise it is like
/// [`HasRole`].
#[derive(Clone, Debug)]
pub struct HasAnyRole<R>(pub User, pub PhantomData<fn() -> R>);

impl<S: AuthState + Sync, R: Role> FromRequestParts<S> for HasRole<R> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let user = with_one_of(&state.auth(), parts, <(R,)>::NAMES).await?;
        Ok(Self(user, PhantomData))
    }
}

impl<S: AuthState + Sync, R: AnyRole> FromRequestParts<S> for HasAnyRole<R> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let user = with_one_of(&state.auth(), parts, R::NAMES).await?;
        Ok(Self(user, PhantomData))
    }
}

/// Returns the user of a request, if they have one of these roles.
async fn with_one_of(auth: &Auth, parts: &mut Parts, roles: &'static [&'static str]) -> Result<User> {
    let RequestSession(session) = RequestSession::from_request_parts(parts, auth).await?;
    check(auth, &session.user, roles)?;
    Ok(User::clone(&session.user))
}

/// Refuses a user who has none of these roles.
pub(super) fn check(auth: &Auth, user: &User, roles: &'static [&'static str]) -> Result<()> {
    if roles.iter().any(|role| user.roles.contains(role)) {
        return Ok(());
    }
    if let Some(role) = undeclared(auth, roles) {
        tracing::error!(role, "a handler asks for a role that the setting roles does not declare");
    }
    Err(Error::MissingRole(roles))
}

fn undeclared(auth: &Auth, roles: &'static [&'static str]) -> Option<&'static str> {
    roles.iter().copied().find(|role| auth.config().roles.iter().all(|declared| declared != role))
}

impl Auth {
    /// Checks that the roles which your handlers ask for are declared. Call it at the start of your app:
    /// `auth.require_declared::<(Admin, Editor)>()?`. Otherwise nobody could have a role whose name is misspelt, and its
    /// handlers would refuse everybody.
    ///
    /// # Errors
    /// Names the first role that [`Config::roles`](crate::Config::roles) does not declare.
    pub fn require_declared<R: AnyRole>(&self) -> Result<(), OpenError> {
        match undeclared(self, R::NAMES) {
            Some(role) => Err(OpenError::new(format!("the role {role:?} is not in the setting roles"))),
            None => Ok(()),
        }
    }
}
