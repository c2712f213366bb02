//! OKX: spot, swaps, futures and options by the interface v5.
//!
//! `arg.channel` says what a frame is: `bbo-tbt` and `tickers` are quotes, `trades` and `trades-all` trades, `books`,
//! `books-l2-tbt` and `books50-l2-tbt` snapshots and updates, `books5` snapshots. Where it comes behind the data, the
//! scanner goes back to them. Every message has the time (`ts`) of the matching engine.

mod books;
mod quotes;
mod trades;

use crate::decoder::{Outcome, Sink};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

/// Decodes one frame.
#[inline]
pub fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    // The answer to a ping is no JSON.
    if frame.peek() == b'p' {
        frame.literal(b"pong")?;
        frame.finish()?;
        return Ok(Outcome::Ignored(b"pong"));
    }
    let start = sink.batch.len();
    let mut envelope = Envelope::default();
    scan(frame, &mut envelope, sink)?;
    if let Some(event) = envelope.event.optional("event")? {
        sink.restart(start);
        return Ok(Outcome::Ignored(event));
    }
    let Some(channel) = envelope.channel.optional("channel")? else { return unnamed(&envelope) };
    if !envelope.has_data {
        return Err(Reason::Field("data").into());
    }
    if let Slot::Given(place) = envelope.passed_over {
        frame.rewind(place);
        data(frame, &envelope, sink)?;
    }
    if sink.batch.len() == start {
        return Ok(Outcome::Ignored(channel));
    }
    match Kind::of(channel) {
        Kind::Top | Kind::Ticker => Ok(Outcome::Quote),
        Kind::Trades => Ok(Outcome::Trade),
        Kind::Books | Kind::Snapshots => Ok(Outcome::Book),
        Kind::Other => Ok(Outcome::Ignored(channel)),
    }
}

/// What the frame says around the data.
#[derive(Debug, Default)]
struct Envelope<'f> {
    event: Slot<&'f [u8]>,
    channel: Slot<&'f [u8]>,
    symbol: Slot<&'f [u8]>,
    action: Slot<&'f [u8]>,
    operation: Slot<&'f [u8]>,
    has_arg: bool,
    has_data: bool,
    /// Where the data are, if what they need came behind them.
    passed_over: Slot<usize>,
}

impl Envelope<'_> {
    /// Whether all that the data need was met before them.
    fn is_complete(&self) -> bool {
        match self.channel {
            Slot::Given(channel) => self.action.is_given() || !matches!(Kind::of(channel), Kind::Books),
            _ => false,
        }
    }
}

/// What a channel sends.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Books,
    Snapshots,
    Top,
    Ticker,
    Trades,
    Other,
}

impl Kind {
    #[inline]
    fn of(channel: &[u8]) -> Self {
        match channel {
            b"books" | b"books-l2-tbt" | b"books50-l2-tbt" => Self::Books,
            b"books5" => Self::Snapshots,
            b"bbo-tbt" => Self::Top,
            b"tickers" => Self::Ticker,
            b"trades" | b"trades-all" => Self::Trades,
            _ => Self::Other,
        }
    }
}

#[inline]
fn scan<'f>(frame: &mut Scanner<'f>, envelope: &mut Envelope<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"data" if envelope.has_data => return Err(Reason::Twice("data").into()),
            b"data" => {
                envelope.has_data = true;
                if envelope.is_complete() {
                    data(frame, envelope, sink)?;
                } else {
                    frame.place(&mut envelope.passed_over, "data")?;
                }
            }
            b"arg" if envelope.has_arg => return Err(Reason::Twice("arg").into()),
            b"arg" if frame.peek() == b'{' => {
                envelope.has_arg = true;
                arg(frame, envelope)?;
            }
            b"action" => frame.text(&mut envelope.action, "action")?,
            b"event" => frame.text(&mut envelope.event, "event")?,
            b"op" => frame.text(&mut envelope.operation, "op")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    frame.finish()
}

#[inline]
fn arg<'f>(frame: &mut Scanner<'f>, envelope: &mut Envelope<'f>) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"channel" => frame.text(&mut envelope.channel, "channel")?,
            b"instId" => frame.text(&mut envelope.symbol, "instId")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    Ok(())
}

/// Writes what the data say, a list of messages.
#[inline]
fn data(frame: &mut Scanner<'_>, envelope: &Envelope<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let kind = Kind::of(envelope.channel.required("channel")?);
    if matches!(kind, Kind::Other) {
        return frame.skip();
    }
    let symbol = envelope.symbol.required("instId")?;
    let is_snapshot = match kind {
        Kind::Books => is_snapshot(envelope)?,
        _ => true,
    };
    if frame.peek() != b'[' {
        return Err(Reason::Field("data").into());
    }
    sink.messages = 0;
    let mut has_item = frame.first_item()?;
    while has_item {
        if frame.peek() != b'{' {
            return Err(Reason::Field("data").into());
        }
        match kind {
            Kind::Top => quotes::write_top(frame, symbol, sink)?,
            Kind::Ticker => quotes::write_ticker(frame, symbol, sink)?,
            Kind::Trades => trades::write(frame, symbol, sink)?,
            _ => books::write(frame, symbol, is_snapshot, sink)?,
        }
        sink.messages += 1;
        has_item = frame.next_item()?;
    }
    Ok(())
}

fn is_snapshot(envelope: &Envelope<'_>) -> Result<bool, Reason> {
    match envelope.action.required("action")? {
        b"snapshot" => Ok(true),
        b"update" => Ok(false),
        _ => Err(Reason::Field("action")),
    }
}

/// A frame that says no channel answers an operation, or is none of theirs.
fn unnamed<'f>(envelope: &Envelope<'_>) -> Scanned<Outcome<'f>> {
    match envelope.operation.optional("op")? {
        Some(_) => Ok(Outcome::Ignored(b"reply")),
        None => Err(Reason::Kind.into()),
    }
}
