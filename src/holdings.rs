//! What must end with an environment: seats, threads, and references that keep shared memory.

use std::cell::RefCell;
use std::rc::Rc;

/// Something that holds a seat or memory until it is released, or its environment ends.
pub(crate) trait Held {
    /// The environment ends: joins threads first, then lets go of memory.
    fn end(&self);
}

/// All that one environment holds.
#[derive(Default)]
pub(crate) struct Holdings(RefCell<Vec<Rc<dyn Held>>>);

impl Holdings {
    pub(crate) fn add(&self, held: Rc<dyn Held>) {
        self.0.borrow_mut().push(held);
    }

    /// Forgets what was released.
    pub(crate) fn remove<T: Held>(&self, released: &T) {
        let address = std::ptr::from_ref(released).cast::<()>();
        self.0.borrow_mut().retain(|held| Rc::as_ptr(held).cast::<()>() != address);
    }

    /// The clean-up hook of the environment.
    pub(crate) fn end(&self) {
        for held in self.0.take() {
            held.end();
        }
    }
}
