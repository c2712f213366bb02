//! The tables against lists that are searched from end to end.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

mod oracle;

use std::cell::RefCell;
use std::collections::HashMap;

use oracle::{Numbers, PIECES, matches_by_table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use tickbus_bus::pattern::is_matching;
use tickbus_bus::routes::{Class, Routes};

const CLASSES: [Class; 5] = [Class::Exact, Class::Segments, Class::Suffixes, Class::Anchored, Class::Rest];

#[derive(Clone, Debug)]
enum Step {
    AddPattern(String),
    RemovePattern(u32),
    AddTopic(String),
    RemoveTopic(u32),
    Resolve(String),
    Affected(String),
}

/// Texts under ids, found by looking at each.
#[derive(Default)]
struct List(Vec<Option<Vec<u8>>>);

impl List {
    fn add(&mut self, text: &[u8]) -> u32 {
        let known = self.0.iter().position(|held| held.as_deref() == Some(text));
        let free = self.0.iter().position(Option::is_none);
        let id = known.or(free).unwrap_or(self.0.len());
        if id == self.0.len() {
            self.0.push(None);
        }
        self.0[id] = Some(text.to_vec());
        id as u32
    }

    fn remove(&mut self, id: u32) {
        if let Some(held) = self.0.get_mut(id as usize) {
            *held = None;
        }
    }

    fn select(&self, is_wanted: impl Fn(&[u8]) -> bool) -> Vec<u32> {
        (0..).zip(&self.0).filter(|(_, held)| held.as_deref().is_some_and(&is_wanted)).map(|(id, _)| id).collect()
    }
}

/// What a search hands over, sorted: each id once, or the comparison with a list fails.
fn found(search: impl FnOnce(&mut Vec<u32>)) -> Vec<u32> {
    let mut ids = Vec::new();
    search(&mut ids);
    ids.sort_unstable();
    ids
}

fn step() -> impl Strategy<Value = Step> {
    let text = || vec(select(&PIECES), 0..6).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => text().prop_map(Step::AddPattern),
        1 => (0..24_u32).prop_map(Step::RemovePattern),
        2 => text().prop_map(Step::AddTopic),
        1 => (0..12_u32).prop_map(Step::RemoveTopic),
        3 => text().prop_map(Step::Resolve),
        3 => text().prop_map(Step::Affected),
    ]
}

#[test]
fn the_tables_agree_with_lists() {
    let by_class: RefCell<HashMap<Class, u32>> = RefCell::default();
    let check = |steps: Vec<Step>| {
        let mut routes = Routes::default();
        let (mut patterns, mut topics) = (List::default(), List::default());
        for step in steps {
            match step {
                Step::AddPattern(text) => {
                    let mut id = None;
                    let ids = found(|ids| id = Some(routes.add_pattern(text.as_bytes(), |id| ids.push(id))));
                    prop_assert_eq!(id, Some(patterns.add(text.as_bytes())));
                    prop_assert_eq!(ids, topics.select(|topic| matches_by_table(topic, text.as_bytes())));
                }
                Step::RemovePattern(id) => {
                    routes.remove_pattern(id);
                    patterns.remove(id);
                }
                Step::AddTopic(text) => {
                    let mut id = None;
                    let ids = found(|ids| id = Some(routes.add_topic(text.as_bytes(), |id| ids.push(id))));
                    prop_assert_eq!(id, Some(topics.add(text.as_bytes())));
                    prop_assert_eq!(ids, patterns.select(|pattern| matches_by_table(text.as_bytes(), pattern)));
                }
                Step::RemoveTopic(id) => {
                    routes.remove_topic(id);
                    topics.remove(id);
                }
                Step::Resolve(text) => {
                    let expected = patterns.select(|pattern| matches_by_table(text.as_bytes(), pattern));
                    let ids = found(|ids| routes.resolve(text.as_bytes(), |id| ids.push(id)));
                    prop_assert_eq!(&ids, &expected);
                    for pattern in ids.iter().filter_map(|&id| patterns.0[id as usize].as_deref()) {
                        *by_class.borrow_mut().entry(Class::of(pattern)).or_default() += 1;
                    }
                }
                Step::Affected(text) => {
                    let expected = topics.select(|topic| matches_by_table(topic, text.as_bytes()));
                    prop_assert_eq!(found(|ids| routes.affected(text.as_bytes(), |id| ids.push(id))), expected);
                }
            }
        }
        Ok(())
    };
    let mut runner = TestRunner::new(ProptestConfig::with_cases(600));
    runner.run(&vec(step(), 0..200), check).unwrap_or_else(|error| panic!("{error}"));
    for class in CLASSES {
        assert!(by_class.borrow().get(&class).is_some_and(|&count| count > 20), "{class:?} in {by_class:?}");
    }
}

#[test]
fn a_million_pairs_agree_with_a_table_in_both_directions() {
    let mut numbers = Numbers(2);
    let mut routes = Routes::default();
    let (mut patterns, mut topics) = (List::default(), List::default());
    while patterns.0.len() < 1_000 {
        let text = numbers.text();
        assert_eq!(routes.add_pattern(&text, |_| ()), patterns.add(&text));
    }
    while topics.0.len() < 1_000 {
        let text = numbers.text();
        assert_eq!(routes.add_topic(&text, |_| ()), topics.add(&text));
    }
    let mut by_pattern = vec![Vec::new(); patterns.0.len()];
    for (topic, id) in topics.0.iter().flatten().zip(0_u32..) {
        let ids = patterns.select(|pattern| matches_by_table(topic, pattern));
        for &pattern in &ids {
            by_pattern[pattern as usize].push(id);
        }
        assert_eq!(found(|out| routes.resolve(topic, |id| out.push(id))), ids, "{}", topic.escape_ascii());
    }
    for (pattern, ids) in patterns.0.iter().flatten().zip(by_pattern) {
        assert_eq!(found(|out| routes.affected(pattern, |id| out.push(id))), ids, "{}", pattern.escape_ascii());
    }
}

#[test]
fn ids_are_given_again_the_smallest_first() {
    let mut routes = Routes::default();
    for (text, id) in [("a", 0), ("*b", 1), ("c.*", 2), ("?", 3), ("*", 4)] {
        assert_eq!(routes.add_pattern(text.as_bytes(), |_| ()), id);
        assert_eq!(routes.add_topic(text.as_bytes(), |_| ()), id);
    }
    for id in [3, 1, 9, 1] {
        routes.remove_pattern(id);
        routes.remove_topic(id);
    }
    for (text, id) in [("c.*", 2), ("d", 1), ("e*", 3), ("f", 5)] {
        assert_eq!(routes.add_pattern(text.as_bytes(), |_| ()), id);
        assert_eq!(routes.add_topic(text.as_bytes(), |_| ()), id);
    }
}

#[test]
fn what_matches_in_several_ways_is_found_once() {
    for (pattern, topic) in
        [("*.a*", "x.a.ab.a"), ("*.a.*.b", "x.a.a.a.b.b"), ("*.*.*", "a.b.c.d"), ("*ab*", "ababab"), ("*?", "aa")]
    {
        let mut routes = Routes::default();
        let id = routes.add_pattern(pattern.as_bytes(), |_| ());
        assert_eq!(found(|ids| routes.resolve(topic.as_bytes(), |id| ids.push(id))), [id], "{pattern} on {topic}");
    }
}

#[test]
fn a_pattern_outlives_its_neighbours() {
    let neighbours = [
        ("x", "y", "y"),
        ("x.*.a", "x.*.b", "x.y.b"),
        ("x.ab*", "x.cd*", "x.cde"),
        ("a.b.c", "a.*.c", "a.b.c"),
        ("*ab", "*cd", "xcd"),
        ("1?BTCUSDT", "2?BTCUSDT", "2xBTCUSDT"),
        ("??", "?*?", "abc"),
    ];
    for (one, other, topic) in neighbours {
        let mut routes = Routes::default();
        let (gone, kept) = (routes.add_pattern(one.as_bytes(), |_| ()), routes.add_pattern(other.as_bytes(), |_| ()));
        routes.remove_pattern(gone);
        assert_eq!(found(|ids| routes.resolve(topic.as_bytes(), |id| ids.push(id))), [kept], "{other} without {one}");
    }
}

#[test]
fn topics_that_come_and_go_by_the_thousand_are_still_found() {
    let mut numbers = Numbers(3);
    let mut routes = Routes::default();
    let mut topics = List::default();
    for round in 0..20_000 {
        let text = format!("data.{}.S{}", ["quotes", "trades", "é"][numbers.below(3)], numbers.below(50_000));
        assert_eq!(routes.add_topic(text.as_bytes(), |_| ()), topics.add(text.as_bytes()));
        if round >= 500 {
            let id = numbers.below(500) as u32;
            routes.remove_topic(id);
            topics.remove(id);
        }
        // Bursts of questions, between which many come and go, so that lists are sorted and swept in turn.
        if round % 1_000 < 40 {
            let digit = numbers.below(10);
            for pattern in [format!("data.trades.S{digit}*"), format!("*{digit}"), format!("*.S{digit}*"), text] {
                let expected = topics.select(|topic| is_matching(topic, pattern.as_bytes()));
                assert_eq!(found(|ids| routes.affected(pattern.as_bytes(), |id| ids.push(id))), expected, "{pattern}");
            }
        }
    }
}

#[test]
fn a_class_is_told_from_the_text() {
    let classes = [
        (Class::Exact, &["", "a", "a.b", ".", "é"][..]),
        (Class::Segments, &["*", "*.*", "a.*", "a.*.b", "a*", "a.b*", ".*", "*.", "*..b*"]),
        (Class::Suffixes, &["*a", "*a.b"]),
        (Class::Anchored, &["**a", "a?", "a*.b", "*a*", "a.**", "a*b", "?.*", "a.*b"]),
        (Class::Rest, &["?", "**", "*?*", "???"]),
    ];
    for (class, patterns) in classes {
        for pattern in patterns {
            assert_eq!(Class::of(pattern.as_bytes()), class, "{pattern}");
        }
    }
}
