//! Changes the address of an account. The new address counts after a proof from a mail to it. The owner of the old
//! address, if it was verified, can undo the change for seven days, or freeze the account if the new address has proved
//! itself since. Verifying the first address belongs to `verify_email`. `PATCH /me` is here, also for the name and the profile,
//! which `accounts/own_details.rs` changes.

#[cfg(feature = "pages")]
mod confirm_page;
mod flow;
#[cfg(feature = "pages")]
mod page;
mod routes;
#[cfg(feature = "pages")]
mod undo_page;

use crate::{base::text::texts::texts, model::letter::Letter, web::feature::Feature};

pub(super) const FEATURE: Feature = Feature {
    routes: routes::routes,
    #[cfg(feature = "pages")]
    pages: page::PAGES,
    texts: texts!("."),
    letters: &[Letter::CONFIRM_EMAIL, Letter::EMAIL_CHANGED, Letter::ACCOUNT_FROZEN],
    ..Feature::NONE
};
