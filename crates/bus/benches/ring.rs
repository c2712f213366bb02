//! What does a 64-byte record through the ring cost, beside crossbeam's queues of the same record?
//!
//! On one thread: write and read, no waiting, so that the instructions show. Between two: a burst, end to end.

#![allow(missing_docs, reason = "a bench")]

use std::hint::black_box;
use std::thread;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use crossbeam_queue::ArrayQueue;
use tickbus_bus::memory::SharedMemory;
use tickbus_bus::record::Record;
use tickbus_bus::ring::Shape;
use tickbus_bus::ring_reader::RingReader;
use tickbus_bus::ring_writer::RingWriter;

const BATCH: u64 = 64;
const CAPACITY: usize = 16_384;

fn ring() -> (RingWriter<SharedMemory>, RingReader<SharedMemory>) {
    let shape = Shape::new(CAPACITY, 1 << 22).unwrap();
    let memory = SharedMemory::leaked(shape.bytes());
    (RingWriter::create(memory, shape, 0).unwrap(), RingReader::open(memory, 0).unwrap())
}

fn record(number: u64) -> Record {
    Record::new(1, number as u32, number as f64, 0.0, [0.0; 5])
}

fn one_thread(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ring, one thread, batches of 64");
    group.throughput(Throughput::Elements(BATCH));
    group.bench_function("base: make the record", |bencher| {
        bencher.iter(|| (0..BATCH).map(|number| black_box(record(number)).topic()).max());
    });
    let (mut writer, mut reader) = ring();
    let mut payload = Vec::new();
    group.bench_function("ring", |bencher| {
        bencher.iter(|| {
            (0..BATCH).for_each(|number| writer.push(&record(number), 1));
            writer.show();
            while let Some(record) = reader.take(&mut payload) {
                black_box(record);
            }
            reader.advance()
        });
    });
    let (mut writer, mut reader) = ring();
    group.bench_function("ring, payload of 200 bytes", |bencher| {
        bencher.iter(|| {
            (0..BATCH).for_each(|_| writer.push_payload(Record::payload(1), black_box(&[7; 200]), 1).unwrap());
            writer.show();
            while let Some(record) = reader.take(&mut payload) {
                black_box((record, &payload));
            }
            reader.advance()
        });
    });
    let queue = ArrayQueue::new(CAPACITY);
    group.bench_function("crossbeam ArrayQueue", |bencher| {
        bencher.iter(|| {
            (0..BATCH).for_each(|number| queue.push(record(number)).unwrap());
            while let Some(record) = queue.pop() {
                black_box(record);
            }
        });
    });
    let (sender, receiver) = crossbeam_channel::bounded(CAPACITY);
    group.bench_function("crossbeam channel", |bencher| {
        bencher.iter(|| {
            (0..BATCH).for_each(|number| sender.try_send(record(number)).unwrap());
            while let Ok(record) = receiver.try_recv() {
                black_box(record);
            }
        });
    });
    group.finish();
}

const BURST: u64 = 100_000;

fn two_threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ring, two threads, burst of 100,000");
    group.throughput(Throughput::Elements(BURST)).sample_size(20);
    group.bench_function("base: start and join a thread", |bencher| {
        bencher.iter(|| thread::scope(|scope| drop(scope.spawn(|| ()))));
    });
    let (mut writer, mut reader) = ring();
    group.bench_function("ring", |bencher| {
        bencher.iter(|| {
            thread::scope(|scope| {
                scope.spawn(|| send_all(|number| writer.has_room(0, 1) && push(&mut writer, number)));
                let mut payload = Vec::new();
                receive_all(|| {
                    let taken = (0..BATCH).map_while(|_| reader.take(&mut payload)).count();
                    let _ = reader.advance();
                    taken as u64
                });
            });
        });
    });
    let queue = ArrayQueue::new(CAPACITY);
    group.bench_function("crossbeam ArrayQueue", |bencher| {
        bencher.iter(|| {
            thread::scope(|scope| {
                scope.spawn(|| send_all(|number| queue.push(record(number)).is_ok()));
                receive_all(|| (0..BATCH).map_while(|_| queue.pop()).count() as u64);
            });
        });
    });
    let (sender, receiver) = crossbeam_channel::bounded(CAPACITY);
    group.bench_function("crossbeam channel", |bencher| {
        bencher.iter(|| {
            thread::scope(|scope| {
                scope.spawn(|| send_all(|number| sender.try_send(record(number)).is_ok()));
                receive_all(|| (0..BATCH).map_while(|_| receiver.try_recv().ok()).count() as u64);
            });
        });
    });
    group.finish();
}

fn push(writer: &mut RingWriter<SharedMemory>, number: u64) -> bool {
    writer.push(&record(number), 1);
    if number + 1 == BURST {
        writer.show();
    }
    true
}

fn send_all(mut send: impl FnMut(u64) -> bool) {
    for number in 0..BURST {
        while !send(number) {
            thread::yield_now();
        }
    }
}

fn receive_all(mut receive: impl FnMut() -> u64) {
    let mut received = 0;
    while received < BURST {
        let taken = receive();
        received += taken;
        if taken == 0 {
            thread::yield_now();
        }
    }
}

criterion_group!(benches, one_thread, two_threads);
criterion_main!(benches);
