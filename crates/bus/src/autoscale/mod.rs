//! The law that sizes a pool: how many slots there should be, from arrival rate, service time, backlog and CPU share.
//!
//! `ts/fallback/autoscale/` is its twin: the same operations in the same order, and only those that IEEE 754 rounds the same
//! everywhere, so that both answer the same bits.

mod law;
mod page;
mod recent_need;
mod smoothed;
mod spent;
mod stand_in;

pub use law::{Decision, LawState, Limits, Measured, Reason, TICK_MS, decide, is_due};
pub use page::Autoscaler;
pub use recent_need::HOLD_MS;
pub use stand_in::{PATIENCE_MS, StandIn, Threads};
