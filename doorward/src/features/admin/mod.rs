//! The work of operators on accounts, as functions of `Auth`. Importing many users belongs to `import`.

mod clock;
pub(crate) mod details;
mod lock_out;
#[cfg(feature = "totp")]
mod second_factor;
pub(crate) mod users;

use crate::{base::text::texts::texts, web::feature::Feature};

pub(super) const FEATURE: Feature =
    Feature { texts: texts!("."), letters: &[details::NEW_ADMINISTRATOR], ..Feature::NONE };
