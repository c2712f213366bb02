//! One step of picking as a pair of words, which stay in registers; [`Picked`] would go through memory.

use super::nodes::NONE;
use super::schedule::{Picked, Released};

/// What was leased, or let go of, or that nothing can run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// None if nothing can run.
    node: u32,
    /// Why it was let go; 0 if it was leased.
    reason: u32,
}

impl Step {
    pub(super) const NONE: Self = Self { node: NONE, reason: 0 };

    #[inline]
    pub(super) const fn lease(node: u32) -> Self {
        Self { node, reason: 0 }
    }

    #[inline]
    pub(super) const fn release(released: Released) -> Self {
        Self { node: released.envelope + 1, reason: released.reason }
    }

    #[inline]
    pub(super) const fn is_none(self) -> bool {
        self.node == NONE
    }

    #[inline]
    pub(super) const fn is_lease(self) -> bool {
        self.node != NONE && self.reason == 0
    }

    /// The envelope that was leased, or let go.
    #[inline]
    pub(super) const fn envelope(self) -> u32 {
        self.node - 1
    }

    #[inline]
    pub(super) fn picked(self) -> Option<Picked> {
        let Self { node, reason } = self;
        let envelope = node.checked_sub(1)?;
        Some(if reason == 0 { Picked::Leased(envelope) } else { Picked::Released(Released { envelope, reason }) })
    }

    #[inline]
    pub(super) const fn released(self) -> Released {
        Released { envelope: self.envelope(), reason: self.reason }
    }
}
