//! [`AuthState`]: the state of a router, as the extractors need it.

use axum::extract::FromRef;

use crate::auth::Auth;

/// A state of a router that an [`Auth`] can be taken from: the `Auth` itself, or a struct of yours with one in it.
///
/// Every type has this trait for which `Auth: FromRef<State>`. `#[derive(FromRef)]` of axum writes that, or you do:
///
/// ```
/// use axum::extract::FromRef;
/// use doorward::Auth;
///
/// #[derive(Clone)]
/// struct Host { auth: Auth }
///
/// impl FromRef<Host> for Auth {
///     fn from_ref(host: &Host) -> Auth { host.auth.clone() }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "no `doorward::Auth` can be taken from the state `{Self}` of this router",
    label = "a router with this state does not know the accounts",
    note = "if the `Auth` is the whole state of your app, call `.with_state(auth.clone())` on the router",
    note = "if your state is a struct with an `Auth` in it, write `impl axum::extract::FromRef<{Self}> for doorward::Auth`"
)]
pub trait AuthState {
    /// Returns the accounts.
    fn auth(&self) -> Auth;
}

#[diagnostic::do_not_recommend]
impl<S> AuthState for S
where
    Auth: FromRef<S>,
{
    fn auth(&self) -> Auth {
        Auth::from_ref(self)
    }
}
