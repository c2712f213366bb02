//! The Node-API binding of Tickbus: argument conversion, handles, errors. All algorithms are in `crates/bus`.
//!
//! `docs/binding-rules.md` says by which rules this crate is written and why.

#![allow(clippy::missing_errors_doc, reason = "`ts/core.ts` says what is refused")]
#![allow(clippy::must_use_candidate, reason = "JavaScript is who calls")]
#![allow(clippy::needless_pass_by_value, reason = "Node-API hands arguments over by value")]

pub mod arbitrage;
pub mod autoscale;
pub mod books;
mod doorbell;
pub mod echo;
pub mod environment;
pub mod error;
mod holdings;
mod hot;
pub mod journal;
pub mod market;
mod membership;
mod memory;
mod pattern;
pub mod probe;
mod registry;
pub mod routes;
pub mod schedule;
pub mod shared_group;
pub mod simulator;
pub mod stand_in;
mod ticker;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

/// Hash of the memory layout that this addon was built for.
#[napi(catch_unwind)]
pub fn layout_hash() -> u32 {
    tickbus_bus::layout::LAYOUT_HASH
}

/// Version of the package that this addon was built for.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Adds the raw functions, once for each environment. `ts/native/binding.ts` declares them by hand.
#[napi(module_exports)]
pub fn export_raw(mut exports: Object, env: Env) -> napi::Result<()> {
    exports.set("isMatching", hot::free::<pattern::IsMatching>(&env)?)?;
    exports.set("rawNoop", hot::free::<probe::RawNoop>(&env)?)?;
    exports.set("rawAdd", hot::free::<probe::RawAdd>(&env)?)?;
    exports.set("rawText", hot::free::<probe::RawText>(&env)?)?;
    exports.set("rawView", hot::free::<probe::RawView>(&env)?)
}
