//! A mean that follows.

/// The time in which a step has come through by 63 %, in milliseconds: a fifth of it in a tick of 20 ms.
const SMOOTHING_MS: f64 = 80.0;

/// An exponentially weighted mean for ticks that are not evenly spaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smoothed {
    /// NaN before the first measurement.
    pub(super) value: f64,
}

impl Smoothed {
    pub(super) const fn new() -> Self {
        Self { value: f64::NAN }
    }

    /// Takes a measurement in; NaN changes nothing.
    pub(super) fn take(&mut self, measured: f64, passed_ms: f64) {
        if measured.is_nan() {
            return;
        }
        // As near to 1 - exp(-t / T) as is needed, and without a function that two languages may round differently.
        let weight = passed_ms / (passed_ms + SMOOTHING_MS);
        self.value = if self.value.is_nan() { measured } else { self.value + weight * (measured - self.value) };
    }
}
