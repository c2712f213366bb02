//! `MarketCore.openDecoder`: a decoder behind raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_market::clock::Clock;
use tickbus_market::decoder::{Decoder, Venue};

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall, Lent, Made};

/// What a decoder is opened with.
#[napi(object)]
#[derive(Debug)]
pub struct DecoderOptions {
    /// The venue's name in capitals.
    pub venue: String,
    /// Instruments that get the first numbers.
    pub symbols: Vec<String>,
    /// Most instruments that get a number.
    pub instruments_most: u32,
}

/// A name and how often it was met.
#[napi(object)]
#[derive(Debug)]
pub struct Tallied {
    /// The name.
    pub name: String,
    /// How often it was met.
    pub count: f64,
}

/// A rejected frame.
#[napi(object)]
#[derive(Debug)]
pub struct RejectSample {
    /// Which frame it was, from 1.
    pub frame: f64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: f64,
    /// Why.
    pub reason: String,
    /// The field that the reason is about.
    pub field: Option<String>,
}

/// What does not fit into numbers.
#[napi(object)]
#[derive(Debug)]
pub struct DecoderReport {
    /// The instruments by their numbers.
    pub instruments: Vec<String>,
    /// Frames of kinds that are not decoded.
    pub ignored: Vec<Tallied>,
    /// Rejected frames by reason.
    pub rejected: Vec<Tallied>,
    /// The first rejected frames.
    pub samples: Vec<RejectSample>,
}

/// Opens a decoder: an object of raw functions, which are what keeps it.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_decoder(env: &Env, options: DecoderOptions) -> Result<Object<'_>> {
    let venue = Venue::named(&options.venue).ok_or_else(|| internal("there is no decoder for this venue"))?;
    let mut decoder = Decoder::new(venue, options.instruments_most as usize);
    for symbol in &options.symbols {
        decoder.add_instrument(symbol.as_bytes());
    }
    let open = || {
        let decoder = Rc::new(RefCell::new(decoder));
        let mut object = Object::new(env)?;
        object.set("setEpoch", hot::bind::<SetEpoch>(env, &decoder)?)?;
        object.set("decodeLines", hot::bind::<DecodeLines>(env, &decoder)?)?;
        object.set("decodeFrames", hot::bind::<DecodeFrames>(env, &decoder)?)?;
        object.set("report", hot::bind::<Report>(env, &decoder)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `setEpoch(seconds: number, nanos: number): void`
struct SetEpoch;

impl HotCall for SetEpoch {
    type Bound = RefCell<Decoder>;
    type Answer = ();
    const NAME: &CStr = c"setEpoch";

    fn call(decoder: &RefCell<Decoder>, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let (seconds, nanos) = (arguments.double(0)?, arguments.double(1)?);
        decoder.borrow_mut().set_epoch(Clock::new(seconds as i64, nanos as i64));
        Ok(())
    }
}

/// `decodeLines(lines: Uint8Array, out: Uint8Array, counts: Float64Array): number`
struct DecodeLines;

impl HotCall for DecodeLines {
    type Bound = RefCell<Decoder>;
    type Answer = u32;
    const NAME: &CStr = c"decodeLines";

    fn call(decoder: &RefCell<Decoder>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut decoder = decoder.borrow_mut();
        let Lent { records, doubles, rest } = arguments.lend(1, 2)?;
        let taken = decoder.lines(rest.bytes(0)?, records);
        write_counts(&decoder, doubles);
        Ok(taken as u32)
    }
}

/// `decodeFrames(frames: Uint8Array[], out: Uint8Array, counts: Float64Array, receivedNs: Float64Array): number`
struct DecodeFrames;

impl HotCall for DecodeFrames {
    type Bound = RefCell<Decoder>;
    type Answer = u32;
    const NAME: &CStr = c"decodeFrames";

    fn call(decoder: &RefCell<Decoder>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut decoder = decoder.borrow_mut();
        let Lent { records, doubles, rest } = arguments.lend(1, 2)?;
        let mut trouble = None;
        let timed = rest.list(0)?.zip(rest.doubles(3)?).map_while(|(frame, ns)| match frame {
            Ok(frame) => Some((frame, *ns)),
            Err(expected) => {
                trouble = Some(expected);
                None
            }
        });
        let taken = decoder.frames(timed, records);
        write_counts(&decoder, doubles);
        trouble.map_or(Ok(taken as u32), Err)
    }
}

/// `report(): DecoderReport`
struct Report;

impl HotCall for Report {
    type Bound = RefCell<Decoder>;
    type Answer = Made<DecoderReport>;
    const NAME: &CStr = c"report";

    fn call(decoder: &RefCell<Decoder>, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        Ok(Made(report_of(&decoder.borrow())))
    }
}

fn write_counts(decoder: &Decoder, out: &mut [f64]) {
    for (place, count) in out.iter_mut().zip(decoder.counts().doubles()) {
        *place = count;
    }
}

fn report_of(decoder: &Decoder) -> DecoderReport {
    let tallied = |(name, count): (&str, u64)| Tallied { name: name.to_owned(), count: count as f64 };
    DecoderReport {
        instruments: decoder.instruments().map(str::to_owned).collect(),
        ignored: decoder.ignored().iter().map(tallied).collect(),
        rejected: decoder.rejects().counts().map(tallied).collect(),
        samples: decoder.rejects().samples().iter().map(sample_of).collect(),
    }
}

fn sample_of(sample: &tickbus_market::reject::Sample) -> RejectSample {
    let (place, field) = sample.reason.parts();
    RejectSample {
        frame: sample.frame as f64,
        offset: sample.offset as f64,
        reason: tickbus_market::reject::REASONS[place].to_owned(),
        field: field.map(str::to_owned),
    }
}
