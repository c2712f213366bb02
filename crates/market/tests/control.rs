//! What a venue says beside its data, clocks that go back, and receive times out of reach.

mod frames;

use frames::{FRAMES, decoder, decoder_of};
use tickbus_market::control::{ControlEvent, ControlKind};
use tickbus_market::decoder::Venue;

#[test]
fn an_error_can_be_read_with_its_place_and_only_once() {
    let mut decoder = decoder_of(Venue::Okx);
    let error = r#"{"event":"error","code":"60012","msg":"Invalid request"}"#;
    let frames = ["pong", error].map(|frame| (frame.as_bytes(), 0.0));
    assert_eq!(decoder.frames(frames, &mut [[0; 8]; 4]), 2);
    assert_eq!(decoder.controls().counts().collect::<Vec<_>>(), [("heartbeat", 1), ("error", 1)]);
    assert_eq!((decoder.counts().controls, decoder.counts().ignored), (1, 2));
    let expected = ControlEvent { kind: ControlKind::Error, text: error.to_owned(), frame: 2, offset: 4 };
    assert_eq!(decoder.controls_mut().take(), [expected]);
    assert!(decoder.controls_mut().take().is_empty());
}

#[test]
fn text_is_cut_between_characters() {
    for (padding, kept) in [(2, 200), (3, 197), (4, 198), (5, 199)] {
        let frame = format!("{{\"error\":\"{}{}\"}}", "x".repeat(padding), "😀".repeat(100));
        let mut decoder = decoder();
        decoder.frames([(frame.as_bytes(), 0.0)], &mut [[0; 8]; 4]);
        let events = decoder.controls_mut().take();
        assert_eq!(events[0].text, frame[..kept]);
    }
}

#[test]
fn what_nobody_takes_is_bounded() {
    let mut decoder = decoder();
    decoder.frames(vec![(br#"{"id":1}"#.as_slice(), 0.0); 100], &mut [[0; 8]; 4]);
    assert_eq!((decoder.controls().noted(), decoder.controls().lost()), (64, 36));
    assert_eq!(decoder.controls_mut().take().len(), 64);
}

#[test]
fn a_clock_that_goes_back_is_counted_with_the_frame() {
    let mut decoder = decoder();
    let times = [5.0, 3.0, 3.0, 9.0];
    decoder.frames(times.map(|ns| (FRAMES[0].as_bytes(), ns)), &mut [[0; 8]; 8]);
    let jumps = decoder.clock_jumps();
    assert_eq!((decoder.counts().clock_jumps, jumps.samples().len()), (1, 1));
    let jump = jumps.samples()[0];
    assert_eq!((jump.frame, jump.offset, jump.back_ns), (2, FRAMES[0].len() as u64, 2.0));
}

#[test]
fn a_receive_time_out_of_reach_is_rejected() {
    let mut decoder = decoder();
    let times = [9e15, 9.1e15, f64::NAN, f64::NEG_INFINITY];
    decoder.frames(times.map(|ns| (FRAMES[0].as_bytes(), ns)), &mut [[0; 8]; 8]);
    assert_eq!(decoder.rejects().counts().collect::<Vec<_>>(), [("reach", 3)]);
}

#[test]
fn times_of_16_digits_are_microseconds() {
    let mut out = [[0; 8]; 4];
    for (time, event_ns) in [("1723161253001", 1e6), ("1723161253001002", 1_002_000.0)] {
        let frame = FRAMES[0].replace("1723161256313", time);
        let mut decoder = decoder();
        decoder.frames([(frame.as_bytes(), 0.0)], &mut out);
        assert_eq!((decoder.counts().quotes, f64::from_bits(out[0][1])), (1, event_ns));
    }
}
