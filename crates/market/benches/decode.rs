//! What does one frame cost, against typed parsers that read the same fields and numbers?

#![allow(missing_docs, reason = "a bench")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use serde::Deserialize;
use tickbus_market::decoder::{Decoder, Venue};

#[derive(Deserialize)]
struct Wrapped<T> {
    data: T,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read by the parser, as ours reads them")]
struct BookTicker<'f> {
    s: &'f str,
    u: u64,
    b: &'f str,
    #[serde(rename = "B")]
    bid_size: &'f str,
    a: &'f str,
    #[serde(rename = "A")]
    ask_size: &'f str,
    #[serde(rename = "T")]
    time: u64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read by the parser, as ours reads them")]
struct Trade<'f> {
    s: &'f str,
    t: u64,
    p: &'f str,
    q: &'f str,
    m: bool,
    #[serde(rename = "T")]
    time: u64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read by the parser, as ours reads them")]
struct Depth<'f> {
    s: &'f str,
    #[serde(rename = "U")]
    first: u64,
    u: u64,
    pu: u64,
    #[serde(borrow)]
    b: Vec<(&'f str, &'f str)>,
    #[serde(borrow)]
    a: Vec<(&'f str, &'f str)>,
    #[serde(rename = "T")]
    time: u64,
}

/// Makes numbers of what a typed parser leaves as text: only then it has done what ours does.
trait Numbers {
    fn sum(&self) -> f64;
}

impl Numbers for BookTicker<'_> {
    fn sum(&self) -> f64 {
        number(self.b) + number(self.bid_size) + number(self.a) + number(self.ask_size)
    }
}

impl Numbers for Trade<'_> {
    fn sum(&self) -> f64 {
        number(self.p) + number(self.q)
    }
}

impl Numbers for Depth<'_> {
    fn sum(&self) -> f64 {
        self.b.iter().chain(&self.a).map(|(price, size)| number(price) + number(size)).sum()
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

const QUOTE: &str = r#"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}"#;
const TRADE: &str = r#"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}"#;

/// An update with so many levels a side.
fn depth(levels: usize) -> String {
    let side = |first: f64, step: f64| {
        let mut text = String::new();
        for i in 0..levels {
            let comma = if i == 0 { "" } else { "," };
            write!(text, r#"{comma}["{:.2}","{:.3}"]"#, first + step * i as f64, 0.125 * (i % 37) as f64).unwrap();
        }
        text
    };
    format!(
        r#"{{"stream":"btcusdt@depth@0ms","data":{{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,"pu":5123107831937,"b":[{}],"a":[{}]}}}}"#,
        side(61_800.2, -0.1),
        side(61_800.3, 0.1)
    )
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    frame::<BookTicker<'_>>(&mut group, "quote", QUOTE);
    frame::<Trade<'_>>(&mut group, "trade", TRADE);
    let (twenty, hundred) = (depth(20), depth(100));
    frame::<Depth<'_>>(&mut group, "20+20 levels", &twenty);
    frame::<Depth<'_>>(&mut group, "100+100 levels", &hundred);
    group.finish();
}

fn frame<'f, T: Numbers + Deserialize<'f> + 'f>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, text: &'f str) {
    group.throughput(Throughput::Bytes(text.len() as u64));
    let mut decoder = Decoder::new(Venue::Binance, 8);
    decoder.set_epoch(tickbus_market::clock::Clock::new(1_723_161_253, 0));
    let mut out = vec![[0; 8]; 4_096];
    group.bench_function(format!("{name}/tickbus"), |bencher| {
        bencher.iter(|| {
            let taken = decoder.frames([(black_box(text.as_bytes()), 1.0)], &mut out);
            black_box((taken, out[0]))
        });
    });
    assert_eq!(decoder.counts().rejected + decoder.counts().general, 0, "{name}");
    group.bench_function(format!("{name}/serde_json typed"), |bencher| {
        bencher.iter(|| serde_json::from_slice::<Wrapped<T>>(black_box(text.as_bytes())).unwrap().data.sum());
    });
    group.bench_function(format!("{name}/sonic-rs typed"), |bencher| {
        bencher.iter(|| sonic_rs::from_slice::<Wrapped<T>>(black_box(text.as_bytes())).unwrap().data.sum());
    });
    group.bench_function(format!("{name}/simd-json tape"), |bencher| {
        let mut copy = Vec::new();
        bencher.iter(|| {
            copy.clear();
            copy.extend_from_slice(black_box(text.as_bytes()));
            black_box(simd_json::to_tape(&mut copy).unwrap().0.len())
        });
    });
}

criterion_group!(benches, decode);
criterion_main!(benches);
