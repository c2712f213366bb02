//! The glob against two definitions that nobody could get wrong, and its cost on what would trap a naive matcher.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

mod oracle;

use oracle::{Numbers, matches_by_table};
use proptest::prelude::*;
use tickbus_bus::pattern::{is_matching, is_matching_by_steps};

/// The grammar, word for word; exponential.
fn matches_by_definition(topic: &[u8], pattern: &[u8]) -> bool {
    match pattern.split_first() {
        None => topic.is_empty(),
        Some((b'*', rest)) => (0..=topic.len()).any(|taken| matches_by_definition(&topic[taken..], rest)),
        Some((byte, rest)) => topic
            .split_first()
            .is_some_and(|(first, left)| (*byte == b'?' || first == byte) && matches_by_definition(left, rest)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn agrees_with_the_definition(topic in "[ab.]{0,10}", pattern in "[ab.*?]{0,8}") {
        prop_assert_eq!(is_matching(topic.as_bytes(), pattern.as_bytes()), matches_by_definition(topic.as_bytes(), pattern.as_bytes()));
    }

    #[test]
    fn agrees_with_the_definition_on_text_of_several_bytes(topic in "[aé漢😀]{0,6}", pattern in "[aé漢😀*?]{0,6}") {
        prop_assert_eq!(is_matching(topic.as_bytes(), pattern.as_bytes()), matches_by_definition(topic.as_bytes(), pattern.as_bytes()));
    }

    #[test]
    fn a_text_without_wildcards_matches_itself_alone(topic in "[a-c.]{0,5}", other in "[a-c.]{0,5}") {
        prop_assert!(is_matching(topic.as_bytes(), topic.as_bytes()));
        prop_assert_eq!(is_matching(topic.as_bytes(), other.as_bytes()), topic == other);
    }
}

#[test]
fn agrees_with_a_table_on_a_million_pairs() {
    let mut numbers = Numbers(1);
    let mut matching = 0;
    for _ in 0..1_000_000 {
        let (topic, pattern) = (numbers.text(), numbers.text());
        let expected = matches_by_table(&topic, &pattern);
        matching += u32::from(expected);
        assert_eq!(
            is_matching(&topic, &pattern),
            expected,
            "{:?} on {:?}",
            pattern.escape_ascii(),
            topic.escape_ascii()
        );
    }
    assert!(matching > 50_000, "only {matching} pairs match");
}

#[test]
fn a_question_mark_is_one_byte() {
    assert!(is_matching("é".as_bytes(), b"??"));
    assert!(!is_matching("é".as_bytes(), b"?"));
}

#[test]
fn many_stars_on_the_longest_topic_take_no_time() {
    // 2^60 steps for a matcher that tries every division of the topic among the stars.
    let topic = [b'a'; 255];
    let pattern = b"a*".repeat(60);
    assert!(!is_matching(&topic, &[&pattern[..], b"b"].concat()));
    assert!(is_matching(&topic, &pattern));
}

#[test]
fn no_pattern_takes_more_steps_than_stated() {
    let topic = [b'a'; 255];
    let mut most = 0;
    for stars in [0, 1, 2, 5, 60, 127] {
        for run in [1, 2, 64, 126, 254].into_iter().filter(|run| (run + 1) * (stars + 1) < 256) {
            for tail in [&b""[..], b"b", b"?b", b"*"] {
                let literal = b"a".repeat(run);
                let pattern = [&[&literal[..], b"*"].concat().repeat(stars), &literal[..], tail].concat();
                let mut steps = 0;
                let _ = is_matching_by_steps(&topic, &pattern, || steps += 1);
                assert!(
                    steps <= (topic.len() + 1) * (pattern.len() + 1),
                    "{steps} steps for {}",
                    pattern.escape_ascii()
                );
                most = most.max(steps);
            }
        }
    }
    assert!(most > 8_000, "no trap among them: at most {most} steps");
}
