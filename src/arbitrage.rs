//! `ArbitrageCore.openArbitrage`: the kernel behind raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::layout::{ARBITRAGE_COUNT_EVENTS, ARBITRAGE_COUNTS, RECORD_BYTES, TOP_DOUBLES};
use tickbus_bus::memory::Words;
use tickbus_market::arbitrage::{Arbitrage, Options};

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;

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

/// Opens a kernel: an object of raw functions, which are what keeps it. `view`, `inbox` and `events` are views over
/// `SharedArrayBuffer`s of their own, and what the fields of `ArbitrageKernel` say. They are given once and not with each
/// call, because to look three arguments up takes longer than to take a quote in.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_arbitrage(
    env: &Env,
    options: ArbitrageOptions,
    view: Uint8Array,
    inbox: Uint8Array,
    events: Uint8Array,
) -> Result<Object<'_>> {
    let arbitrage = Arbitrage::new(&Options {
        pairs: options.pairs,
        fees_micro_bps: options.fees_micro_bps.iter().map(|fee| *fee as i64).collect(),
        stale_ns: options.stale_ns,
        min_net_micro_bps: options.min_net_micro_bps as i64,
        basis_half_life_ns: options.basis_half_life_ns,
    });
    let happened = vec![[0; LONGS]; events.len() / RECORD_BYTES];
    let mut kernel =
        Kernel { arbitrage, happened, view: View::new(view)?, inbox: View::new(inbox)?, events: View::new(events)? };
    kernel.show();
    let open = || {
        let kernel = Rc::new(RefCell::new(kernel));
        let mut object = Object::new(env)?;
        object.set("update", hot::bind::<Update>(env, &kernel)?)?;
        object.set("updateOne", hot::bind::<UpdateOne>(env, &kernel)?)?;
        object.set("writeOpen", hot::bind::<WriteOpen>(env, &kernel)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// 64-bit values of a record.
const LONGS: usize = RECORD_BYTES / 8;

/// A kernel, and the memory where JavaScript reads what came of its quotes.
struct Kernel {
    arbitrage: Arbitrage,
    happened: Vec<[u64; LONGS]>,
    view: View,
    inbox: View,
    events: View,
}

impl Kernel {
    fn update(&mut self, quotes: impl IntoIterator<Item = [u64; LONGS]>) -> u32 {
        let taken = self.arbitrage.update(quotes, &mut self.happened);
        self.show();
        taken as u32
    }

    /// Writes what has changed to where JavaScript reads it.
    fn show(&mut self) {
        let (view, events) = (self.view.memory(), self.events.memory());
        let counts = self.arbitrage.counts();
        for (place, count) in counts.iter().enumerate() {
            view.write(place, (*count as f64).to_bits());
        }
        let happened = &self.happened[..counts[ARBITRAGE_COUNT_EVENTS] as usize];
        for (place, long) in happened.as_flattened().iter().enumerate() {
            events.write(place, *long);
        }
        self.arbitrage.each_changed(|pair, top| {
            for (place, double) in top.iter().enumerate() {
                view.write(ARBITRAGE_COUNTS + pair * TOP_DOUBLES + place, double.to_bits());
            }
        });
    }
}

/// `update(quotes: Uint8Array): number`
struct Update;

impl HotCall for Update {
    type Bound = RefCell<Kernel>;
    type Answer = u32;
    const NAME: &CStr = c"update";

    fn call(kernel: &RefCell<Kernel>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let (quotes, _) = arguments.read().bytes(0)?.as_chunks::<RECORD_BYTES>();
        Ok(kernel.borrow_mut().update(quotes.iter().map(longs_of)))
    }
}

/// `updateOne(): number`, of the record in the inbox.
struct UpdateOne;

impl HotCall for UpdateOne {
    type Bound = RefCell<Kernel>;
    type Answer = u32;
    const NAME: &CStr = c"updateOne";

    fn call(kernel: &RefCell<Kernel>, _: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut kernel = kernel.borrow_mut();
        let inbox = kernel.inbox.memory();
        Ok(kernel.update([std::array::from_fn(|place| inbox.read(place))]))
    }
}

/// `writeOpen(): void`
struct WriteOpen;

impl HotCall for WriteOpen {
    type Bound = RefCell<Kernel>;
    type Answer = ();
    const NAME: &CStr = c"writeOpen";

    fn call(kernel: &RefCell<Kernel>, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let mut kernel = kernel.borrow_mut();
        let Kernel { arbitrage, happened, .. } = &mut *kernel;
        arbitrage.write_open(happened);
        kernel.show();
        Ok(())
    }
}

/// A record as eight 64-bit values, wherever it begins.
#[inline]
fn longs_of(record: &[u8; RECORD_BYTES]) -> [u64; RECORD_BYTES / 8] {
    let (longs, _) = record.as_chunks::<8>();
    std::array::from_fn(|place| u64::from_le_bytes(longs[place]))
}
