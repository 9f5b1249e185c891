//! Lists the browsers in which a user needs no second step for a while, and ends the trust in one. It begins at the
//! second step of a log-in (`second_step`).

mod flow;
mod page;
mod routes;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature =
    Feature { routes: routes::routes, pages: page::PAGES, texts: texts!("."), ..Feature::NONE };
