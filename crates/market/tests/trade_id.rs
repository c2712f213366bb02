//! Ids of trades.

use proptest::prelude::*;
use tickbus_market::trade_id::TradeId;

#[test]
fn an_id_is_a_number_a_uuid_or_text() {
    assert_eq!(TradeId::of(b"0"), Some(TradeId::Number(0)));
    assert_eq!(TradeId::of(b"999999999999999"), Some(TradeId::Number(999_999_999_999_999)));
    assert!(matches!(TradeId::of(b"9999999999999999"), Some(TradeId::Text(_, 16))));
    assert!(matches!(TradeId::of(b"007"), Some(TradeId::Text(_, 3))));
    assert!(matches!(TradeId::of(&[b'x'; 24]), Some(TradeId::Text(_, 24))));
    assert_eq!(
        TradeId::of(b"20f43950-d8dd-5b31-9112-a178eb6023af"),
        Some(TradeId::Uuid([
            0x20, 0xf4, 0x39, 0x50, 0xd8, 0xdd, 0x5b, 0x31, 0x91, 0x12, 0xa1, 0x78, 0xeb, 0x60, 0x23, 0xaf
        ]))
    );
    for text in [
        &b""[..],
        &[b'x'; 25],
        b"a b",
        b"a\"b",
        b"\xe9",
        b"20F43950-d8dd-5b31-9112-a178eb6023af",
        b"20f43950-d8dd-5b31-9112-a178eb6023a-",
        b"20f439500d8dd-5b31-9112-a178eb6023af",
        b"20f43950-d8dd-5b31-9112a-178eb6023af",
    ] {
        assert_eq!(TradeId::of(text), None);
    }
}

proptest! {
    #[test]
    fn a_uuid_is_its_digits(bytes: [u8; 16]) {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}-{}-{}-{}-{}", digits[..4].concat(), digits[4..6].concat(), digits[6..8].concat(), digits[8..10].concat(), digits[10..].concat());
        prop_assert_eq!(TradeId::of(text.as_bytes()), Some(TradeId::Uuid(bytes)));
    }

    #[test]
    fn any_bytes_are_an_id_or_none(text in prop::collection::vec(any::<u8>(), 0..40)) {
        if let Some(TradeId::Text(bytes, length)) = TradeId::of(&text) {
            prop_assert_eq!(&bytes[..length], &text[..]);
        }
    }
}
