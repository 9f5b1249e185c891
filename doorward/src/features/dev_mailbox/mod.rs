//! Shows the developer at this machine the mails that would have been sent. `base::mail` keeps them.

mod page;

use crate::web::feature::Feature;

pub(super) const FEATURE: Feature =
    Feature { unlisted: page::routes, templates: &[page::TEMPLATE], ..Feature::NONE };
