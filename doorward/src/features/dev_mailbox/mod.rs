//! Shows the developer at this machine the mails that would have been sent. `base::mail` keeps them.
//! It is no page for people: it is there without the feature `pages` too.

mod page;

use crate::web::feature::Feature;

pub(super) const FEATURE: Feature =
    Feature { unlisted: page::routes, templates: &[page::TEMPLATE], ..Feature::NONE };
