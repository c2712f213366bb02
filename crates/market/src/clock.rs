//! Times as nanoseconds since an epoch, in doubles that hold every one of them.

use crate::moment::Moment;
use crate::reject::Reason;

/// Longest distance from the epoch, 104 days: up to there a double holds every nanosecond.
const REACH_SECONDS: i64 = 9_000_000;
const NS_PER_SECOND: i64 = 1_000_000_000;
const NS_PER_MS: i64 = 1_000_000;
const NS_PER_US: i64 = 1_000;

/// The instant that times count from.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    seconds: i64,
    nanos: i64,
}

impl Clock {
    /// An epoch by whole UNIX seconds and the nanoseconds of that second.
    #[must_use]
    pub const fn new(seconds: i64, nanos: i64) -> Self {
        Self { seconds, nanos }
    }

    /// Nanoseconds from the epoch that a double holds.
    ///
    /// # Errors
    ///
    /// `Reach` if they are too many, or no number.
    #[inline]
    pub fn in_reach(ns: f64) -> Result<f64, Reason> {
        if ns.abs() <= (REACH_SECONDS * NS_PER_SECOND) as f64 { Ok(ns) } else { Err(Reason::Reach) }
    }

    /// Nanoseconds from the epoch to a receive time, given as 19 digits of UNIX nanoseconds.
    ///
    /// # Errors
    ///
    /// `Time` if it is not that, `Reach` if it is too far away.
    #[inline]
    pub fn received(&self, text: &[u8]) -> Result<f64, Reason> {
        if text.len() != 19 {
            return Err(Reason::Time);
        }
        let mut unix_ns = 0_i64;
        for byte in text {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return Err(Reason::Time);
            }
            unix_ns = unix_ns.wrapping_mul(10).wrapping_add(i64::from(digit));
        }
        // 19 digits can be more than an i64 holds: then the time is centuries away, and so is what it wraps to.
        let (seconds, nanos) = (unix_ns.div_euclid(NS_PER_SECOND) - self.seconds, unix_ns.rem_euclid(NS_PER_SECOND));
        if seconds.abs() > REACH_SECONDS {
            return Err(Reason::Reach);
        }
        Ok((seconds * NS_PER_SECOND + nanos - self.nanos) as f64)
    }

    /// Nanoseconds from the epoch to a venue's UNIX milliseconds.
    ///
    /// # Errors
    ///
    /// `EventTime` if they are too far away.
    #[inline]
    pub fn event(&self, unix_ms: u64) -> Result<f64, Reason> {
        let ms = unix_ms.cast_signed() - self.seconds * 1_000;
        if ms.abs() > REACH_SECONDS * 1_000 {
            return Err(Reason::EventTime);
        }
        Ok((ms * NS_PER_MS - self.nanos) as f64)
    }

    /// Nanoseconds from the epoch to a venue's UNIX microseconds, less than 2^53.
    ///
    /// # Errors
    ///
    /// `EventTime` if they are too far away.
    #[inline]
    pub fn event_us(&self, unix_us: u64) -> Result<f64, Reason> {
        let us = unix_us.cast_signed() - self.seconds * 1_000_000;
        if us.abs() > REACH_SECONDS * 1_000_000 {
            return Err(Reason::EventTime);
        }
        Ok((us * NS_PER_US - self.nanos) as f64)
    }

    /// Nanoseconds from the epoch to a venue's time.
    ///
    /// # Errors
    ///
    /// `EventTime` if it is too far away.
    #[inline]
    pub fn at(&self, moment: Moment) -> Result<f64, Reason> {
        let seconds = moment.seconds - self.seconds;
        if seconds.abs() > REACH_SECONDS {
            return Err(Reason::EventTime);
        }
        Ok((seconds * NS_PER_SECOND + moment.nanos - self.nanos) as f64)
    }
}
