//! Frames that tests share.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use tickbus_market::batch::Longs;
use tickbus_market::clock::Clock;
use tickbus_market::counts::Counts;
use tickbus_market::decoder::{Decoder, Venue};

pub const QUOTE: &str = r#"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}"#;
pub const TRADE: &str = r#"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}"#;
pub const BOOK: &str = r#"{"stream":"btcusd_perp@depth@0ms","data":{"e":"depthUpdate","E":1723161257440,"T":1723161257432,"s":"BTCUSD_PERP","ps":"BTCUSD","U":1007198631260,"u":1007198631565,"pu":1007198631198,"b":[["61773.6","1001"],["61778.7","0"]],"a":[["61801.4","0"]]}}"#;
pub const SNAPSHOT: &str = r#"{"lastUpdateId":1007198635033,"E":1723161257835,"T":1723161257823,"symbol":"BTCUSD_PERP","pair":"BTCUSD","bids":[["61804.7","35"]],"asks":[]}"#;
pub const REPLY: &str = r#"{"result":null,"id":1}"#;
pub const FRAMES: [&str; 5] = [QUOTE, TRADE, BOOK, SNAPSHOT, REPLY];

/// The epoch of the recordings that the frames are from.
pub const EPOCH: Clock = Clock::new(1_723_161_253, 0);

pub fn decoder() -> Decoder {
    let mut decoder = Decoder::new(Venue::Binance, 1_000);
    decoder.set_epoch(EPOCH);
    decoder
}

/// The records of frames, all received at the epoch, and what was counted.
pub fn decode(frames: &[&[u8]]) -> (Vec<Longs>, Counts) {
    let mut decoder = decoder();
    let mut out = vec![[0; 8]; 4_096];
    assert_eq!(decoder.frames(frames.iter().map(|frame| (*frame, 0.0)), &mut out), frames.len());
    out.truncate(decoder.counts().records as usize);
    (out, decoder.counts())
}
