//! What holds for any bytes that are given to the general parser. The fuzz target and `tests/corpus.rs` both call it.

use tickbus_market::general::normalise;

/// Takes the bytes as one frame.
///
/// # Panics
///
/// If anything does not hold.
pub(crate) fn check(bytes: &[u8]) {
    // What was there before does not matter, nor does it stay.
    let (mut plain, mut again) = (b"before".to_vec(), Vec::new());
    if normalise(bytes, &mut plain).is_err() {
        assert!(plain.len() <= bytes.len());
        return;
    }
    assert!(plain.len() <= bytes.len());
    assert!(std::str::from_utf8(&plain).is_ok());
    // Control characters are not escaped in the plain form, so that it is no JSON with them.
    if !plain.iter().any(u8::is_ascii_control) {
        assert_eq!(normalise(&plain, &mut again), Ok(()));
        assert_eq!(plain, again, "the plain form of the plain form is itself");
    }
    // White space around it changes nothing.
    let spaced = [b" \t\r\n", bytes, b"\n "].concat();
    assert_eq!(normalise(&spaced, &mut again), Ok(()));
    assert_eq!(plain, again);
}
