//! The queue of a consumer group: what waits, in which order it runs, and what has to go.
//!
//! Messages lie in envelopes, in memory that JavaScript sees; beside it this module keeps links only, in arrays of zeros,
//! so that room which is not used costs no memory. [`schedule::Schedule`] is the queue as Rust calls it;
//! [`turn::Turns`] is a queue of one thread, which hands lists over in a [`port::Port`]. `ts/fallback/lanes/` gives
//! the same trace. Checked against a naive queue by `tests/schedule.rs`; cost by `cargo
//! bench --bench schedule`.
//!
//! [`shared_group::SharedGroup`] is a queue that several threads run, each through a [`shared_port::SharedPort`].
//!
//! Whatever stands in the shared memory is taken as it is: a number that is out of range, or that is not where it is said
//! to be, is ignored.

mod adopt;
mod combiner;
mod conflation;
mod controlled_delay;
mod credit;
mod deadline;
mod delayed;
mod direct;
pub mod envelopes;
mod fifo;
mod heap;
pub mod id_queue;
pub mod id_stack;
mod intake;
mod lease;
mod line;
mod lists;
mod mailboxes;
mod nodes;
pub mod options;
mod order;
mod owner;
mod page;
mod picker;
pub mod pool;
pub mod port;
mod queue;
mod run_lanes;
pub mod schedule;
pub mod shared_group;
pub mod shared_port;
pub mod slab;
mod sleepers;
mod step;
mod strict;
mod sync;
pub mod turn;
mod weighted;

/// Spreads over all bits what may differ in a few only: both halves of a product of 128 bits, as in wyhash (Wang Yi).
const fn mix(value: u64) -> u64 {
    let product = (value as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    product as u64 ^ (product >> 64) as u64
}
