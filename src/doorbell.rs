//! The doorbell of an environment: the only thread-safe function of the addon. It carries nothing, since what was rung
//! for lies in the rings, and it is weak, so that it never keeps a process alive.

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};

const CALLEE_HANDLED: bool = false;
const WEAK: bool = true;

/// Calls one function on its environment's event loop, from any thread.
pub(crate) struct Doorbell(ThreadsafeFunction<(), (), (), Status, CALLEE_HANDLED, WEAK>);

impl Doorbell {
    pub(crate) fn new(wake: &Function<'_, (), ()>) -> napi::Result<Self> {
        wake.build_threadsafe_function::<()>().callee_handled::<CALLEE_HANDLED>().weak::<WEAK>().build().map(Self)
    }

    pub(crate) fn ring(&self) {
        // The queue has no bound, so the one refusal is that the environment is closing, and then nobody is to wake.
        let status = self.0.call((), ThreadsafeFunctionCallMode::NonBlocking);
        debug_assert!(matches!(status, Status::Ok | Status::Closing), "{status}");
    }
}

impl std::fmt::Debug for Doorbell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doorbell")
    }
}
