//! The ring and the sleep flag under the model checker: every order in which two threads' loads and stores can take
//! effect, up to a bound on pre-emptions.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p tickbus-bus --test loom --release`
//!
//! The code is the crate's own; only the memory is loom's. A word that a model does not list reads as zero and forgets
//! what is stored, which keeps a ring of two records small enough to be searched.

#![cfg(loom)]
#![allow(missing_docs, reason = "a test")]

use std::collections::HashMap;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU32, AtomicU64, fence};
use loom::thread;

use tickbus_bus::layout::{
    MEMBER_WORD_WAKE, RING_CONTROL_WORDS, RING_MASK_WORDS, RING_WORD_COUNTED, RING_WORD_CURSORS, RING_WORD_RESERVED,
    RING_WORD_SENT, RING_WORD_SLAB_RESERVED, RING_WORD_TAIL, RING_WORD_WANTED, ROSTER_HEADER_WORDS, ROSTER_WORD_HASH,
    ROSTER_WORD_MAGIC, ROSTER_WORDS,
};
use tickbus_bus::memory::Words;
use tickbus_bus::record::{RECORD_LONGS, Record};
use tickbus_bus::ring::Shape;
use tickbus_bus::ring_reader::RingReader;
use tickbus_bus::ring_writer::RingWriter;
use tickbus_bus::roster::Roster;

/// Memory of loom's atomics, where a model wants them.
#[derive(Clone)]
struct Model(Arc<Cells>);

struct Cells {
    words: HashMap<usize, AtomicU32>,
    longs: HashMap<usize, AtomicU64>,
    length: usize,
}

impl Model {
    fn new(words: &[usize], longs: &[usize], length: usize) -> Self {
        Self(Arc::new(Cells {
            words: words.iter().map(|&word| (word, AtomicU32::new(0))).collect(),
            longs: longs.iter().map(|&long| (long, AtomicU64::new(0))).collect(),
            length,
        }))
    }

    /// A ring of so many records and 32 bytes of slab, for the member in slot 0. Of the first `records` it has the
    /// mask and the longs in `longs`, of the slab the first eight bytes.
    fn ring(capacity: u32, records: usize, longs: &[usize]) -> (Self, Shape) {
        let shape = Shape::small(capacity, 32);
        let masks_at = RING_CONTROL_WORDS / 2;
        let records_at = masks_at + RING_MASK_WORDS / 2 * capacity as usize;
        let slab_at = records_at + RECORD_LONGS * capacity as usize;
        let mut kept = vec![RING_WORD_SENT / 2, slab_at];
        kept.extend(masks_at..masks_at + records);
        kept.extend(
            (0..records).flat_map(|index| longs.iter().map(move |long| records_at + RECORD_LONGS * index + long)),
        );
        let control = [
            RING_WORD_TAIL,
            RING_WORD_COUNTED,
            RING_WORD_RESERVED,
            RING_WORD_SLAB_RESERVED,
            RING_WORD_WANTED,
            RING_WORD_CURSORS,
        ];
        (Self::new(&control, &kept, shape.bytes() / 4), shape)
    }

    fn roster() -> Roster<Self> {
        let model = Self::new(
            &[ROSTER_WORD_MAGIC, ROSTER_WORD_HASH, ROSTER_HEADER_WORDS + MEMBER_WORD_WAKE],
            &[],
            ROSTER_WORDS,
        );
        model.store(ROSTER_WORD_MAGIC, tickbus_bus::layout::ROSTER_MAGIC, Relaxed);
        model.store(ROSTER_WORD_HASH, tickbus_bus::layout::LAYOUT_HASH, Relaxed);
        Roster::open(model).unwrap()
    }
}

impl Words for Model {
    fn load(&self, word: usize, order: Ordering) -> u32 {
        self.0.words.get(&word).map_or(0, |cell| cell.load(order))
    }

    fn store(&self, word: usize, value: u32, order: Ordering) {
        if let Some(cell) = self.0.words.get(&word) {
            cell.store(value, order);
        }
    }

    fn swap(&self, word: usize, value: u32) -> u32 {
        self.0.words[&word].swap(value, Ordering::SeqCst)
    }

    fn exchange(&self, word: usize, current: u32, new: u32) -> bool {
        self.0.words[&word].compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn increment(&self, word: usize) {
        self.0.words[&word].fetch_add(1, Ordering::SeqCst);
    }

    fn read(&self, long: usize) -> u64 {
        self.0.longs.get(&long).map_or(0, |cell| cell.load(Relaxed))
    }

    fn write(&self, long: usize, value: u64) {
        if let Some(cell) = self.0.longs.get(&long) {
            cell.store(value, Relaxed);
        }
    }

    fn fence(order: Ordering) {
        fence(order);
    }

    fn len(&self) -> usize {
        self.0.length
    }
}

fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(3);
    builder.check(model);
}

/// A record that carries its number twice, so that a mixture of two shows.
fn numbered(number: u64) -> Record {
    let mut record = Record::default();
    record.0[1] = number;
    record.0[2] = number;
    record
}

#[test]
fn a_lapped_reader_gets_whole_records_in_order_and_counts_the_others() {
    check(|| {
        let (memory, shape) = Model::ring(2, 2, &[1, 2]);
        let mut writer = RingWriter::create(memory.clone(), shape, 0).unwrap();
        let mut reader = RingReader::small(memory, shape, 0);
        let writing = thread::spawn(move || {
            for number in 1..=4 {
                writer.push(&numbered(number), 1);
            }
        });
        let mut last = 0;
        let mut payload = Vec::new();
        let mut drain = |reader: &mut RingReader<Model>| {
            while let Some(record) = reader.take(&mut payload) {
                assert_eq!(record.0[1], record.0[2], "torn");
                assert!(record.0[1] > last, "out of order");
                last = record.0[1];
            }
        };
        drain(&mut reader);
        let early = reader.lost();
        assert!(early + reader.received() <= 4, "counted too high");
        writing.join().unwrap();
        drain(&mut reader);
        assert_eq!(reader.received() + reader.lost(), 4);
        assert_eq!(last, 4, "the last record is never lost to a reader that has caught up");
    });
}

#[test]
fn a_payload_that_is_overwritten_is_never_delivered_as_another() {
    check(|| {
        // The ring has room for all records, but its slab only for four payloads: the fifth overwrites the first.
        let (memory, shape) = Model::ring(8, 1, &[0, 3]);
        let mut writer = RingWriter::create(memory.clone(), shape, 0).unwrap();
        let mut reader = RingReader::small(memory, shape, 0);
        let writing = thread::spawn(move || {
            writer.push_payload(Record::payload(7), &7_u64.to_le_bytes(), 1).unwrap();
            for _ in 0..4 {
                writer.push_payload(Record::payload(0), &[0; 8], 0).unwrap();
            }
        });
        let mut payload = Vec::new();
        let mut take = || reader.take(&mut payload).inspect(|_| assert_eq!(payload, 7_u64.to_le_bytes(), "torn"));
        let early = take();
        writing.join().unwrap();
        assert!(take().is_none(), "taken twice, or taken although it is gone, after {early:?}");
        assert_eq!(reader.received() + reader.lost(), 1);
    });
}

#[test]
fn a_record_shown_to_a_reader_that_falls_asleep_leads_to_a_ring() {
    check(|| {
        let roster = Model::roster();
        let (memory, shape) = Model::ring(2, 2, &[]);
        let mut writer = RingWriter::create(memory.clone(), shape, 0).unwrap();
        let mut reader = RingReader::small(memory, shape, 0);
        let bell = Arc::new(AtomicU32::new(0));
        let (roster_of_writer, bell_of_writer) = (roster.clone(), Arc::clone(&bell));
        let writing = thread::spawn(move || {
            writer.push(&Record::default(), 1);
            writer.show();
            if roster_of_writer.sleep_flag(0).lower() {
                bell_of_writer.fetch_add(1, Ordering::SeqCst);
            }
        });
        let sleeps = roster.sleep_flag(0).fall_asleep(|| reader.has_more());
        writing.join().unwrap();
        let rung = bell.load(Acquire);
        assert!(rung <= 1, "rung twice");
        assert!(!sleeps || rung == 1, "asleep, and nobody rings");
    });
}

#[test]
fn of_two_writers_that_find_a_sleeper_one_rings() {
    check(|| {
        let roster = Model::roster();
        assert!(roster.sleep_flag(0).fall_asleep(|| false));
        let other = roster.clone();
        let ringing = thread::spawn(move || u32::from(other.sleep_flag(0).lower()));
        let rung = u32::from(roster.sleep_flag(0).lower());
        assert_eq!(rung + ringing.join().unwrap(), 1);
    });
}

#[test]
fn a_writer_that_waits_for_room_is_rung() {
    check(|| {
        let (memory, shape) = Model::ring(2, 2, &[]);
        let mut writer = RingWriter::create(memory.clone(), shape, 0).unwrap();
        let mut reader = RingReader::small(memory, shape, 0);
        writer.push(&Record::default(), 1);
        writer.push(&Record::default(), 1);
        let reading = thread::spawn(move || {
            let mut payload = Vec::new();
            assert!(reader.take(&mut payload).is_some());
            reader.advance()
        });
        let waits = writer.ask_for_room(0, 1);
        let rung = reading.join().unwrap();
        assert!(!waits || rung, "waits, and nobody rings");
        assert!(writer.has_room(0, 1));
    });
}
