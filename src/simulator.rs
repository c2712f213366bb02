//! `MarketCore.openSimulation`: a simulated market behind two raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_market::simulator::dislocation::Planted;
use tickbus_market::simulator::{Simulation, options};

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall, Made};

/// What a market is simulated with; `ts/market-core.ts` says what each is.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct SimulationOptions {
    pub seed_low: u32,
    pub seed_high: u32,
    pub venues: Vec<SimulatedVenue>,
    pub symbols: Vec<SimulatedSymbol>,
    pub quotes: ArrivalLaw,
    pub trades: ArrivalLaw,
    pub prices: PriceLaw,
    pub dislocations: DislocationLaw,
}

/// A venue.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct SimulatedVenue {
    pub lag_ns: f64,
    pub spread_bps: f64,
    pub noise_bps: f64,
    pub noise_ns: f64,
    pub activity: f64,
    pub quote_unit_ns: f64,
    pub trade_unit_ns: f64,
    pub has_sequence: bool,
}

/// A symbol.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct SimulatedSymbol {
    pub price: f64,
    pub tick_units: f64,
    pub price_scale: f64,
    pub size_scale: f64,
    pub lots: f64,
    pub beta: f64,
    pub volatility: f64,
    pub activity: f64,
}

/// How messages arrive.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct ArrivalLaw {
    pub per_second: f64,
    pub fast_branching: f64,
    pub slow_branching: f64,
    pub fast_ns: f64,
    pub slow_ns: f64,
    pub burst_tail: f64,
    pub burst_most: f64,
    pub gap_ns: f64,
}

/// How the fair price moves.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct PriceLaw {
    pub volatilities: Vec<f64>,
    pub spreads: Vec<f64>,
    pub stay_ns: f64,
    pub revert_ns: f64,
    pub deviation: f64,
    pub jump_ns: f64,
    pub jump_least_bps: f64,
    pub jump_most_bps: f64,
}

/// What is planted.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct DislocationLaw {
    pub every_ns: f64,
    pub length_ns: f64,
    pub least_bps: f64,
    pub most_bps: f64,
}

/// What was planted.
#[napi(object)]
#[derive(Debug)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct PlantedDislocation {
    pub buy: u32,
    pub sell: u32,
    pub from_ns: f64,
    pub to_ns: f64,
    pub bps: f64,
}

/// Opens a simulated market: an object of raw functions, which are what keeps it.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_simulation(env: &Env, options: SimulationOptions) -> Result<Object<'_>> {
    let simulation = Rc::new(RefCell::new(Simulation::new(options.into())));
    let open = || {
        let mut object = Object::new(env)?;
        object.set("write", hot::bind::<Write>(env, &simulation)?)?;
        object.set("dislocations", hot::bind::<Dislocations>(env, &simulation)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `write(out: Uint8Array, untilNs: number): number`
struct Write;

impl HotCall for Write {
    type Bound = RefCell<Simulation>;
    type Answer = u32;
    const NAME: &CStr = c"write";

    fn call(simulation: &RefCell<Simulation>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let until_ns = arguments.double(1)?;
        let (records, _) = arguments.lend_records(0)?;
        Ok(simulation.borrow_mut().write(records, until_ns) as u32)
    }
}

/// `dislocations(): PlantedDislocation[]`
struct Dislocations;

impl HotCall for Dislocations {
    type Bound = RefCell<Simulation>;
    type Answer = Made<Vec<PlantedDislocation>>;
    const NAME: &CStr = c"dislocations";

    fn call(simulation: &RefCell<Simulation>, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        Ok(Made(simulation.borrow().dislocations().iter().map(planted_of).collect()))
    }
}

fn planted_of(planted: &Planted) -> PlantedDislocation {
    let Planted { buy, sell, from_ns, to_ns, bps } = *planted;
    PlantedDislocation { buy: buy as u32, sell: sell as u32, from_ns, to_ns, bps }
}

impl From<SimulationOptions> for options::Options {
    fn from(options: SimulationOptions) -> Self {
        Self {
            seed_low: options.seed_low,
            seed_high: options.seed_high,
            venues: options.venues.into_iter().map(Into::into).collect(),
            symbols: options.symbols.into_iter().map(Into::into).collect(),
            quotes: options.quotes.into(),
            trades: options.trades.into(),
            prices: options.prices.into(),
            dislocations: options.dislocations.into(),
        }
    }
}

/// The same fields on both sides of the border.
macro_rules! same_fields {
    ($($name:ident => $to:ident { $($field:ident),* })*) => {
        $(impl From<$name> for options::$to {
            fn from($name { $($field),* }: $name) -> Self {
                Self { $($field),* }
            }
        })*
    };
}

same_fields! {
    SimulatedVenue => Venue {
        lag_ns, spread_bps, noise_bps, noise_ns, activity, quote_unit_ns, trade_unit_ns, has_sequence
    }
    SimulatedSymbol => Symbol { price, tick_units, price_scale, size_scale, lots, beta, volatility, activity }
    ArrivalLaw => ArrivalLaw {
        per_second, fast_branching, slow_branching, fast_ns, slow_ns, burst_tail, burst_most, gap_ns
    }
    PriceLaw => PriceLaw {
        volatilities, spreads, stay_ns, revert_ns, deviation, jump_ns, jump_least_bps, jump_most_bps
    }
    DislocationLaw => DislocationLaw { every_ns, length_ns, least_bps, most_bps }
}
