//! Ways to log in, one file each. Each ends at [`session::log_in`](crate::session::log_in).

use utoipa_axum::router::OpenApiRouter;

use crate::auth::Auth;

mod password;

pub(crate) fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::new().merge(password::routes())
}
