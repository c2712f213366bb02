//! What does the sleep flag cost when nobody sleeps, and what a wake-up, beside crossbeam's parker?

#![allow(missing_docs, reason = "a bench")]

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, fence};
use std::thread;

use criterion::{Criterion, criterion_group, criterion_main};
use crossbeam_utils::sync::Parker;
use tickbus_bus::layout::{LAYOUT_HASH, ROSTER_MAGIC, ROSTER_WORD_HASH, ROSTER_WORD_MAGIC, ROSTER_WORDS};
use tickbus_bus::memory::{SharedMemory, Words};
use tickbus_bus::roster::Roster;

fn roster() -> Roster<SharedMemory> {
    let page = SharedMemory::leaked(4 * ROSTER_WORDS);
    page.store(ROSTER_WORD_MAGIC, ROSTER_MAGIC, Relaxed);
    page.store(ROSTER_WORD_HASH, LAYOUT_HASH, Relaxed);
    Roster::open(page).unwrap()
}

fn nobody_sleeps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sleep flag, nobody sleeps");
    group.bench_function("base: full fence", |bencher| bencher.iter(|| fence(SeqCst)));
    let roster = roster();
    group.bench_function("lower", |bencher| bencher.iter(|| roster.sleep_flag(0).lower()));
    group.bench_function("raise, find work, go on", |bencher| {
        bencher.iter(|| roster.sleep_flag(0).fall_asleep(|| true));
    });
    group.finish();
}

fn wake_up(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sleep flag, there and back between two sleeping threads");
    group.sample_size(20);
    let roster = roster();
    group.bench_function("flag and unpark", |bencher| {
        ping_pong(
            bencher,
            |slot, ready| {
                while roster.sleep_flag(slot).fall_asleep(ready) {
                    thread::park();
                }
            },
            |slot, thread| {
                if roster.sleep_flag(slot).lower() {
                    thread.unpark();
                }
            },
        );
    });
    let parkers = [Parker::new(), Parker::new()];
    let unparkers = [0, 1].map(|slot: usize| parkers[slot].unparker().clone());
    let [mine, theirs] = parkers;
    let parkers = [std::sync::Mutex::new(mine), std::sync::Mutex::new(theirs)];
    group.bench_function("crossbeam Parker", |bencher| {
        ping_pong(
            bencher,
            |slot, ready| {
                let parker = parkers[slot].lock().unwrap();
                while !ready() {
                    parker.park();
                }
            },
            |slot, _| unparkers[slot].unpark(),
        );
    });
    group.finish();
}

/// One iteration: thread 0 gives a token to thread 1 and gets it back.
fn ping_pong(
    bencher: &mut criterion::Bencher<'_>,
    wait: impl Fn(usize, &dyn Fn() -> bool) + Sync,
    wake: impl Fn(usize, &thread::Thread) + Sync,
) {
    let tokens = [AtomicBool::new(false), AtomicBool::new(false)];
    let stopping = AtomicBool::new(false);
    let take = |slot: usize| wait(slot, &|| tokens[slot].load(Acquire));
    let main = thread::current();
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            loop {
                take(1);
                if stopping.load(Acquire) {
                    return;
                }
                tokens[1].store(false, Relaxed);
                tokens[0].store(true, Release);
                wake(0, &main);
            }
        });
        bencher.iter(|| {
            tokens[1].store(true, Release);
            wake(1, other.thread());
            take(0);
            tokens[0].store(false, Relaxed);
        });
        stopping.store(true, Release);
        tokens[1].store(true, Release);
        wake(1, other.thread());
    });
}

criterion_group!(benches, nobody_sleeps, wake_up);
criterion_main!(benches);
