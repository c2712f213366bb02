//! Calls that do nothing, for the benchmark of the boundary itself: each as `#[napi]` generates it and as a raw function.

use std::ffi::CStr;

use napi_derive::napi;

use crate::hot::{Arguments, Expected, HotCall};

/// No argument.
#[napi(catch_unwind)]
pub fn probe_noop() {}

/// Two numbers.
#[napi(catch_unwind)]
pub fn probe_add(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}

/// A string; its length in bytes.
#[napi(catch_unwind)]
pub fn probe_text(text: String) -> u32 {
    text.len() as u32
}

/// A view; its length in bytes.
#[napi(catch_unwind)]
pub fn probe_view(view: &[u8]) -> u32 {
    view.len() as u32
}

/// An object with a method.
#[napi]
#[derive(Debug)]
pub struct Probe {
    sum: u32,
}

#[napi]
impl Probe {
    /// Starts at 0.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default, reason = "JavaScript calls it")]
    pub fn new() -> Self {
        Self { sum: 0 }
    }

    /// A method with one number.
    #[napi(catch_unwind)]
    pub fn add(&mut self, n: u32) -> u32 {
        self.sum = self.sum.wrapping_add(n);
        self.sum
    }
}

/// `rawNoop(): void`
pub(crate) struct RawNoop;

impl HotCall for RawNoop {
    type Bound = ();
    type Answer = ();
    const NAME: &CStr = c"rawNoop";

    fn call((): &(), _: &Arguments<'_>) -> Result<(), Expected> {
        Ok(())
    }
}

/// `rawAdd(a: number, b: number): number`
pub(crate) struct RawAdd;

impl HotCall for RawAdd {
    type Bound = ();
    type Answer = u32;
    const NAME: &CStr = c"rawAdd";

    fn call((): &(), arguments: &Arguments<'_>) -> Result<u32, Expected> {
        Ok(arguments.number(0)?.wrapping_add(arguments.number(1)?))
    }
}

/// `rawText(text: string): number`
pub(crate) struct RawText;

impl HotCall for RawText {
    type Bound = ();
    type Answer = u32;
    const NAME: &CStr = c"rawText";

    fn call((): &(), arguments: &Arguments<'_>) -> Result<u32, Expected> {
        arguments.text(0, |text| text.len() as u32)
    }
}

/// `rawView(view: Uint8Array): number`
pub(crate) struct RawView;

impl HotCall for RawView {
    type Bound = ();
    type Answer = u32;
    const NAME: &CStr = c"rawView";

    fn call((): &(), arguments: &Arguments<'_>) -> Result<u32, Expected> {
        arguments.byte_length(0).map(|length| length as u32)
    }
}
