//! A short text that lies where it is kept.

/// Bytes that fit without an allocation: with them a label has 40 bytes, and an edge 64.
const SHORT: usize = 38;

/// The text of one segment. Nearly all are short, which saves a trip to memory for each one that is compared.
#[derive(Debug)]
pub(super) enum Label {
    Short(u8, [u8; SHORT]),
    Long(Box<[u8]>),
}

impl Label {
    pub(super) fn new(text: &[u8]) -> Self {
        if text.len() > SHORT {
            return Self::Long(text.into());
        }
        let mut bytes = [0; SHORT];
        bytes[..text.len()].copy_from_slice(text);
        Self::Short(text.len() as u8, bytes)
    }

    #[inline]
    pub(super) fn text(&self) -> &[u8] {
        match self {
            Self::Short(length, bytes) => &bytes[..usize::from(*length)],
            Self::Long(text) => text,
        }
    }
}
