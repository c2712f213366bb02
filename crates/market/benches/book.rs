//! What does a book update cost, by the level?

#![allow(missing_docs, reason = "a bench")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tickbus_market::batch::{Batch, Head, Longs, Side, Update};
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::update::updates;
use tickbus_market::book::{Book, BookOptions};

const LEVELS: u32 = 1_000;
const DIFFS: usize = 256;
const CHANGES: u32 = 100;

fn benches(criterion: &mut Criterion) {
    let records = records();
    let (snapshot, diffs) = records.split_at(2 * LEVELS as usize);
    let mut group = criterion.benchmark_group("book, 100-level diffs");
    group.throughput(Throughput::Elements(DIFFS as u64));
    group.bench_function("ours", |bencher| {
        let mut book = Book::new(BookOptions::new(Continuity::Unverified));
        book.apply(snapshot);
        bencher.iter(|| {
            for diff in updates(diffs) {
                black_box(book.apply(diff));
                black_box((book.best(Side::Bid), book.best(Side::Ask)));
            }
        });
    });
    group.bench_function("BTreeMap", |bencher| {
        let mut sides = [BTreeMap::new(), BTreeMap::new()];
        apply_to_maps(&mut sides, snapshot);
        bencher.iter(|| {
            for diff in updates(diffs) {
                apply_to_maps(&mut sides, diff);
                black_box((sides[0].last_key_value(), sides[1].first_key_value()));
            }
        });
    });
    group.finish();
}

/// A snapshot, then diffs whose changes lie near the top for the most part. A third of them take levels out.
fn records() -> Vec<Longs> {
    let mut random = 1_u64;
    let mut next = |below: u32| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as u32 % below
    };
    let mut out = vec![[0; 8]; 2 * LEVELS as usize + DIFFS * CHANGES as usize];
    let mut batch = Batch::new(&mut out);
    let head = Head { instrument: 0, event_ns: 0.0, init_ns: 0.0 };
    let finish = |batch: &mut Batch<'_>, start, is_snapshot| {
        let update = Update { is_snapshot, first_sequence: 1, last_sequence: 1, previous_sequence: None };
        batch.finish_update(start, &head, &update).expect("there is room");
    };
    for i in 0..LEVELS {
        batch.level(Side::Bid, price(Side::Bid, i), 1.0).expect("there is room");
        batch.level(Side::Ask, price(Side::Ask, i), 1.0).expect("there is room");
    }
    finish(&mut batch, 0, true);
    for _ in 0..DIFFS {
        let start = batch.len();
        for change in 0..CHANGES {
            let of = if change < CHANGES / 2 { Side::Bid } else { Side::Ask };
            let width = [20, 200, LEVELS][next(3) as usize];
            let size = if next(3) == 0 { 0.0 } else { f64::from(1 + next(1_000)) / 1_000.0 };
            batch.level(of, price(of, next(width)), size).expect("there is room");
        }
        finish(&mut batch, start, false);
    }
    out
}

fn price(side: Side, place: u32) -> f64 {
    let ticks = if side == Side::Bid { 6_000_000 - place } else { 6_000_001 + place };
    f64::from(ticks) / 100.0
}

fn apply_to_maps(sides: &mut [BTreeMap<u64, f64>; 2], update: &[Longs]) {
    for record in update {
        let levels = &mut sides[(record[0] >> 8 & 1) as usize];
        // Of positive doubles the bits have the order of the numbers.
        let (price, size) = (record[3], f64::from_bits(record[4]));
        if size == 0.0 {
            levels.remove(&price);
        } else {
            levels.insert(price, size);
        }
    }
}

criterion_group!(book, benches);
criterion_main!(book);
