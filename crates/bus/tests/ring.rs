//! The ring on one thread, where every outcome can be told beforehand, and between two, at full speed.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use proptest::prelude::*;
use tickbus_bus::error::BusError;
use tickbus_bus::layout::{RING_WORD_CAPACITY, RING_WORD_HASH, RING_WORD_SLAB};
use tickbus_bus::memory::{SharedMemory, Words};
use tickbus_bus::record::Record;
use tickbus_bus::ring::Shape;
use tickbus_bus::ring_reader::RingReader;
use tickbus_bus::ring_writer::RingWriter;

const RECORDS: usize = 64;
const SLAB: usize = 4_096;
/// The reader's slot and its bit of the mask.
const SLOT: usize = 40;
const TO: u64 = 1 << SLOT;

fn ring(records: usize, slab: usize) -> (RingWriter<SharedMemory>, RingReader<SharedMemory>) {
    let shape = Shape::new(records, slab).unwrap();
    let memory = SharedMemory::leaked(shape.bytes());
    let writer = RingWriter::create(memory, shape, 0).unwrap();
    (writer, RingReader::open(memory, SLOT).unwrap())
}

/// A record whose every field is made from one number.
fn numbered(number: u64) -> Record {
    let base = number as f64;
    Record::new(1, number as u32, base, base + 0.5, std::array::from_fn(|i| base * (i + 2) as f64))
}

/// Bytes that only this number makes.
fn bytes_of(number: usize, length: usize) -> Vec<u8> {
    (0..length).map(|i| (number * 31 + i) as u8).collect()
}

#[derive(Clone, Debug)]
enum Step {
    /// Pushes records, every other one for somebody else.
    Push(usize),
    Payload(usize),
    Take(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..100_usize).prop_map(Step::Push),
        (0..=SLAB / 4).prop_map(Step::Payload),
        (1..100_usize).prop_map(Step::Take),
    ]
}

proptest! {
    #[test]
    fn what_is_not_taken_in_time_is_counted_as_lost(steps in prop::collection::vec(step(), 0..80)) {
        let (mut writer, mut reader) = ring(RECORDS, SLAB);
        let (mut sent, mut number) = (0, 0_u64);
        let mut payload = Vec::new();
        let mut last = None;
        let mut take = |reader: &mut RingReader<_>, most: usize| -> Result<(), TestCaseError> {
            for _ in 0..most {
                let Some(record) = reader.take(&mut payload) else { break };
                let topic = u64::from(record.topic());
                prop_assert!(last < Some(topic), "out of order");
                last = Some(topic);
                prop_assert!(record.payload_span().is_some() || record == numbered(topic));
                prop_assert_eq!(&payload, &bytes_of(topic as usize, payload.len()));
            }
            Ok(())
        };
        for step in steps {
            match step {
                Step::Push(count) => for _ in 0..count {
                    number += 1;
                    let to = if number.is_multiple_of(2) { TO } else { 1 };
                    sent += u64::from(to == TO);
                    writer.push(&numbered(number), to);
                },
                Step::Payload(length) => {
                    number += 1;
                    sent += 1;
                    writer.push_payload(Record::payload(number as u32), &bytes_of(number as usize, length), TO).unwrap();
                }
                Step::Take(most) => take(&mut reader, most)?,
            }
            prop_assert!(reader.lost() + reader.received() <= sent);
        }
        writer.show();
        take(&mut reader, usize::MAX)?;
        prop_assert_eq!(reader.received() + reader.lost(), sent);
    }

    #[test]
    fn a_reader_that_is_waited_for_loses_nothing(steps in prop::collection::vec(step(), 0..80)) {
        let (mut writer, mut reader) = ring(RECORDS, SLAB);
        let mut waiting = std::collections::VecDeque::new();
        let mut payload = Vec::new();
        let mut number = 0;
        for step in steps {
            match step {
                Step::Push(count) => for _ in 0..count {
                    if writer.has_room(0, TO) {
                        number += 1;
                        writer.push(&numbered(number), TO);
                        waiting.push_back((number, None));
                    }
                },
                Step::Payload(length) => if writer.has_room(length, TO) {
                    number += 1;
                    writer.push_payload(Record::payload(number as u32), &bytes_of(number as usize, length), TO).unwrap();
                    waiting.push_back((number, Some(length)));
                }
                Step::Take(most) => {
                    writer.show();
                    for (number, length) in waiting.drain(..most.min(waiting.len())) {
                        let record = reader.take(&mut payload).expect("a record that was waited for");
                        prop_assert_eq!(u64::from(record.topic()), number);
                        prop_assert_eq!(&payload, &bytes_of(number as usize, length.unwrap_or(0)));
                    }
                    prop_assert!(!reader.advance(), "nobody asked for room");
                }
            }
        }
        writer.show();
        while reader.take(&mut payload).is_some() {}
        prop_assert_eq!(reader.received(), number);
        prop_assert_eq!(reader.lost(), 0);
        prop_assert!(!reader.advance());
        prop_assert!(writer.has_room(SLAB / 4, TO), "all was taken, so there is room for the longest payload");
    }
}

#[test]
fn a_writer_that_asked_for_room_is_told_once() {
    let (mut writer, mut reader) = ring(RECORDS, SLAB);
    assert!(!writer.ask_for_room(0, TO), "an empty ring has room");
    while writer.has_room(0, TO) {
        writer.push(&numbered(0), TO);
    }
    assert!(writer.ask_for_room(0, TO));
    assert!(reader.take(&mut Vec::new()).is_some());
    assert!(reader.advance());
    assert!(!reader.advance());
}

#[test]
fn records_stay_hidden_until_they_are_shown_and_no_more_than_sixteen() {
    let (mut writer, mut reader) = ring(RECORDS, SLAB);
    for number in 0..15 {
        writer.push(&numbered(number), TO);
    }
    assert!(!reader.has_more());
    writer.push(&numbered(15), TO);
    assert!(reader.has_more());
}

#[test]
fn a_payload_that_no_writer_makes_is_received_as_nothing() {
    let (mut writer, mut reader) = ring(RECORDS, SLAB);
    let mut payload = vec![1];
    // The last unit of the slab, with a length of a hundred bytes.
    let mut broken = Record::payload(9);
    broken.0[3] = (SLAB as u64 / 8 - 1) | (100 << 32);
    writer.push(&broken, TO);
    writer.show();
    assert_eq!(reader.take(&mut payload), Some(broken));
    assert!(payload.is_empty());
    assert_eq!((reader.received(), reader.lost()), (1, 0));
}

#[test]
fn what_is_no_ring_is_refused() {
    let shape = Shape::new(RECORDS, SLAB).unwrap();
    let refused = |words: &[(usize, u32)]| {
        let memory = SharedMemory::leaked(shape.bytes());
        RingWriter::create(memory, shape, 0).unwrap();
        for &(word, value) in words {
            memory.store(word, value, Relaxed);
        }
        let error = RingReader::open(memory, 0).map(|_| ()).unwrap_err();
        assert_eq!(RingWriter::open(memory).map(|_| ()).unwrap_err(), error);
        error.code()
    };
    assert_eq!(refused(&[(0, 7)]), "TICKBUS_TICKET");
    assert_eq!(refused(&[(RING_WORD_HASH, 7)]), "TICKBUS_TICKET");
    assert_eq!(refused(&[(RING_WORD_CAPACITY, 100)]), "TICKBUS_TICKET");
    assert_eq!(refused(&[(RING_WORD_SLAB, 1 << 31)]), "TICKBUS_TICKET");
    assert_eq!(refused(&[(RING_WORD_CAPACITY, 2 * RECORDS as u32)]), "TICKBUS_TICKET");
    let short = SharedMemory::leaked(shape.bytes() - 8);
    assert!(matches!(RingWriter::create(short, shape, 0), Err(BusError::Foreign(_))));
    assert_eq!(Shape::new(32, SLAB).unwrap_err().code(), "TICKBUS_RING_SIZE");
}

#[test]
fn a_ring_has_one_writer_and_a_payload_a_limit() {
    let shape = Shape::new(RECORDS, SLAB).unwrap();
    let memory = SharedMemory::leaked(shape.bytes());
    RingWriter::create(memory, shape, 0).unwrap();
    let mut writer = RingWriter::open(memory).unwrap();
    let error = writer.push_payload(Record::payload(0), &[0; SLAB / 4 + 1], TO).unwrap_err();
    assert_eq!(error.code(), "TICKBUS_PAYLOAD_SIZE");
    writer.push(&numbered(0), TO);
    assert!(RingWriter::open(memory).is_err());
    assert!(RingReader::open(memory, 64).is_err());
}

#[test]
fn a_million_records_between_two_threads_are_whole_and_all_accounted_for() {
    const MESSAGES: u64 = 1_000_000;
    let (mut writer, mut reader) = ring(1_024, 65_536);
    let writing = thread::spawn(move || {
        for number in 1..=MESSAGES {
            if number.is_multiple_of(8) {
                let bytes = bytes_of(number as usize, number as usize % 200);
                writer.push_payload(Record::payload(number as u32), &bytes, TO).unwrap();
            } else {
                writer.push(&numbered(number), TO);
            }
        }
        writer.show();
    });
    let mut payload = Vec::new();
    let mut last = 0;
    while last < MESSAGES {
        let Some(record) = reader.take(&mut payload) else {
            thread::yield_now();
            continue;
        };
        let number = u64::from(record.topic());
        assert!(number > last);
        last = number;
        if number.is_multiple_of(8) {
            assert_eq!(payload, bytes_of(number as usize, number as usize % 200));
        } else {
            assert_eq!(record, numbered(number));
        }
    }
    writing.join().unwrap();
    assert_eq!(reader.received() + reader.lost(), MESSAGES);
}
