//! The glob against a definition that nobody could get wrong, and its cost on what would trap a naive matcher.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use proptest::prelude::*;
use tickbus_bus::pattern::is_matching;

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
