//! The mails that would have been sent, for the developer at this machine.

mod page;

use crate::web::feature::Feature;

pub(super) const FEATURE: Feature =
    Feature { unlisted: page::routes, templates: &[page::TEMPLATE], ..Feature::NONE };
