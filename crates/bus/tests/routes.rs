//! The pattern table against a list that is searched from end to end.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use proptest::prelude::*;
use tickbus_bus::pattern::is_matching;
use tickbus_bus::routes::Routes;

#[derive(Clone, Debug)]
enum Step {
    Add(String),
    Remove(u32),
    Resolve(String),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => "[ab.*?]{1,4}".prop_map(Step::Add),
        1 => (0..12_u32).prop_map(Step::Remove),
        2 => "[ab.*]{1,4}".prop_map(Step::Resolve),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn agrees_with_a_list(steps in prop::collection::vec(step(), 0..60)) {
        let mut routes = Routes::default();
        let mut list: Vec<Option<String>> = Vec::new();
        for step in steps {
            match step {
                Step::Add(pattern) => {
                    let known = list.iter().position(|held| held.as_ref() == Some(&pattern));
                    let free = list.iter().position(Option::is_none);
                    let id = known.or(free).unwrap_or(list.len());
                    if id == list.len() {
                        list.push(None);
                    }
                    prop_assert_eq!(routes.add(pattern.as_bytes()), id as u32);
                    list[id] = Some(pattern);
                }
                Step::Remove(id) => {
                    routes.remove(id);
                    if let Some(held) = list.get_mut(id as usize) {
                        *held = None;
                    }
                }
                Step::Resolve(topic) => {
                    let matches = |held: &Option<String>| {
                        held.as_ref().is_some_and(|pattern| is_matching(topic.as_bytes(), pattern.as_bytes()))
                    };
                    let expected: Vec<u32> = (0..).zip(&list).filter(|(_, held)| matches(held)).map(|(id, _)| id).collect();
                    let mut found = Vec::new();
                    routes.resolve(topic.as_bytes(), |id| found.push(id));
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }
}
