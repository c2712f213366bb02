//! `Core.isMatching`.

use std::ffi::CStr;

use tickbus_bus::pattern::is_matching;

use crate::hot::{Arguments, Expected, HotCall};

/// `isMatching(topic: string, pattern: string): boolean`
pub(crate) struct IsMatching;

impl HotCall for IsMatching {
    type Bound = ();
    type Answer = bool;
    const NAME: &CStr = c"isMatching";

    fn call((): &(), arguments: &Arguments<'_>) -> Result<bool, Expected> {
        arguments.text(0, |topic| arguments.text(1, |pattern| is_matching(topic, pattern)))?
    }
}
