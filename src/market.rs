//! `MarketCore.openDecoder`: a decoder behind raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::memory::Words;
use tickbus_market::batch::Longs;
use tickbus_market::clock::Clock;
use tickbus_market::control::ControlEvent as NotedControl;
use tickbus_market::decoder::{Decoder, Venue};

use crate::books::{self, BooksOptions};
use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall, Made};
use crate::memory::View;

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
    /// Longest frame that is taken, in bytes.
    pub frame_bytes_most: u32,
    /// The books that what is decoded is applied to in the same call.
    pub books: Option<BooksOptions>,
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

/// A frame beside the data.
#[napi(object)]
#[derive(Debug)]
pub struct ControlEvent {
    /// What it is.
    pub kind: String,
    /// Its beginning.
    pub text: String,
    /// Which frame it was, from 1.
    pub frame: f64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: f64,
}

/// A frame that was received before the one in front of it.
#[napi(object)]
#[derive(Debug)]
pub struct ClockJump {
    /// Which frame it was, from 1.
    pub frame: f64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: f64,
    /// How far the clock went back, in nanoseconds.
    pub back_ns: f64,
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
    /// Frames beside the data by kind.
    pub controls: Vec<Tallied>,
    /// Frames beside the data that were not noted.
    pub controls_lost: f64,
    /// The first clock jumps.
    pub clock_jumps: Vec<ClockJump>,
}

/// Opens a decoder: an object of raw functions, which are what keeps it. What was met is counted in `counts`, a view over a
/// `SharedArrayBuffer` that is given once and not with each call: to look an argument up takes as long as to read a field.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_decoder(env: &Env, options: DecoderOptions, counts: Uint8Array) -> Result<Object<'_>> {
    let venue = Venue::named(&options.venue).ok_or_else(|| internal("there is no decoder for this venue"))?;
    let mut decoder = Decoder::new(venue, options.instruments_most as usize);
    for symbol in &options.symbols {
        decoder.add_instrument(symbol.as_bytes());
    }
    decoder.set_frame_bytes_most(options.frame_bytes_most as usize);
    let books = options.books.as_ref().map(books::new_books).transpose()?;
    let feed = Feed { decoder: RefCell::new(decoder), books: books.clone(), counts: View::new(counts)? };
    feed.show(&feed.decoder.borrow());
    let open = || {
        let decoder = Rc::new(feed);
        let mut object = Object::new(env)?;
        object.set("setEpoch", hot::bind::<SetEpoch>(env, &decoder)?)?;
        object.set("decodeLines", hot::bind::<DecodeLines>(env, &decoder)?)?;
        object.set("decodeFrame", hot::bind::<DecodeFrame>(env, &decoder)?)?;
        object.set("decodeFrames", hot::bind::<DecodeFrames>(env, &decoder)?)?;
        object.set("decodeSpans", hot::bind::<DecodeSpans>(env, &decoder)?)?;
        object.set("report", hot::bind::<Report>(env, &decoder)?)?;
        if let Some(books) = &books {
            object.set("books", books::functions(env, books)?)?;
        }
        object.set("takeControls", hot::bind::<TakeControls>(env, &decoder)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// A decoder, the books that it feeds, and where it counts.
struct Feed {
    decoder: RefCell<Decoder>,
    books: Option<books::Shared>,
    counts: View,
}

impl Feed {
    /// Decodes frames, each with its receive time, as far as they are there. Returns how many.
    fn decode<'f>(
        &self,
        frames: impl Iterator<Item = (std::result::Result<&'f [u8], Expected>, f64)>,
        records: &mut [Longs],
    ) -> std::result::Result<u32, Expected> {
        let mut decoder = self.decoder.borrow_mut();
        let mut trouble = None;
        let sound = frames.map_while(|(frame, ns)| match frame {
            Ok(frame) => Some((frame, ns)),
            Err(expected) => {
                trouble = Some(expected);
                None
            }
        });
        let taken = decoder.frames(sound, records);
        self.apply(&decoder, records);
        trouble.map_or(Ok(taken as u32), Err)
    }

    /// Applies what was decoded to the books, and counts it.
    fn apply(&self, decoder: &Decoder, records: &[Longs]) {
        if let Some(books) = &self.books {
            books.borrow_mut().apply(&records[..decoder.counts().records as usize]);
        }
        self.show(decoder);
    }

    /// Writes the counters to where JavaScript reads them.
    fn show(&self, decoder: &Decoder) {
        let counts = self.counts.memory();
        for (place, count) in decoder.counts().doubles().into_iter().enumerate() {
            counts.write(place, count.to_bits());
        }
    }
}

/// `setEpoch(seconds: number, nanos: number): void`
struct SetEpoch;

impl HotCall for SetEpoch {
    type Bound = Feed;
    type Answer = ();
    const NAME: &CStr = c"setEpoch";

    fn call(feed: &Feed, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let (seconds, nanos) = (arguments.double(0)?, arguments.double(1)?);
        feed.decoder.borrow_mut().set_epoch(Clock::new(seconds as i64, nanos as i64));
        Ok(())
    }
}

/// `decodeLines(lines: Uint8Array, out: Uint8Array): number`
struct DecodeLines;

impl HotCall for DecodeLines {
    type Bound = Feed;
    type Answer = u32;
    const NAME: &CStr = c"decodeLines";

    fn call(feed: &Feed, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut decoder = feed.decoder.borrow_mut();
        let (records, rest) = arguments.lend_records(1)?;
        let taken = decoder.lines(rest.bytes(0)?, records);
        feed.apply(&decoder, records);
        Ok(taken as u32)
    }
}

/// `decodeFrame(frame: Uint8Array, out: Uint8Array, receivedNs: number): number`
///
/// One frame, as a socket that is read frame by frame brings it: without lists, that are slower to read than a quote.
struct DecodeFrame;

impl HotCall for DecodeFrame {
    type Bound = Feed;
    type Answer = u32;
    const NAME: &CStr = c"decodeFrame";

    fn call(feed: &Feed, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let received_ns = arguments.double(2)?;
        let (records, rest) = arguments.lend_records(1)?;
        let mut decoder = feed.decoder.borrow_mut();
        let taken = decoder.frames([(rest.bytes(0)?, received_ns)], records);
        feed.apply(&decoder, records);
        Ok(taken as u32)
    }
}

/// `decodeFrames(frames: Uint8Array[], out: Uint8Array, receivedNs: Float64Array): number`
///
/// A frame for which `receivedNs` is too short has no receive time, and is rejected for it as one of NaN is.
struct DecodeFrames;

impl HotCall for DecodeFrames {
    type Bound = Feed;
    type Answer = u32;
    const NAME: &CStr = c"decodeFrames";

    fn call(feed: &Feed, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let (records, rest) = arguments.lend_records(1)?;
        let times = rest.doubles(2)?.iter().copied().chain(std::iter::repeat(f64::NAN));
        feed.decode(rest.list(0)?.zip(times), records)
    }
}

/// `decodeSpans(bytes: Uint8Array, out: Uint8Array, spans: Float64Array, count: number): number`
///
/// So many frames in one piece of memory, as those of one read of a socket are; `spans` has where each begins and ends, and
/// when it was received.
/// To find a frame of a list takes three calls of Node-API, more than it takes to decode a quote.
struct DecodeSpans;

impl HotCall for DecodeSpans {
    type Bound = Feed;
    type Answer = u32;
    const NAME: &CStr = c"decodeSpans";

    fn call(feed: &Feed, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let (records, rest) = arguments.lend_records(1)?;
        let (bytes, count) = (rest.bytes(0)?, arguments.number(3)? as usize);
        let frame_at = |span: &[f64]| {
            let frame = bytes.get(span[0] as usize..span[1] as usize);
            (frame.ok_or(Expected::new(c"expected frames that lie in the bytes")), span[2])
        };
        feed.decode(rest.doubles(2)?.chunks_exact(3).take(count).map(frame_at), records)
    }
}

/// `report(): DecoderReport`
struct Report;

impl HotCall for Report {
    type Bound = Feed;
    type Answer = Made<DecoderReport>;
    const NAME: &CStr = c"report";

    fn call(feed: &Feed, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        Ok(Made(report_of(&feed.decoder.borrow())))
    }
}

/// `takeControls(): ControlEvent[]`
struct TakeControls;

impl HotCall for TakeControls {
    type Bound = Feed;
    type Answer = Made<Vec<ControlEvent>>;
    const NAME: &CStr = c"takeControls";

    fn call(feed: &Feed, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        let taken = feed.decoder.borrow_mut().controls_mut().take();
        Ok(Made(taken.into_iter().map(control_of).collect()))
    }
}

fn report_of(decoder: &Decoder) -> DecoderReport {
    let tallied = |(name, count): (&str, u64)| Tallied { name: name.to_owned(), count: count as f64 };
    DecoderReport {
        instruments: decoder.instruments().map(str::to_owned).collect(),
        ignored: decoder.ignored().iter().map(tallied).collect(),
        rejected: decoder.rejects().counts().map(tallied).collect(),
        samples: decoder.rejects().samples().iter().map(sample_of).collect(),
        controls: decoder.controls().counts().map(tallied).collect(),
        controls_lost: decoder.controls().lost() as f64,
        clock_jumps: decoder.clock_jumps().samples().iter().map(jump_of).collect(),
    }
}

fn control_of(event: NotedControl) -> ControlEvent {
    ControlEvent {
        kind: event.kind.name().to_owned(),
        text: event.text,
        frame: event.frame as f64,
        offset: event.offset as f64,
    }
}

fn jump_of(jump: &tickbus_market::clock_jumps::ClockJump) -> ClockJump {
    ClockJump { frame: jump.frame as f64, offset: jump.offset as f64, back_ns: jump.back_ns }
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
