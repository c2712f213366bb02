//! `ArbitrageCore.openArbitrage`: the kernel behind raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_bus::layout::{ARBITRAGE_COUNTS, RECORD_BYTES};
use tickbus_market::arbitrage::{Arbitrage, Options};

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall, Lent};

/// What the kernel is opened with; `ts/arbitrage-core.ts` says what each is, and has checked it.
#[napi(object)]
#[derive(Debug)]
pub struct ArbitrageOptions {
    /// The pair of each instrument.
    pub pairs: Vec<u32>,
    /// The taker fee of each.
    pub fees_micro_bps: Vec<f64>,
    /// How old a quote of each may be.
    pub stale_ns: Vec<f64>,
    /// What edges have to be above.
    pub min_net_micro_bps: f64,
    /// The half-life of the basis, 0 for none.
    pub basis_half_life_ns: f64,
}

/// Opens a kernel: an object of raw functions, which are what keeps it.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_arbitrage(env: &Env, options: ArbitrageOptions) -> Result<Object<'_>> {
    let kernel = Arbitrage::new(&Options {
        pairs: options.pairs,
        fees_micro_bps: options.fees_micro_bps.iter().map(|fee| *fee as i64).collect(),
        stale_ns: options.stale_ns,
        min_net_micro_bps: options.min_net_micro_bps as i64,
        basis_half_life_ns: options.basis_half_life_ns,
    });
    let open = || {
        let kernel = Rc::new(RefCell::new(kernel));
        let mut object = Object::new(env)?;
        object.set("update", hot::bind::<Update>(env, &kernel)?)?;
        object.set("writeOpen", hot::bind::<WriteOpen>(env, &kernel)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `update(quotes: Uint8Array, events: Uint8Array, view: Float64Array): number`
struct Update;

impl HotCall for Update {
    type Bound = RefCell<Arbitrage>;
    type Answer = u32;
    const NAME: &CStr = c"update";

    fn call(kernel: &RefCell<Arbitrage>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut kernel = kernel.borrow_mut();
        let Lent { records, doubles, rest } = arguments.lend(1, 2)?;
        let (quotes, _) = rest.bytes(0)?.as_chunks::<RECORD_BYTES>();
        let taken = kernel.update(quotes.iter().map(longs_of), records);
        write_view(&kernel, doubles);
        Ok(taken as u32)
    }
}

/// `writeOpen(events: Uint8Array, view: Float64Array): void`
struct WriteOpen;

impl HotCall for WriteOpen {
    type Bound = RefCell<Arbitrage>;
    type Answer = ();
    const NAME: &CStr = c"writeOpen";

    fn call(kernel: &RefCell<Arbitrage>, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let mut kernel = kernel.borrow_mut();
        let Lent { records, doubles, .. } = arguments.lend(0, 1)?;
        kernel.write_open(records);
        write_view(&kernel, doubles);
        Ok(())
    }
}

fn write_view(kernel: &Arbitrage, view: &mut [f64]) {
    let (counts, tops) = view.split_at_mut(view.len().min(ARBITRAGE_COUNTS));
    for (place, count) in counts.iter_mut().zip(kernel.counts()) {
        *place = count as f64;
    }
    kernel.write_tops(tops);
}

/// A record as eight 64-bit values, wherever it begins.
#[inline]
fn longs_of(record: &[u8; RECORD_BYTES]) -> [u64; RECORD_BYTES / 8] {
    let (longs, _) = record.as_chunks::<8>();
    std::array::from_fn(|place| u64::from_le_bytes(longs[place]))
}
