//! Venues' market data as it comes off the socket, decoded to the 64-byte records of `tickbus_bus::layout`.
//!
//! A frame is scanned once, without a tree and without an allocation ([`scanner`]). What does not fit the scanner is
//! rewritten in its plainest form by the general parser ([`general`]) and scanned again; what does not fit then is
//! rejected, counted and sampled ([`reject`]). A venue says which fields mean what: [`binance`], [`bybit`],
//! [`coinbase`], [`kraken`], [`okx`].
//!
//! This crate knows nothing of Node. `ts/fallback/market/` is the same file for file, with the same results.

#![forbid(unsafe_code)]
#![allow(clippy::missing_errors_doc, reason = "`Misfit` and `Reason` say what can be wrong")]

pub mod arbitrage;
pub mod batch;
pub mod binance;
pub mod book;
pub mod books;
pub mod bybit;
pub mod clock;
pub mod clock_jumps;
pub mod coinbase;
mod coinbase_advanced;
mod coinbase_exchange;
pub mod consolidated;
pub mod control;
pub mod counts;
pub mod decimal;
pub mod decoder;
pub mod exact;
pub mod followers;
pub mod general;
pub mod kraken;
mod kraken_v1;
mod kraken_v2;
pub mod levels;
pub mod lines;
pub mod moment;
pub mod names;
pub mod okx;
pub mod reject;
pub mod scanner;
pub mod simulator;
pub mod slot;
pub mod tops;
pub mod trade_id;
