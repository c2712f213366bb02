//! Where the clock of whoever received the frames went back.

use tickbus_bus::layout::REJECT_SAMPLES_MOST;

/// A frame that was received before the one in front of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockJump {
    /// Which frame or line it was, from 1.
    pub frame: u64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: u64,
    /// How far the clock went back, in nanoseconds.
    pub back_ns: f64,
}

/// The jumps so far: counted, and the first few described.
#[derive(Clone, Debug)]
pub struct ClockJumps {
    last_ns: f64,
    count: u64,
    samples: Vec<ClockJump>,
}

impl Default for ClockJumps {
    fn default() -> Self {
        Self { last_ns: f64::NEG_INFINITY, count: 0, samples: Vec::new() }
    }
}

impl ClockJumps {
    /// Forgets the last time, because those that follow count from another instant.
    pub const fn restart(&mut self) {
        self.last_ns = f64::NEG_INFINITY;
    }

    /// Looks at a frame's receive time.
    #[inline]
    pub fn see(&mut self, init_ns: f64, frame: u64, offset: u64) {
        if init_ns < self.last_ns {
            self.count += 1;
            if self.samples.len() < REJECT_SAMPLES_MOST {
                self.samples.push(ClockJump { frame, offset, back_ns: self.last_ns - init_ns });
            }
        }
        self.last_ns = init_ns;
    }

    /// How many there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first jumps.
    #[must_use]
    pub fn samples(&self) -> &[ClockJump] {
        &self.samples
    }
}
