//! What Tickbus does in Rust, over memory that JavaScript allocated: rings, sleep flags, the roster of a bus; and over
//! memory of its own: patterns and routes, lanes of consumer groups.
//!
//! This crate knows nothing of Node. Everything that touches shared memory is generic over [`memory::Words`], so that
//! the tests run the same code over plain memory and under the model checker (`tests/loom.rs`). All `unsafe` is in
//! [`memory`].

#![deny(unsafe_code)]

pub mod autoscale;
pub mod echo;
pub mod error;
pub mod lanes;
#[allow(clippy::doc_markdown, reason = "generated, and its prose is shared with TypeScript")]
pub mod layout;
pub mod memory;
pub mod message;
pub mod pattern;
pub mod record;
pub mod ring;
pub mod ring_reader;
pub mod ring_writer;
pub mod roster;
pub mod routes;
pub mod wake;
