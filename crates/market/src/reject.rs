//! Frames that could not be read: counted by reason, and the first few described.

use tickbus_bus::layout::REJECT_SAMPLES_MOST;

/// Why a frame was rejected. `ts/market/rejection.ts` has the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The line does not begin with a receive time of 19 digits and a space.
    Time,
    /// It was received more than 104 days from the epoch.
    Reach,
    /// It is longer than the decoder takes, `FRAME_BYTES_MOST` unless told otherwise.
    Length,
    /// It is not UTF-8.
    Encoding,
    /// It is nested deeper than `FRAME_NESTING_MOST`.
    Nesting,
    /// It is not JSON.
    Json,
    /// It is JSON, but no object, nor a list where the venue sends lists.
    Object,
    /// It does not say what it is.
    Kind,
    /// Its instrument is none that the decoder knows or has room for.
    Instrument,
    /// It happened more than 104 days from the epoch.
    EventTime,
    /// It has more levels than the whole output holds.
    Room,
    /// A field is missing, or is not what it should be.
    Field(&'static str),
    /// A field is given twice.
    Twice(&'static str),
    /// A price or size is negative.
    Negative(&'static str),
    /// A price or size is zero where that has no meaning.
    Zero(&'static str),
    /// A price or size is more than a double holds, or so small that it would become zero.
    Range(&'static str),
}

/// Every reason's name, in the order of `Reason::index`.
pub const REASONS: [&str; 16] = [
    "time",
    "reach",
    "length",
    "encoding",
    "nesting",
    "json",
    "object",
    "kind",
    "instrument",
    "eventTime",
    "room",
    "field",
    "twice",
    "negative",
    "zero",
    "range",
];

impl Reason {
    /// The reason's place in [`REASONS`], and the field that it is about, if it is about one.
    #[must_use]
    pub const fn parts(self) -> (usize, Option<&'static str>) {
        match self {
            Self::Time => (0, None),
            Self::Reach => (1, None),
            Self::Length => (2, None),
            Self::Encoding => (3, None),
            Self::Nesting => (4, None),
            Self::Json => (5, None),
            Self::Object => (6, None),
            Self::Kind => (7, None),
            Self::Instrument => (8, None),
            Self::EventTime => (9, None),
            Self::Room => (10, None),
            Self::Field(field) => (11, Some(field)),
            Self::Twice(field) => (12, Some(field)),
            Self::Negative(field) => (13, Some(field)),
            Self::Zero(field) => (14, Some(field)),
            Self::Range(field) => (15, Some(field)),
        }
    }
}

/// A rejected frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Which frame or line it was, from 1.
    pub frame: u64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: u64,
    /// Why it was rejected.
    pub reason: Reason,
}

/// What was rejected so far.
#[derive(Clone, Debug, Default)]
pub struct Rejects {
    counts: [u64; REASONS.len()],
    samples: Vec<Sample>,
}

impl Rejects {
    /// Counts a frame, and keeps it if it is among the first.
    pub fn add(&mut self, sample: Sample) {
        self.counts[sample.reason.parts().0] += 1;
        if self.samples.len() < REJECT_SAMPLES_MOST {
            self.samples.push(sample);
        }
    }

    /// How many there were of each reason that occurred.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        REASONS.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }

    /// The first rejected frames.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
}
