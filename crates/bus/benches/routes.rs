//! What does it cost to resolve a topic that was not seen before, by the number of patterns?

#![allow(missing_docs, reason = "a bench")]

use std::collections::HashMap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tickbus_bus::routes::Routes;

/// A tenth of the patterns are globs, as a desk's subscriptions are.
fn pattern(number: usize) -> String {
    if number.is_multiple_of(10) {
        format!("data.quotes.*.S{number}*")
    } else {
        format!("data.quotes.BINANCE.S{number}")
    }
}

fn routes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("routes, one topic");
    for count in [10, 100, 1_000] {
        let mut routes = Routes::default();
        let mut map = HashMap::new();
        for number in 0..count {
            let pattern = pattern(number).into_bytes();
            routes.add(&pattern);
            map.insert(pattern, number);
        }
        let topic = b"data.quotes.BINANCE.S7".as_slice();
        group.bench_function(BenchmarkId::new("base: one look-up by hash", count), |bencher| {
            bencher.iter(|| map.get(black_box(topic)));
        });
        group.bench_function(BenchmarkId::new("resolve", count), |bencher| {
            bencher.iter(|| {
                let mut found = 0;
                routes.resolve(black_box(topic), |_| found += 1);
                found
            });
        });
    }
    group.finish();
}

criterion_group!(benches, routes);
criterion_main!(benches);
