//! The log against a model: whatever is appended, refused, synced, lost and torn, what is recovered is what was written.

mod common;

use std::fs::{self, OpenOptions};
use std::rc::Rc;
use std::time::SystemTime;

use common::{Faults, FaultyDisk, Scratch, frame, read};
use proptest::prelude::*;
use tickbus_journal::directory::{name_of, segments};
use tickbus_journal::disk::RealDisk;
use tickbus_journal::log::{Log, Lost, Trouble};
use tickbus_journal::recovery::{SKIPPED, recover};

const SEGMENT: u64 = 1_000;

#[derive(Clone, Debug)]
enum Step {
    Append(Vec<usize>),
    Sync,
    FailSync,
    /// So many bytes fit, then there is room again.
    Fill(usize, Vec<usize>),
    /// The process dies, and its last write loses so many parts of 16.
    Crash(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let bodies = || prop::collection::vec(0_usize..400, 1..8);
    let step = prop_oneof![
        4 => bodies().prop_map(Step::Append),
        2 => Just(Step::Sync),
        1 => Just(Step::FailSync),
        1 => (0_usize..900, bodies()).prop_map(|(room, bodies)| Step::Fill(room, bodies)),
        1 => (0_usize..=16).prop_map(Step::Crash),
    ];
    prop::collection::vec(step, 1..40)
}

fn open(scratch: &Scratch, faults: &Rc<Faults>) -> (Log<FaultyDisk>, u64) {
    let recovered = recover(&scratch.0).unwrap();
    let disk = FaultyDisk { real: RealDisk::open(&scratch.0).unwrap(), faults: Rc::clone(faults) };
    (Log::new(disk, SEGMENT, segments(&scratch.0).unwrap(), recovered.last), recovered.next)
}

fn frames(next: &mut u64, bodies: &[usize]) -> Vec<u8> {
    let mut all = Vec::new();
    for &body in bodies {
        all.extend(frame(*next, body));
        *next += 1;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn recovers_what_was_written(steps in steps()) {
        let scratch = Scratch::new();
        let faults = Rc::new(Faults::default());
        let (mut log, mut next) = open(&scratch, &faults);
        let mut written: Vec<u64> = Vec::new();
        for step in steps {
            let before = next;
            match step {
                Step::Append(bodies) => {
                    let (_, trouble) = log.append(&mut frames(&mut next, &bodies));
                    prop_assert!(trouble.is_none());
                }
                Step::Sync => {
                    log.sync().unwrap();
                    let in_doubt = log.lost().last().map_or(0, |lost| lost.last);
                    prop_assert_eq!(log.synced().max(in_doubt), log.written());
                }
                Step::FailSync => {
                    let (synced, written) = (log.synced(), log.written());
                    let known = log.lost().len();
                    faults.fails_sync.set(true);
                    log.sync().unwrap();
                    faults.fails_sync.set(false);
                    prop_assert_eq!(log.synced(), synced, "nothing is synced by a sync that failed");
                    // What a segment that has ended already is missing is not reported twice.
                    if log.lost().len() > known {
                        prop_assert_eq!(log.lost().last(), Some(&Lost { first: synced + 1, last: written }));
                    }
                }
                Step::Fill(room, bodies) => {
                    let mut all = frames(&mut next, &bodies);
                    faults.room.set(Some(room));
                    let (taken, trouble) = log.append(&mut all);
                    faults.room.set(None);
                    prop_assert!(matches!(trouble, None | Some(Trouble::Full)));
                    prop_assert!(trouble.is_some() || taken == all.len());
                    let (rest, trouble) = log.append(&mut all[taken..]);
                    prop_assert!(trouble.is_none());
                    prop_assert_eq!(taken + rest, all.len());
                }
                Step::Crash(part) => {
                    let synced = log.synced();
                    drop(log);
                    tear(&scratch, synced, part);
                    let kept = recover(&scratch.0).unwrap().last;
                    prop_assert!(kept >= synced.min(written.last().copied().unwrap_or(0)));
                    written.retain(|&sequence| sequence <= kept);
                    let (opened, first) = open(&scratch, &faults);
                    log = opened;
                    prop_assert!(first >= before, "a sequence is given twice");
                    next = first;
                    prop_assert_eq!(read(&scratch.0, u64::MAX).unwrap(), written.clone());
                    continue;
                }
            }
            written.extend(before..next);
        }
        prop_assert_eq!(read(&scratch.0, log.written()).unwrap(), written);
    }
}

/// Cuts off a part of what the last segment has beyond what is synced.
fn tear(scratch: &Scratch, synced: u64, part: usize) {
    let Some(&first) = segments(&scratch.0).unwrap().last() else { return };
    let path = scratch.0.join(name_of(first));
    let bytes = fs::read(&path).unwrap();
    let mut safe = if first > synced { 0 } else { 64 };
    while safe >= 64 && safe < bytes.len() {
        let head = tickbus_journal::frame::head(&bytes[safe..]).unwrap();
        if head.sequence > synced {
            break;
        }
        safe += head.bytes;
    }
    let length = bytes.len() - (bytes.len() - safe) * part / 16;
    OpenOptions::new().write(true).open(path).unwrap().set_len(length as u64).unwrap();
}

#[test]
fn the_same_frames_give_the_same_files_however_they_are_batched() {
    let (one, other) = (Scratch::new(), Scratch::new());
    let faults = Rc::new(Faults::default());
    let (mut whole, _) = open(&one, &faults);
    let (mut single, _) = open(&other, &faults);
    let bodies: Vec<usize> = (0..50).map(|n| n * 7 % 300).collect();
    whole.append(&mut frames(&mut 1, &bodies));
    for (place, body) in bodies.iter().enumerate() {
        single.append(&mut frame(place as u64 + 1, *body));
    }
    whole.sync().unwrap();
    single.sync().unwrap();
    let firsts = segments(&one.0).unwrap();
    assert!(firsts.len() > 3);
    assert_eq!(firsts, segments(&other.0).unwrap());
    for first in firsts {
        assert_eq!(fs::read(one.0.join(name_of(first))).unwrap(), fs::read(other.0.join(name_of(first))).unwrap());
    }
}

#[test]
fn every_cut_and_every_flip_in_the_last_records_keeps_what_is_synced_or_is_refused() {
    let original = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&original, &faults);
    log.append(&mut frames(&mut 1, &[20, 30, 10]));
    log.sync().unwrap();
    log.append(&mut frames(&mut 4, &[15, 25]));
    drop(log);
    let name = name_of(1);
    let bytes = fs::read(original.0.join(&name)).unwrap();
    let mark = fs::read(original.0.join("synced")).unwrap();
    let (mut kept, mut refused) = (0, 0);
    let mut attempt = |bytes: &[u8]| {
        let scratch = Scratch::new();
        fs::write(scratch.0.join(&name), bytes).unwrap();
        fs::write(scratch.0.join("synced"), &mark).unwrap();
        if let Ok(recovered) = recover(&scratch.0) {
            kept += 1;
            assert!((3..=5).contains(&recovered.last), "synced records were lost, or others invented");
            assert!(recovered.next >= recovered.last + SKIPPED);
            let expected: Vec<u64> = (1..=recovered.last).collect();
            assert_eq!(read(&scratch.0, recovered.last).unwrap(), expected);
        } else {
            refused += 1;
            assert_eq!(fs::read(scratch.0.join(&name)).unwrap(), bytes, "what is refused is not changed");
        }
    };
    for length in 0..bytes.len() {
        attempt(&bytes[..length]);
        let mut flipped = bytes.clone();
        flipped[length] ^= 0x10;
        attempt(&flipped);
    }
    assert!(kept > 80 && refused > 200, "{kept} kept, {refused} refused");
}

#[test]
fn what_a_failed_sync_left_is_read_as_far_as_it_is_whole() {
    let scratch = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&scratch, &faults);
    log.append(&mut frames(&mut 1, &[10, 10]));
    log.sync().unwrap();
    log.append(&mut frames(&mut 3, &[10, 10]));
    faults.fails_sync.set(true);
    log.sync().unwrap();
    faults.fails_sync.set(false);
    assert_eq!(log.lost(), [Lost { first: 3, last: 4 }]);
    log.append(&mut frames(&mut 5, &[10]));
    log.sync().unwrap();
    assert_eq!(segments(&scratch.0).unwrap(), [1, 5]);
    assert_eq!(read(&scratch.0, 5).unwrap(), [1, 2, 3, 4, 5]);
    let path = scratch.0.join(name_of(1));
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(64 + 3 * 35 + 7).unwrap();
    assert_eq!(read(&scratch.0, 5).unwrap(), [1, 2, 3, 5]);
    file.set_len(64 + 35 + 7).unwrap();
    assert!(read(&scratch.0, 5).is_err(), "a synced record is missing");
}

#[test]
fn a_segment_without_records_goes_on_after_a_second_failed_sync() {
    let scratch = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&scratch, &faults);
    log.append(&mut frames(&mut 1, &[10]));
    faults.fails_sync.set(true);
    log.sync().unwrap();
    faults.room.set(Some(64));
    let (taken, trouble) = log.append(&mut frames(&mut 2, &[10]));
    assert!(taken == 0 && matches!(trouble, Some(Trouble::Full)));
    faults.room.set(None);
    log.sync().unwrap();
    faults.fails_sync.set(false);
    assert_eq!(log.lost(), [Lost { first: 1, last: 1 }], "what is in doubt already is not told twice");
    let (_, trouble) = log.append(&mut frames(&mut 2, &[10]));
    assert!(trouble.is_none());
    log.sync().unwrap();
    assert_eq!(read(&scratch.0, 2).unwrap(), [1, 2]);
}

#[test]
fn what_a_failed_sync_left_is_written_once_more_wherever_it_is() {
    let scratch = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&scratch, &faults);
    for fails in [true, false, false] {
        let mut next = log.written() + 1;
        log.append(&mut frames(&mut next, &[600]));
        faults.fails_sync.set(fails);
        log.sync().unwrap();
    }
    drop(log);
    let names: Vec<String> = segments(&scratch.0).unwrap().into_iter().map(name_of).collect();
    assert_eq!(names.len(), 3);
    let before: Vec<Vec<u8>> = names.iter().map(|name| fs::read(scratch.0.join(name)).unwrap()).collect();
    for name in &names {
        let file = OpenOptions::new().write(true).open(scratch.0.join(name)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    recover(&scratch.0).unwrap();
    let is_rewritten = |name| fs::metadata(scratch.0.join(name)).unwrap().modified().unwrap() > SystemTime::UNIX_EPOCH;
    assert_eq!(names.iter().map(is_rewritten).collect::<Vec<_>>(), [true, false, true]);
    let after: Vec<Vec<u8>> = names.iter().map(|name| fs::read(scratch.0.join(name)).unwrap()).collect();
    assert_eq!(before, after);
}

#[test]
fn segments_that_were_never_synced_go_without_their_headers() {
    let scratch = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&scratch, &faults);
    log.append(&mut frames(&mut 1, &[10, 10]));
    log.sync().unwrap();
    log.append(&mut frames(&mut 3, &[10]));
    faults.fails_sync.set(true);
    log.sync().unwrap();
    for sequence in [4, 5] {
        log.append(&mut frames(&mut { sequence }, &[10]));
        log.sync().unwrap();
    }
    faults.fails_sync.set(false);
    log.append(&mut frames(&mut 6, &[10]));
    log.sync().unwrap();
    drop(log);
    assert_eq!(segments(&scratch.0).unwrap(), [1, 4, 5, 6]);
    for (first, left) in [(4, 0), (5, 30)] {
        OpenOptions::new().write(true).open(scratch.0.join(name_of(first))).unwrap().set_len(left).unwrap();
    }
    let recovered = recover(&scratch.0).unwrap();
    assert_eq!((recovered.last, recovered.torn_bytes), (6, 30));
    assert_eq!(segments(&scratch.0).unwrap(), [1, 6]);
    assert_eq!(read(&scratch.0, 6).unwrap(), [1, 2, 3, 6]);
    // The next one that is there says that this one was synced.
    OpenOptions::new().write(true).open(scratch.0.join(name_of(1))).unwrap().set_len(30).unwrap();
    assert!(recover(&scratch.0).is_err());
}

#[test]
fn segments_go_from_the_oldest_on_and_the_last_one_stays() {
    let scratch = Scratch::new();
    let faults = Rc::new(Faults::default());
    let (mut log, _) = open(&scratch, &faults);
    log.append(&mut frames(&mut 1, &[300; 20]));
    let firsts = segments(&scratch.0).unwrap();
    log.remove_below(firsts[2] + 1).unwrap();
    assert_eq!(segments(&scratch.0).unwrap(), firsts[2..]);
    log.remove_below(u64::MAX).unwrap();
    assert_eq!(segments(&scratch.0).unwrap(), [*firsts.last().unwrap()]);
    assert_eq!(read(&scratch.0, 20).unwrap().last(), Some(&20));
}
