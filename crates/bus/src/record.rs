//! The 64-byte record that crosses threads, as eight 64-bit values in the order of `layout.json`.

use crate::layout::{
    KIND_IN_SLAB, KIND_PAYLOAD, PAYLOAD_WORD_LENGTH, PAYLOAD_WORD_POSITION, RECORD_BYTES, RECORD_DOUBLE_EVENT,
    RECORD_DOUBLE_FIELDS, RECORD_DOUBLE_INIT, RECORD_WORD_KIND, RECORD_WORD_TOPIC,
};

/// Length of a record in 64-bit values.
pub const RECORD_LONGS: usize = RECORD_BYTES / 8;
/// How many doubles belong to the record's kind.
pub const FIELDS: usize = RECORD_LONGS - RECORD_DOUBLE_FIELDS;

/// One record, by value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record(pub [u64; RECORD_LONGS]);

impl Record {
    /// A record of a market-data kind. Times are nanoseconds since the bus epoch.
    #[must_use]
    pub fn new(kind: u8, topic: u32, event: f64, init: f64, fields: [f64; FIELDS]) -> Self {
        let mut record = Self::default();
        record.set_word(RECORD_WORD_KIND, u32::from(kind));
        record.set_word(RECORD_WORD_TOPIC, topic);
        record.0[RECORD_DOUBLE_EVENT] = event.to_bits();
        record.0[RECORD_DOUBLE_INIT] = init.to_bits();
        for (long, field) in record.0[RECORD_DOUBLE_FIELDS..].iter_mut().zip(fields) {
            *long = field.to_bits();
        }
        record
    }

    /// A record for a payload; where it lies is filled in by the ring.
    #[must_use]
    pub fn payload(topic: u32) -> Self {
        let mut record = Self::default();
        record.set_word(RECORD_WORD_KIND, KIND_PAYLOAD);
        record.set_word(RECORD_WORD_TOPIC, topic);
        record
    }

    /// The kind: one of the `KIND` constants.
    #[must_use]
    pub const fn kind(&self) -> u32 {
        self.word(RECORD_WORD_KIND) & 0xff
    }

    /// The writer's id of the topic.
    #[must_use]
    pub const fn topic(&self) -> u32 {
        self.word(RECORD_WORD_TOPIC)
    }

    /// When it happened at the venue, if the record is of a market-data kind and not in the slab.
    #[must_use]
    pub const fn event(&self) -> f64 {
        self.double(RECORD_DOUBLE_EVENT)
    }

    /// When the message was made here, under the same condition.
    #[must_use]
    pub const fn init(&self) -> f64 {
        self.double(RECORD_DOUBLE_INIT)
    }

    /// The doubles of the kind.
    #[must_use]
    pub fn fields(&self) -> [f64; FIELDS] {
        std::array::from_fn(|i| self.double(RECORD_DOUBLE_FIELDS + i))
    }

    /// One of the record's 64-bit values as a double, the head included.
    ///
    /// # Panics
    /// If there is no such value.
    #[must_use]
    pub const fn double(&self, index: usize) -> f64 {
        f64::from_bits(self.0[index])
    }

    /// The upper three bytes of the kind word, which mean something else for each kind.
    pub(crate) const fn flags(&self) -> u32 {
        self.word(RECORD_WORD_KIND) >> 8
    }

    /// Slab position and length, if the record stands for a payload.
    #[must_use]
    pub const fn payload_span(&self) -> Option<(u32, u32)> {
        if self.kind() < KIND_IN_SLAB {
            return None;
        }
        Some((self.word(PAYLOAD_WORD_POSITION), self.word(PAYLOAD_WORD_LENGTH)))
    }

    pub(crate) fn set_payload_span(&mut self, position: u32, length: u32) {
        self.set_word(PAYLOAD_WORD_POSITION, position);
        self.set_word(PAYLOAD_WORD_LENGTH, length);
    }

    const fn word(&self, word: usize) -> u32 {
        // Even words are low halves, odd words high halves: little-endian, see memory.rs.
        (self.0[word / 2] >> (32 * (word % 2))) as u32
    }

    fn set_word(&mut self, word: usize, value: u32) {
        let shift = 32 * (word % 2);
        self.0[word / 2] = self.0[word / 2] & !(0xffff_ffff << shift) | u64::from(value) << shift;
    }
}
