//! Kraken: the lists of its first protocol, the objects of its second, and what either says besides.

use crate::decoder::{Outcome, Sink};
use crate::kraken_v2::{self as v2, Content};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

/// Decodes one frame.
#[inline]
pub fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    if frame.peek() == b'[' { crate::kraken_v1::decode(frame, sink) } else { object(frame, sink) }
}

/// What an object says: `event` in the first protocol, `channel` or `method` in the second.
#[derive(Debug, Default)]
struct Fields<'f> {
    event: Slot<&'f [u8]>,
    channel: Slot<&'f [u8]>,
    kind: Slot<&'f [u8]>,
    method: Slot<&'f [u8]>,
    is_error: bool,
    data: Slot<usize>,
    /// How many messages the data has become, if it could be decoded where it stands.
    messages: Option<u64>,
}

fn object<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let start = sink.batch.len();
    let mut fields = Fields::default();
    scan(frame, &mut fields, sink)?;
    let (event, channel) = (fields.event.optional("event")?, fields.channel.optional("channel")?);
    if let (None, Some(channel)) = (event, channel)
        && let Some(content) = Content::of(channel)
    {
        return data(channel, content, frame, &fields, sink);
    }
    sink.restart(start);
    let method = fields.method.optional("method")?;
    let name = if fields.is_error { Some(b"error".as_slice()) } else { event.or(channel).or(method) };
    name.map(Outcome::Ignored).ok_or_else(|| Reason::Kind.into())
}

#[inline]
fn scan<'f>(frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"event" => frame.text(&mut fields.event, "event")?,
            b"channel" => frame.text(&mut fields.channel, "channel")?,
            b"type" => frame.text(&mut fields.kind, "type")?,
            b"method" => frame.text(&mut fields.method, "method")?,
            b"data" => place_or_decode(frame, fields, sink)?,
            b"error" | b"errorMessage" => {
                fields.is_error = true;
                frame.skip()?;
            }
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    frame.finish()
}

/// Decodes the data where it stands, if all that it needs stood before it, as the venue writes it.
#[inline]
fn place_or_decode<'f>(frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let is_ready = fields.kind.is_given() && !fields.data.is_given();
    let content = match fields.channel {
        Slot::Given(channel) if is_ready => Content::of(channel),
        _ => None,
    };
    let Some(content) = content else { return frame.place(&mut fields.data, "data") };
    fields.data.fill(0, "data")?;
    fields.messages = Some(v2::data(frame, content, fields.kind, sink)?);
    Ok(())
}

/// What the data of a channel has become, or becomes now.
fn data<'f>(
    channel: &'f [u8],
    content: Content,
    frame: &mut Scanner<'f>,
    fields: &Fields<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let messages = if let Some(messages) = fields.messages {
        messages
    } else {
        frame.rewind(fields.data.required("data")?);
        v2::data(frame, content, fields.kind, sink)?
    };
    if messages == 0 {
        return Ok(Outcome::Ignored(channel));
    }
    sink.messages = messages;
    Ok(content.outcome())
}
