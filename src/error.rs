//! Errors with the codes of the one table in `ts/errors.ts`. The message is the reason alone; `ts/native` puts it into
//! the sentence that the table has for the code.

use tickbus_bus::error::BusError;
use tickbus_journal::error::JournalError;

/// A stable code, which JavaScript sees as `error.code`.
#[derive(Clone, Copy, Debug)]
pub struct Code(&'static str);

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// What an entry point returns.
pub type Result<T> = std::result::Result<T, napi::Error<Code>>;

/// What the core refused.
pub(crate) fn refused(error: BusError) -> napi::Error<Code> {
    napi::Error::new(Code(error.code()), error.to_string())
}

/// What the journal refused.
pub(crate) fn unreadable(error: JournalError) -> napi::Error<Code> {
    napi::Error::new(Code(error.code()), error.to_string())
}

/// What should not happen.
pub(crate) fn internal(error: impl std::fmt::Display) -> napi::Error<Code> {
    napi::Error::new(Code("TICKBUS_INTERNAL"), error.to_string())
}
