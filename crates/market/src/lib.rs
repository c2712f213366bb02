//! Venues' market data as it comes off the socket, decoded to the 64-byte records of `tickbus_bus::layout`.
//!
//! A frame is scanned once, without a tree and without an allocation ([`scanner`]). What does not fit the scanner is
//! rewritten in its plainest form by the general parser ([`general`]) and scanned again; what does not fit then is
//! rejected, counted and sampled ([`reject`]). A venue is one file that says which fields mean what: [`binance`].
//!
//! This crate knows nothing of Node. `ts/fallback/market/` is the same file for file, with the same results.

#![forbid(unsafe_code)]
#![allow(clippy::missing_errors_doc, reason = "`Misfit` and `Reason` say what can be wrong")]

pub mod batch;
pub mod binance;
pub mod book;
pub mod clock;
pub mod counts;
pub mod decimal;
pub mod decoder;
pub mod general;
pub mod lines;
pub mod names;
pub mod reject;
pub mod scanner;
pub mod slot;
