//! The simulated market: reproducible, in order, and crossed only where that was planted.

#![allow(clippy::float_cmp, reason = "the simulation is exact")]

use std::collections::HashMap;

use proptest::prelude::*;
use tickbus_bus::layout::{KIND_QUOTE, QUOTE_DOUBLE_ASK_PRICE, QUOTE_DOUBLE_BID_PRICE, RECORD_DOUBLE_INIT};
use tickbus_market::batch::Longs;
use tickbus_market::simulator::calendar::Calendar;
use tickbus_market::simulator::dislocation::Planted;
use tickbus_market::simulator::elementary::{exp, ln};
use tickbus_market::simulator::options::{ArrivalLaw, DislocationLaw, Options, PriceLaw, Symbol, Venue};
use tickbus_market::simulator::prices::Prices;
use tickbus_market::simulator::quotes::Quotes;
use tickbus_market::simulator::random::Random;
use tickbus_market::simulator::{ROOM, Simulation};

const MS: f64 = 1e6;
const SECOND: f64 = 1e9;
const VENUES: usize = 4;
const SYMBOLS: usize = 3;

fn options(seed: u32) -> Options {
    let arrivals = ArrivalLaw {
        per_second: 200.0,
        fast_branching: 0.6,
        slow_branching: 0.2,
        fast_ns: 5.0 * MS,
        slow_ns: 400.0 * MS,
        burst_tail: 2.0,
        burst_most: 20.0,
        gap_ns: 0.1 * MS,
    };
    let venue = Venue {
        lag_ns: 2.0 * MS,
        spread_bps: 0.5,
        noise_bps: 0.5,
        noise_ns: 200.0 * MS,
        activity: 1.0,
        quote_unit_ns: MS,
        trade_unit_ns: MS,
        has_sequence: true,
    };
    let symbol = Symbol {
        price: 100.0,
        tick_units: 1.0,
        price_scale: 1_000.0,
        size_scale: 1_000.0,
        lots: 500.0,
        beta: 0.8,
        volatility: 1.0,
        activity: 1.0,
    };
    let prices = PriceLaw {
        volatilities: vec![1e-4, 3e-4],
        spreads: vec![1.0, 2.0],
        stay_ns: SECOND,
        revert_ns: SECOND,
        deviation: 0.4,
        jump_ns: 10.0 * SECOND,
        jump_least_bps: 5.0,
        jump_most_bps: 30.0,
    };
    let dislocations = DislocationLaw { every_ns: 100.0 * MS, length_ns: 20.0 * MS, least_bps: 2.0, most_bps: 20.0 };
    Options {
        seed_low: seed,
        seed_high: 0,
        venues: (0..VENUES).map(|i| Venue { lag_ns: (2.0 + i as f64) * MS, ..venue }).collect(),
        symbols: vec![symbol; SYMBOLS],
        quotes: arrivals,
        trades: ArrivalLaw { per_second: 50.0, ..arrivals },
        prices,
        dislocations,
    }
}

/// All records until a time, made so many at a time.
fn all(simulation: &mut Simulation, until_ns: f64, at_once: usize) -> Vec<Longs> {
    let mut out = vec![[0; 8]; at_once];
    let mut records = Vec::new();
    loop {
        let count = simulation.write(&mut out, until_ns);
        if count == 0 {
            return records;
        }
        records.extend_from_slice(&out[..count]);
    }
}

#[test]
fn a_seed_gives_the_same_records_however_the_calls_are_cut() {
    let whole = all(&mut Simulation::new(options(1)), 3.0 * SECOND, 4_096);
    assert!(whole.len() > 2_000);
    assert_eq!(whole, all(&mut Simulation::new(options(1)), 3.0 * SECOND, ROOM));
    let mut in_two = Simulation::new(options(1));
    let mut parts = all(&mut in_two, 1.1 * SECOND, 100);
    parts.extend(all(&mut in_two, 3.0 * SECOND, 100));
    assert_eq!(whole, parts);
    assert_ne!(whole, all(&mut Simulation::new(options(2)), 3.0 * SECOND, 4_096));
}

#[test]
fn without_room_nothing_is_written_and_nothing_lost() {
    let mut simulation = Simulation::new(options(1));
    assert_eq!(simulation.write(&mut [[0; 8]; ROOM - 1], SECOND), 0);
    assert_eq!(all(&mut simulation, SECOND, ROOM), all(&mut Simulation::new(options(1)), SECOND, ROOM));
}

#[test]
fn receive_times_rise_strictly() {
    let records = all(&mut Simulation::new(options(3)), 3.0 * SECOND, 1_000);
    let times: Vec<f64> = records.iter().map(|record| f64::from_bits(record[RECORD_DOUBLE_INIT])).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(times.iter().all(|ns| ns.fract() == 0.0));
}

#[test]
fn what_crosses_is_what_was_planted() {
    let mut simulation = Simulation::new(options(4));
    let records = all(&mut simulation, 10.0 * SECOND, 1_000);
    assert!(simulation.dislocations().len() > 50);
    assert_eq!(crossings(&records), simulation.dislocations());
}

#[test]
fn a_venue_quotes_the_price_of_its_lag_ago() {
    let mut options = options(5);
    options.prices.volatilities = vec![0.05, 0.05];
    options.venues = vec![Venue { lag_ns: 10.0 * MS, spread_bps: 0.0, noise_bps: 0.0, ..options.venues[0] }];
    let (mut quotes, mut prices) = (Quotes::new(SYMBOLS), Prices::new(&options.prices, &options.symbols));
    let (mut random, mut before) = (Random::new(5, 0), Vec::new());
    for step in 1_u32..400 {
        let now = f64::from(step) * MS;
        prices.advance_to(now, &mut random);
        before.push(prices.at(1, now));
        quotes.renew(1, now, &options, &prices, &mut random);
        if step > 11 {
            let known = before[before.len() - 11];
            assert!(quotes.of(1).bid <= known && known <= quotes.of(1).ask);
            assert!(quotes.of(1).ask - quotes.of(1).bid <= 2.0);
        }
    }
    assert!((before[399 - 1] / before[0] - 1.0).abs() > 1e-3, "the price has moved by many ticks");
}

/// All pairs of venues at each quote; a dislocation opens where one crosses, and ends where it does not any more.
fn crossings(records: &[Longs]) -> Vec<Planted> {
    let mut latest: HashMap<usize, (f64, f64)> = HashMap::new();
    let mut found: Vec<Planted> = Vec::new();
    for record in records.iter().filter(|record| record[0] as u32 & 0xff == KIND_QUOTE) {
        let stream = (record[0] >> 32) as usize;
        let [bid, ask, now] = [QUOTE_DOUBLE_BID_PRICE, QUOTE_DOUBLE_ASK_PRICE, RECORD_DOUBLE_INIT]
            .map(|place| f64::from_bits(record[place]));
        assert!(bid > 0.0 && bid < ask);
        latest.insert(stream, (bid, ask));
        for other in (stream % SYMBOLS..VENUES * SYMBOLS).step_by(SYMBOLS).filter(|other| *other != stream) {
            for (buy, sell) in [(stream, other), (other, stream)] {
                let (Some((_, ask)), Some((bid, _))) = (latest.get(&buy), latest.get(&sell)) else { continue };
                let open = found
                    .iter_mut()
                    .find(|planted| planted.buy == buy && planted.sell == sell && planted.to_ns == f64::INFINITY);
                match open {
                    Some(planted) if bid <= ask => planted.to_ns = now,
                    None if bid > ask => {
                        let bps = (bid / ask - 1.0) * 1e4;
                        found.push(Planted { buy, sell, from_ns: now, to_ns: f64::INFINITY, bps });
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

#[test]
fn draws_have_the_moments_of_their_laws() {
    let mut random = Random::new(5, 6);
    let count = 200_000;
    let (mut uniform, mut exponential, mut normal, mut square, mut fourth) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for _ in 0..count {
        uniform += random.uniform();
        exponential += random.exponential();
        let z = random.normal();
        normal += z;
        square += z * z;
        fourth += z.powi(4);
    }
    let means = [uniform, exponential, normal, square, fourth].map(|sum| sum / f64::from(count));
    for (mean, (wanted, most)) in
        means.into_iter().zip([(0.5, 0.004), (1.0, 0.012), (0.0, 0.012), (1.0, 0.02), (3.0, 0.12)])
    {
        assert!((mean - wanted).abs() < most, "{mean} for {wanted}");
    }
}

proptest! {
    #[test]
    fn logarithm_and_exponential_are_right(x in -600.0_f64..300.0, power in -250.0_f64..250.0) {
        prop_assert!((exp(x) / x.exp() - 1.0).abs() < 3e-13);
        let y = power.exp();
        prop_assert!((ln(y) - y.ln()).abs() < 1e-13);
    }

    #[test]
    fn a_calendar_knows_the_earliest(sets in prop::collection::vec((0_usize..37, 0.0_f64..100.0), 1..200)) {
        let mut calendar = Calendar::new(37);
        let mut times = [f64::INFINITY; 37];
        for (entry, time) in sets {
            calendar.set(entry, time);
            times[entry] = time;
            let earliest = times.iter().copied().fold(f64::INFINITY, f64::min);
            let first = times.iter().position(|time| *time == earliest).unwrap();
            prop_assert_eq!(calendar.first(), (first, earliest));
        }
    }
}
