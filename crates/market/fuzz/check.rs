//! What holds for any bytes that are given to a decoder. The fuzz targets and `tests/corpus.rs` both call it.

use tickbus_market::batch::Longs;
use tickbus_market::clock::Clock;
use tickbus_market::counts::Counts;
use tickbus_market::decoder::{Decoder, Venue};
use tickbus_market::general::normalise;

/// Room that some frames do not fit.
const ROOM: usize = 64;
const INSTRUMENTS_MOST: usize = 4;
const EPOCH: Clock = Clock::new(1_723_161_253, 0);

/// Takes the bytes as one frame and as lines.
///
/// # Panics
///
/// If anything does not hold.
pub(crate) fn check(venue: Venue, bytes: &[u8]) {
    check_frame(venue, bytes);
    check_lines(venue, bytes);
}

fn check_frame(venue: Venue, frame: &[u8]) {
    let (records, counts) = decode(venue, frame);
    assert_eq!(counts.frames, 1);
    assert_sums(&counts);
    let made = counts.quotes + counts.trades + counts.books;
    if counts.rejected > 0 {
        assert_eq!((records.len(), made), (0, 0));
        return;
    }
    assert!(made <= records.len() as u64 && records.len() * 4 <= frame.len());
    // The answer to OKX's ping, which is no JSON.
    if frame.trim_ascii() == b"pong" {
        return;
    }
    // What was taken is JSON, and its plainest form says the same. Control characters are not escaped there.
    let mut plain = Vec::new();
    assert_eq!(normalise(frame, &mut plain), Ok(()));
    if !plain.iter().any(u8::is_ascii_control) {
        assert_eq!(decode(venue, &plain).0, records);
    }
}

fn decode(venue: Venue, frame: &[u8]) -> (Vec<Longs>, Counts) {
    let mut decoder = open(venue);
    let mut out = vec![[0; 8]; ROOM];
    assert_eq!(decoder.frames([(frame, 0.0)], &mut out), 1);
    out.truncate(decoder.counts().records as usize);
    (out, decoder.counts())
}

/// Lines give the same in one piece and in two, and what is kept of them is bounded.
fn check_lines(venue: Venue, bytes: &[u8]) {
    let input = lines_of(bytes);
    let (mut whole, mut parted) = (open(venue), open(venue));
    let records = decode_lines(&mut whole, &input);
    let cut = input.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut in_parts = decode_lines(&mut parted, &input[..cut]);
    in_parts.extend(decode_lines(&mut parted, &input[cut..]));
    assert_eq!(records, in_parts);
    let counts = whole.counts();
    assert_eq!(counts.frames, input.split(|byte| *byte == b'\n').count() as u64 - 1);
    assert_sums(&counts);
    assert!(whole.instruments().count() <= INSTRUMENTS_MOST);
    assert!(whole.rejects().samples().len() <= 16 && whole.clock_jumps().samples().len() <= 16);
    let controls = whole.controls_mut().take();
    assert!(controls.len() <= 64 && controls.iter().all(|event| event.text.len() <= 200));
}

/// Each line of the bytes with a receive time before it, which now and then goes back, and the last one as it is.
fn lines_of(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let ns = 1_723_161_254_000_000_000_u64 + (number as u64 * 7_919) % 10_007;
        lines.extend_from_slice(ns.to_string().as_bytes());
        lines.push(b' ');
        lines.extend_from_slice(line);
        lines.push(b'\n');
    }
    lines.extend_from_slice(bytes.rsplit(|byte| *byte == b'\n').next().unwrap_or_default());
    lines.push(b'\n');
    lines
}

fn decode_lines(decoder: &mut Decoder, input: &[u8]) -> Vec<Longs> {
    let mut records = Vec::new();
    let mut out = vec![[0; 8]; ROOM];
    let mut rest = input;
    while !rest.is_empty() {
        let taken = decoder.lines(rest, &mut out);
        assert!(taken > 0, "each of the lines is whole, and an empty output has room or the line is rejected");
        records.extend_from_slice(&out[..decoder.counts().records as usize]);
        rest = &rest[taken..];
    }
    records
}

fn assert_sums(counts: &Counts) {
    let taken = counts.frames - counts.rejected - counts.ignored;
    assert!(counts.quotes + counts.trades + counts.books >= taken, "each frame that was decoded is a message at least");
    assert!(counts.controls <= counts.ignored && counts.general <= counts.frames);
}

fn open(venue: Venue) -> Decoder {
    let mut decoder = Decoder::new(venue, INSTRUMENTS_MOST);
    decoder.set_epoch(EPOCH);
    decoder
}
