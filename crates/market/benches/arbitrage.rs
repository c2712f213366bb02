//! What does it cost to look for arbitrage, by the update?

#![allow(missing_docs, reason = "a bench")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tickbus_market::arbitrage::{Arbitrage, Options};
use tickbus_market::batch::{Batch, Head, Longs, Quote};

const VENUES: u32 = 5;
const SYMBOLS: u32 = 10;
const UPDATES: usize = 100_000;

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("arbitrage, 5 venues x 10 symbols");
    group.throughput(Throughput::Elements(UPDATES as u64));
    // Fees of 2 bp leave an edge now and then; without any there is one half of the time.
    for (name, fee) in [("fees of 2 bp", 2_000_000), ("no fees", 0)] {
        let records = records();
        let instruments = (VENUES * SYMBOLS) as usize;
        let mut kernel = Arbitrage::new(&Options {
            pairs: (0..VENUES * SYMBOLS).map(|number| number / VENUES).collect(),
            fees_micro_bps: vec![fee; instruments],
            stale_ns: vec![f64::INFINITY; instruments],
            min_net_micro_bps: 0,
            basis_half_life_ns: 0.0,
        });
        let mut events = vec![[0; 8]; 4_096];
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut rest = &records[..];
                while !rest.is_empty() {
                    rest = &rest[kernel.update(rest.iter().copied(), &mut events)..];
                }
                black_box(&events);
            });
        });
    }
    group.finish();
}

/// Walks of a price for each symbol, with noise and a spread for each venue.
fn records() -> Vec<Longs> {
    let mut random = 1_u64;
    let mut next = |below: u32| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as u32 % below
    };
    let mut out = vec![[0; 8]; UPDATES];
    let mut batch = Batch::new(&mut out);
    let mut fair = [6_000_000_u32; SYMBOLS as usize];
    for at in 0..UPDATES {
        let instrument = next(VENUES * SYMBOLS);
        let price = &mut fair[(instrument / VENUES) as usize];
        *price = *price + next(101) - 50;
        let bid = *price - 250 + next(301);
        let head = Head { instrument, event_ns: at as f64, init_ns: at as f64 };
        let quote = Quote {
            bid: f64::from(bid) / 100.0,
            ask: f64::from(bid + 1 + next(300)) / 100.0,
            bid_size: 1.0,
            ask_size: 1.0,
            sequence: 0,
        };
        batch.quote(&head, &quote).expect("there is room");
    }
    out
}

criterion_group!(arbitrage, benches);
criterion_main!(arbitrage);
