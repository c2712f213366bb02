//! The law behind its page of doubles.

use super::law::{Decision, LawState, Limits, Measured, decide, is_due};
use crate::error::BusError;
use crate::layout;
use crate::memory::Words;

/// The law with its memory, and the page in which it is told and answers.
#[derive(Clone, Debug)]
pub struct Autoscaler<W> {
    page: W,
    limits: Limits,
    state: LawState,
}

impl<W: Words> Autoscaler<W> {
    /// A pool of the fewest slots.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the page has another length.
    pub fn new(page: W, limits: Limits) -> Result<Self, BusError> {
        if page.len() != 2 * layout::AUTOSCALE_DOUBLES {
            return Err(BusError::Foreign("the page of an autoscaler has another length"));
        }
        Ok(Self { page, limits, state: LawState::new(&limits) })
    }

    /// Answers in the page to what the page tells.
    pub fn tick(&mut self) {
        let measured = self.measured();
        let decision = decide(&self.limits, &mut self.state, &measured);
        decision.write(|place, value| self.write(place, value));
    }

    /// Whether a tick is due at the time in the page.
    pub fn is_due(&self) -> bool {
        is_due(&self.limits, &self.state, &self.measured())
    }

    /// Decides by other measurements than those in the page, to which it answers nothing. Returns the size before.
    pub(super) fn decide(&mut self, measured: &Measured) -> (f64, Decision) {
        let from = self.state.size();
        (from, decide(&self.limits, &mut self.state, measured))
    }

    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The time in the page, in milliseconds.
    pub(super) fn now_ms(&self) -> f64 {
        self.read(layout::AUTOSCALE_DOUBLE_NOW)
    }

    fn measured(&self) -> Measured {
        Measured {
            now_ms: self.read(layout::AUTOSCALE_DOUBLE_NOW),
            rate_per_s: self.sound(layout::AUTOSCALE_DOUBLE_RATE),
            service_ms: self.sound(layout::AUTOSCALE_DOUBLE_SERVICE),
            depth: self.sound(layout::AUTOSCALE_DOUBLE_DEPTH),
            oldest_ms: self.sound(layout::AUTOSCALE_DOUBLE_OLDEST),
            oldest_critical_ms: self.sound(layout::AUTOSCALE_DOUBLE_OLDEST_CRITICAL),
            cpu_share: self.sound(layout::AUTOSCALE_DOUBLE_CPU_SHARE),
        }
    }

    /// What cannot be a measurement is none.
    fn sound(&self, place: usize) -> f64 {
        let value = self.read(place);
        if (0.0..f64::INFINITY).contains(&value) { value } else { f64::NAN }
    }

    fn read(&self, place: usize) -> f64 {
        f64::from_bits(self.page.read(place))
    }

    fn write(&self, place: usize, value: f64) {
        self.page.write(place, value.to_bits());
    }
}

impl Decision {
    /// Hands over what the page answers, by its places.
    pub(super) fn write(&self, mut write: impl FnMut(usize, f64)) {
        write(layout::AUTOSCALE_DOUBLE_WANTED, self.wanted);
        write(layout::AUTOSCALE_DOUBLE_CAP, self.cap);
        write(layout::AUTOSCALE_DOUBLE_REASON, f64::from(self.reason as u32));
        write(layout::AUTOSCALE_DOUBLE_KEPT, self.kept);
        write(layout::AUTOSCALE_DOUBLE_NEED, self.need);
        write(layout::AUTOSCALE_DOUBLE_RATE_USED, self.rate_per_s);
        write(layout::AUTOSCALE_DOUBLE_SERVICE_USED, self.service_ms);
        write(layout::AUTOSCALE_DOUBLE_CPU_SHARE_USED, self.cpu_share);
    }
}
