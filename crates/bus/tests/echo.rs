//! A full circle: this thread writes, an echo thread sends back, this thread reads; both sleep whenever they can.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use std::sync::atomic::Ordering::{Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread::{self, Thread};

use tickbus_bus::echo::{Bells, Echo};
use tickbus_bus::layout::{
    LAYOUT_HASH, MEMBER_STATE_LIVE, MEMBER_WORD_STATE, MEMBER_WORD_WAKE, MEMBER_WORDS, ROSTER_HEADER_WORDS,
    ROSTER_MAGIC, ROSTER_WORD_DEATHS, ROSTER_WORD_HASH, ROSTER_WORD_MAGIC, ROSTER_WORDS, WAKE_ASLEEP,
};
use tickbus_bus::memory::{SharedMemory, Words};
use tickbus_bus::record::Record;
use tickbus_bus::ring::Shape;
use tickbus_bus::ring_reader::RingReader;
use tickbus_bus::ring_writer::RingWriter;
use tickbus_bus::roster::Roster;

const MAIN: usize = 0;
const ECHO: usize = 1;

/// Unparks threads, and counts how often.
struct Parked<'a> {
    threads: [&'a Thread; 2],
    rings: AtomicUsize,
}

impl Bells for Parked<'_> {
    fn ring(&self, slot: usize) {
        self.rings.fetch_add(1, Relaxed);
        self.threads[slot].unpark();
    }
}

fn roster() -> (Roster<SharedMemory>, SharedMemory) {
    let page = SharedMemory::leaked(4 * ROSTER_WORDS);
    assert!(Roster::open(page).is_err(), "a page of zeros is no roster");
    page.store(ROSTER_WORD_MAGIC, ROSTER_MAGIC, Relaxed);
    assert!(Roster::open(page).is_err(), "it has no layout");
    page.store(ROSTER_WORD_HASH, LAYOUT_HASH, Relaxed);
    (Roster::open(page).unwrap(), page)
}

#[test]
fn everything_comes_back_once_and_in_order() {
    const MESSAGES: u64 = 300_000;
    let (roster, page) = roster();
    let shape = Shape::new(256, 16_384).unwrap();
    let [out, back] = [(); 2].map(|()| SharedMemory::leaked(shape.bytes()));
    let mut writer = RingWriter::create(out, shape, MAIN as u32).unwrap();
    let target = RingWriter::create(back, shape, ECHO as u32).unwrap();
    let mut reader = RingReader::open(back, MAIN).unwrap();
    let echo = Echo::new(roster, ECHO, RingReader::open(out, ECHO).unwrap(), target, 1 << MAIN).unwrap();
    let (stopping, main) = (AtomicBool::new(false), thread::current());

    thread::scope(|scope| {
        let (ready, begin) = std::sync::mpsc::channel::<Thread>();
        let (stopping, main) = (&stopping, &main);
        let echoing = scope.spawn(move || {
            let me = thread::current();
            ready.send(me.clone()).unwrap();
            let bells = Parked { threads: [main, &me], rings: AtomicUsize::new(0) };
            echo.run(&bells, stopping, thread::park);
        });
        let bells = Parked { threads: [main, &begin.recv().unwrap()], rings: AtomicUsize::new(0) };
        while page.load(ROSTER_HEADER_WORDS + ECHO * MEMBER_WORDS + MEMBER_WORD_WAKE, Relaxed) != WAKE_ASLEEP {
            thread::yield_now();
        }
        let (mut sent, mut received) = (0, 0);
        let mut payload = Vec::new();
        while received < MESSAGES {
            let length = |number: u64| if number.is_multiple_of(4) { number as usize % 900 } else { 0 };
            while sent < MESSAGES && writer.has_room(length(sent), 1 << ECHO) {
                if sent.is_multiple_of(4) {
                    let bytes = vec![sent as u8; length(sent)];
                    writer.push_payload(Record::payload(sent as u32), &bytes, 1 << ECHO).unwrap();
                } else {
                    writer.push(&Record::new(1, sent as u32, 0.0, 0.0, [sent as f64; 5]), 1 << ECHO);
                }
                sent += 1;
            }
            writer.show();
            if roster.sleep_flag(ECHO).lower() {
                bells.ring(ECHO);
            }
            let before = received;
            while let Some(record) = reader.take(&mut payload) {
                assert_eq!(u64::from(record.topic()), received);
                assert!(
                    record.payload_span().is_some() || record.fields().iter().all(|&field| field as u64 == received)
                );
                assert_eq!(payload, vec![received as u8; length(received)]);
                received += 1;
            }
            if reader.advance() {
                bells.ring(ECHO);
            }
            let blocked = sent == MESSAGES || writer.ask_for_room(length(sent), 1 << ECHO);
            if received == before && blocked && roster.sleep_flag(MAIN).fall_asleep(|| reader.has_more()) {
                thread::park();
            }
        }
        stopping.store(true, Release);
        assert!(bells.rings.load(Relaxed) > 0, "the first record met a sleeper");
        bells.ring(ECHO);
        echoing.join().unwrap();
        assert_eq!(reader.lost(), 0);
    });
}

#[test]
fn rings_of_unequal_slabs_are_refused() {
    let rings = [16_384, 4_096].map(|slab| {
        let shape = Shape::new(64, slab).unwrap();
        let memory = SharedMemory::leaked(shape.bytes());
        (RingWriter::create(memory, shape, 0).unwrap(), memory)
    });
    let [(_, source), (target, _)] = rings;
    let reader = RingReader::open(source, ECHO).unwrap();
    assert!(Echo::new(roster().0, ECHO, reader, target, 1).is_err());
}

#[test]
fn a_member_dies_once_and_only_in_its_own_generation() {
    let (roster, page) = roster();
    assert!(!roster.mark_dead(0, 0), "nobody uses the slot");
    page.store(ROSTER_HEADER_WORDS + MEMBER_WORD_STATE, MEMBER_STATE_LIVE, Relaxed);
    assert!(!roster.mark_dead(0, 1), "another generation");
    assert!(roster.mark_dead(0, 0));
    assert!(!roster.mark_dead(0, 0), "dead already");
    assert_eq!(page.load(ROSTER_WORD_DEATHS, Relaxed), 1);
}
