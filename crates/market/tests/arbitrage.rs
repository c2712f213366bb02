//! Episodes against brute force: all edges of the pair anew after each quote, in whole ticks.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeMap;

use tickbus_bus::layout::{
    EPISODE_CLOSED, EPISODE_DOUBLE_OPENED_AT, EPISODE_DOUBLE_UPDATES, EPISODE_OPENED, TOP_DOUBLE_ASK_PLACE,
    TOP_DOUBLE_BID_PLACE, TOP_DOUBLES,
};
use tickbus_market::arbitrage::{Arbitrage, Options};
use tickbus_market::batch::{Batch, Head, Longs, Quote};
use tickbus_market::exact::UNIT;

const COUNT: usize = 5;
const UPDATES: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    kind: usize,
    buy: usize,
    sell: usize,
    opened: f64,
    updates: f64,
}

#[test]
fn episodes_and_tops_are_those_of_whole_numbers() {
    for (fees, threshold) in
        [([0; COUNT], 0), ([0, 1_000_000, 0, 500_000, 0], 1_000_000), ([-1_000_000, 0, 0, 1, 0], -1_500_000)]
    {
        agree(fees, threshold);
    }
}

fn agree(fees: [i64; COUNT], threshold: i64) {
    let mut kernel = Arbitrage::new(&Options {
        pairs: vec![0; COUNT],
        fees_micro_bps: fees.to_vec(),
        stale_ns: vec![f64::INFINITY; COUNT],
        min_net_micro_bps: threshold,
        basis_half_life_ns: 0.0,
    });
    let mut random = 1_u64;
    let mut next = |below: u32| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as u32 % below
    };
    let mut quotes = [None; COUNT];
    let mut open = BTreeMap::new();
    let (mut events, mut tops) = ([[0; 8]; 128], [0.0; TOP_DOUBLES]);
    let mut episodes = 0;
    for at in 0..UPDATES {
        let place = next(COUNT as u32) as usize;
        let bid = 99_990 + next(24);
        let ask = if next(40) == 0 { bid - 1 } else { bid + next(4) };
        quotes[place] = (bid <= ask).then_some((i128::from(bid), i128::from(ask)));
        kernel.update([record(place, bid, ask, at)], &mut events);
        let counts = kernel.counts();
        let told = &events[..counts[0] as usize];
        let mut seen: Vec<Seen> =
            told.iter().map(read).filter(|seen| seen.kind == EPISODE_OPENED || seen.kind == EPISODE_CLOSED).collect();
        let mut expected = brute_force(&quotes, fees, threshold, place, at, &mut open);
        let order = |seen: &Seen| (seen.buy, seen.sell, seen.kind);
        seen.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(seen, expected, "update {at}");
        episodes += expected.len();
        kernel.each_changed(|_, top| tops = top);
        assert_eq!((tops[TOP_DOUBLE_BID_PLACE], tops[TOP_DOUBLE_ASK_PLACE]), best(&quotes, fees), "update {at}");
    }
    assert!(episodes > 1_000 && kernel.counts()[13] > 1_000);
}

/// What opens and closes.
fn brute_force(
    quotes: &[Option<(i128, i128)>; COUNT],
    fees: [i64; COUNT],
    threshold: i64,
    place: usize,
    at: usize,
    open: &mut BTreeMap<(usize, usize), (f64, f64)>,
) -> Vec<Seen> {
    let mut events = Vec::new();
    for buy in 0..COUNT {
        for sell in (0..COUNT).filter(|sell| *sell != buy) {
            let is_above = quotes[buy].zip(quotes[sell]).is_some_and(|((_, ask), (bid, _))| {
                let sale = bid * i128::from(UNIT - fees[sell]) * i128::from(UNIT);
                sale > ask * i128::from(UNIT + fees[buy]) * i128::from(UNIT + threshold)
            });
            let way = (buy, sell);
            match (open.get_mut(&way), is_above) {
                (None, true) => {
                    open.insert(way, (at as f64, 1.0));
                    events.push(Seen { kind: EPISODE_OPENED, buy, sell, opened: at as f64, updates: 1.0 });
                }
                (Some((opened, updates)), false) => {
                    events.push(Seen { kind: EPISODE_CLOSED, buy, sell, opened: *opened, updates: *updates });
                    open.remove(&way);
                }
                (Some((_, updates)), true) if place == buy || place == sell => *updates += 1.0,
                _ => {}
            }
        }
    }
    events
}

/// The first of the best, after fees.
fn best(quotes: &[Option<(i128, i128)>; COUNT], fees: [i64; COUNT]) -> (f64, f64) {
    let net = |place: usize| {
        quotes[place].map(|(bid, ask)| (bid * i128::from(UNIT - fees[place]), ask * i128::from(UNIT + fees[place])))
    };
    let sound: Vec<usize> = (0..COUNT).filter(|place| quotes[*place].is_some()).collect();
    let bid = sound.iter().copied().rev().max_by_key(|place| net(*place).expect("it is sound").0);
    let ask = sound.iter().copied().min_by_key(|place| net(*place).expect("it is sound").1);
    (bid.map_or(-1.0, |place| place as f64), ask.map_or(-1.0, |place| place as f64))
}

fn record(place: usize, bid: u32, ask: u32, at: usize) -> Longs {
    let mut out = [[0; 8]; 1];
    let head = Head { instrument: place as u32, event_ns: at as f64, init_ns: at as f64 };
    let (bid, ask) = (f64::from(bid) / 1_000.0, f64::from(ask) / 1_000.0);
    let quote = Quote { bid, ask, bid_size: 1.0, ask_size: 1.0, sequence: 0 };
    Batch::new(&mut out).quote(&head, &quote).expect("there is room");
    out[0]
}

fn read(event: &Longs) -> Seen {
    let part = |shift: u32| (event[0] >> shift & 0xff) as usize;
    let double = |place: usize| f64::from_bits(event[place]);
    let (opened, updates) = (double(EPISODE_DOUBLE_OPENED_AT), double(EPISODE_DOUBLE_UPDATES));
    Seen { kind: part(0), buy: part(8), sell: part(16), opened, updates }
}
