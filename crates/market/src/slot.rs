//! A field of a frame while it is being scanned.

use crate::reject::Reason;
use crate::scanner::{Misfit, Scanned};

/// What a frame holds of a field. Whether a bad value matters is known only with the frame's kind.
#[derive(Clone, Copy, Debug, Default)]
pub enum Slot<T> {
    /// The field was not met.
    #[default]
    Absent,
    /// The field is there, and is not what it should be.
    Bad,
    /// The field's value.
    Given(T),
}

impl<T: Copy> Slot<T> {
    /// Fills the slot, which may happen once in a frame.
    #[inline]
    pub fn fill(&mut self, value: T, field: &'static str) -> Scanned<()> {
        if self.is_given() {
            return Err(Misfit::Reject(Reason::Twice(field)));
        }
        *self = Self::Given(value);
        Ok(())
    }

    /// Notes that the field is there, and is not what it should be.
    pub fn spoil(&mut self, field: &'static str) -> Scanned<()> {
        if self.is_given() {
            return Err(Misfit::Reject(Reason::Twice(field)));
        }
        *self = Self::Bad;
        Ok(())
    }

    /// The value of a field that the frame must have.
    #[inline]
    pub fn required(self, field: &'static str) -> Result<T, Reason> {
        match self {
            Self::Given(value) => Ok(value),
            _ => Err(Reason::Field(field)),
        }
    }

    /// The value of a field that the frame may have.
    #[inline]
    pub fn optional(self, field: &'static str) -> Result<Option<T>, Reason> {
        match self {
            Self::Absent => Ok(None),
            Self::Bad => Err(Reason::Field(field)),
            Self::Given(value) => Ok(Some(value)),
        }
    }

    /// Whether the field was met.
    #[inline]
    pub const fn is_given(&self) -> bool {
        !matches!(self, Self::Absent)
    }
}
