//! What do routes cost: of a topic that was not seen before, for each class of patterns; of a new subscription among many
//! topics; of topics that come and go? Beside it a list that is searched from end to end, and one look-up by hash.

#![allow(missing_docs, reason = "a bench")]

use std::collections::HashMap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tickbus_bus::pattern::is_matching;
use tickbus_bus::routes::{Class, Routes};

const VENUES: [&str; 8] = ["BINANCE", "KRAKEN", "COINBASE", "BYBIT", "OKX", "DERIBIT", "BITMEX", "XCME"];
/// Topics that a row cycles through, so that not each comes from the nearest cache.
const TOPICS: usize = 4_096;

/// The pattern of a desk's `number`th subscription, in one class; three shapes or so in turn.
fn pattern(class: Class, number: usize) -> String {
    let venue = VENUES[number % VENUES.len()];
    match (class, number % 4) {
        (Class::Exact, _) => format!("data.quotes.{venue}.S{number}"),
        (Class::Segments, 0) => format!("data.quotes.*.S{number}"),
        (Class::Segments, 1) => format!("data.quotes.{venue}.S{number}*"),
        (Class::Segments, 2) => format!("data.*.{venue}.S{number}"),
        (Class::Segments, _) => format!("*.S{number}"),
        (Class::Suffixes, _) => format!("*S{number}"),
        (Class::Anchored, 0) => format!("data.quotes.*S{number}"),
        (Class::Anchored, 1) => format!("*.{venue}.S{number}?"),
        (Class::Anchored, _) => format!("*S{number}*"),
        (Class::Rest, _) => "?".repeat(number % 200) + "*?",
    }
}

/// Topics of `numbers` symbols, in no order.
fn topics(numbers: usize) -> Vec<String> {
    let topic = |index: usize| {
        let number = index.wrapping_mul(7_919) % numbers;
        format!("data.quotes.{}.S{number}", VENUES[number % VENUES.len()])
    };
    (0..TOPICS).map(topic).collect()
}

fn table(class: Class, count: usize) -> Routes {
    let mut routes = Routes::default();
    for number in 0..count {
        routes.add_pattern(pattern(class, number).as_bytes(), |_| ());
    }
    routes
}

fn resolve(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("resolve");
    let rows = [
        (Class::Exact, &[1_000, 10_000][..]),
        (Class::Segments, &[1_000, 10_000, 100_000]),
        (Class::Suffixes, &[1_000, 10_000]),
        (Class::Anchored, &[1_000, 10_000]),
    ];
    for (class, counts) in rows {
        for &count in counts {
            let mut routes = table(class, count);
            let topics = topics(count);
            let mut each = topics.iter().cycle();
            let name = format!("{class:?}");
            group.bench_function(BenchmarkId::new(&name, count), |bencher| {
                bencher.iter(|| {
                    let topic = each.next().unwrap_or(&topics[0]);
                    let mut found = 0;
                    routes.resolve(black_box(topic.as_bytes()), |_| found += 1);
                    found
                });
            });
            let patterns: Vec<String> = (0..count).map(|number| pattern(class, number)).collect();
            group.bench_function(BenchmarkId::new(format!("base: {name} one by one"), count), |bencher| {
                bencher.iter(|| {
                    let topic = each.next().unwrap_or(&topics[0]).as_bytes();
                    patterns.iter().filter(|pattern| is_matching(black_box(topic), pattern.as_bytes())).count()
                });
            });
        }
    }
    let map: HashMap<String, usize> = (0..10_000).map(|number| (pattern(Class::Exact, number), number)).collect();
    let topics = topics(10_000);
    let mut each = topics.iter().cycle();
    group.bench_function("base: one look-up by hash/10000", |bencher| {
        bencher.iter(|| map.get(black_box(each.next().unwrap_or(&topics[0]))));
    });
    group.finish();
}

/// A table with 10,000 patterns and 100,000 topics.
fn busy() -> Routes {
    let mut routes = table(Class::Segments, 10_000);
    for number in 0..100_000 {
        routes.add_topic(format!("data.quotes.{}.S{number}", VENUES[number % VENUES.len()]).as_bytes(), |_| ());
    }
    routes
}

fn subscribe(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("subscribe, 100k topics, 10k patterns");
    let mut routes = busy();
    for (name, pattern) in [
        ("prefix of 111", "data.quotes.BINANCE.S444*"),
        ("suffix of 100", "data.*.*448"),
        ("exact", "data.quotes.BINANCE.S8000"),
        ("no end to look up", "*.BINANCE.S4444?"),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut found = 0;
                let id = routes.add_pattern(black_box(pattern.as_bytes()), |_| found += 1);
                routes.remove_pattern(id);
                found
            });
        });
    }
    group.finish();
}

fn topics_come_and_go(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("addTopic and removeTopic, 65,536 held, 10k patterns");
    for (name, asks) in [("nobody subscribes", usize::MAX), ("somebody subscribes for each thousandth", 1_000)] {
        let mut routes = table(Class::Segments, 10_000);
        let mut held = std::collections::VecDeque::new();
        let mut number = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                number += 1;
                held.push_back(routes.add_topic(format!("data.trades.XCME.N{number}").as_bytes(), |_| ()));
                if held.len() > 65_536 {
                    held.pop_front().into_iter().for_each(|id| routes.remove_topic(id));
                }
                if number % asks == 0 {
                    routes.affected(black_box(b"data.trades.XCME.N9999*"), |_| ());
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, resolve, subscribe, topics_come_and_go);
criterion_main!(benches);
