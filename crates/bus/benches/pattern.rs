//! What does one match cost, on the shapes that subscribers use and on the worst one?

#![allow(missing_docs, reason = "a bench")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tickbus_bus::pattern::is_matching;

fn pattern(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pattern");
    let topic = b"data.quotes.BINANCE.BTCUSDT-PERP";
    group.bench_function("base: compare two equal texts", |bencher| {
        bencher.iter(|| black_box(&topic[..]) == black_box(&topic[..]));
    });
    let cases = [
        ("exact", "data.quotes.BINANCE.BTCUSDT-PERP"),
        ("segments, a star at the end", "data.quotes.*"),
        ("segments, stars between", "data.*.BINANCE.*"),
        ("suffixes", "*-PERP"),
        ("anchored, an infix", "*BTC*"),
        ("anchored, question marks", "data.??????.BINANCE.BTC?????PERP"),
        ("rest", "????*????"),
        ("misses at once", "events.*"),
        ("misses at the end", "data.*.BINANCE.*-SPOT"),
    ];
    for (name, pattern) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| is_matching(black_box(topic), black_box(pattern.as_bytes())));
        });
    }
    let (long, trap) = ([b'a'; 255], [&b"*"[..], &[b'a'; 126], b"b"].concat());
    group.bench_function("worst case: 128 bytes on 255", |bencher| {
        bencher.iter(|| is_matching(black_box(&long), black_box(&trap)));
    });
    group.finish();
}

criterion_group!(benches, pattern);
criterion_main!(benches);
