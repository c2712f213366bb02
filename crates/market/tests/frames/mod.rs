//! Frames that tests share.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

pub mod coinbase;
pub mod kraken;

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

/// Frames of other venues, one for each shape of theirs.
pub const OTHERS: [(Venue, &str); 12] = [
    (
        Venue::Bybit,
        r#"{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1723161256304,"data":{"s":"BTCUSDT","b":[["16493.50","0"]],"a":[["16611.00","0.029"]],"u":2,"seq":7},"cts":1723161256303}"#,
    ),
    (
        Venue::Bybit,
        r#"{"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":1723161256304,"data":{"s":"BTCUSDT","b":[["16493.50","3"]],"a":[],"u":2,"seq":7}}"#,
    ),
    (
        Venue::Bybit,
        r#"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1723161256868,"data":[{"T":1723161256865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","i":"20f43950-d8dd-5b31-9112-a178eb6023af"}]}"#,
    ),
    (
        Venue::Bybit,
        r#"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","bid1Price":"1","bid1Size":"2","ask1Price":"","ask1Size":"4"},"cs":7,"ts":1723161256686}"#,
    ),
    (
        Venue::Bybit,
        r#"{"topic":"orderBookL2_25.ADAUSDT","type":"delta","data":{"delete":[{"price":"1.3875","id":"1","side":"Buy"}],"update":[{"price":"1.3876","side":"Sell","size":1}],"insert":[]},"cross_seq":"9","timestamp_e6":"1723161256082338"}"#,
    ),
    (
        Venue::Bybit,
        r#"{"data":[{"symbol":"X","price":"1","size":1,"trade_time_ms":"1723161259740","side":"Buy","trade_id":"a"}],"topic":"trade.X"}"#,
    ),
    (Venue::Bybit, r#"{"success":true,"ret_msg":"pong","op":"ping"}"#),
    (
        Venue::Okx,
        r#"{"arg":{"channel":"books","instId":"A-B"},"action":"update","data":[{"asks":[["1","2","0","1"]],"bids":[],"ts":"1723161256802","checksum":-5,"prevSeqId":1,"seqId":2}]}"#,
    ),
    (
        Venue::Okx,
        r#"{"data":[{"asks":[["1","2","0","1"]],"bids":[],"ts":"1723161256802","seqId":2}],"arg":{"channel":"bbo-tbt","instId":"A-B"}}"#,
    ),
    (
        Venue::Okx,
        r#"{"arg":{"channel":"trades","instId":"A-B"},"data":[{"tradeId":"7","px":"1","sz":"2","side":"buy","ts":"1723161256802"},{"tradeId":"8","px":"1","sz":"2","side":"sell","ts":"1723161256802"}]}"#,
    ),
    (
        Venue::Okx,
        r#"{"arg":{"channel":"tickers","instId":"A-B"},"data":[{"askPx":"1","askSz":"1","bidPx":"","bidSz":"5","ts":"1723161256802"}]}"#,
    ),
    (Venue::Okx, r#"{"event":"subscribe","arg":{"channel":"books","instId":"A-B"}}"#),
];

pub fn decoder() -> Decoder {
    decoder_of(Venue::Binance)
}

pub fn decoder_of(venue: Venue) -> Decoder {
    let mut decoder = Decoder::new(venue, 1_000);
    decoder.set_epoch(EPOCH);
    decoder
}

/// What a venue's frames become.
pub struct Made {
    pub records: Vec<Longs>,
    pub counts: Counts,
}

/// Decodes a venue's frames, all received at the epoch.
pub fn made(venue: Venue, frames: &[&str]) -> Made {
    let bytes: Vec<_> = frames.iter().map(|frame| frame.as_bytes()).collect();
    let (records, counts) = decode_of(venue, &bytes);
    Made { records, counts }
}

/// Both times, and the five doubles of the kind.
pub fn doubles(record: &Longs) -> [f64; 7] {
    std::array::from_fn(|i| f64::from_bits(record[i + 1]))
}

/// Kind and flags.
pub fn head(record: &Longs) -> (u32, u32) {
    (record[0] as u32 & 0xff, record[0] as u32 >> 8)
}

/// The records of frames, all received at the epoch, and what was counted.
pub fn decode(frames: &[&[u8]]) -> (Vec<Longs>, Counts) {
    decode_of(Venue::Binance, frames)
}

pub fn decode_of(venue: Venue, frames: &[&[u8]]) -> (Vec<Longs>, Counts) {
    let mut decoder = decoder_of(venue);
    let mut out = vec![[0; 8]; 4_096];
    assert_eq!(decoder.frames(frames.iter().map(|frame| (*frame, 0.0)), &mut out), frames.len());
    out.truncate(decoder.counts().records as usize);
    (out, decoder.counts())
}

/// Number of the instrument.
pub fn instrument(record: &Longs) -> u32 {
    (record[0] >> 32) as u32
}
