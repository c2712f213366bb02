//! A cursor over the bytes of one JSON frame, which knows what the venue's decoder wants next.
//!
//! White space, the order of fields and unknown fields do not matter to it. It takes strings of plain ASCII without
//! escapes, which is how venues write; anything else is a [`Misfit`], and the frame takes the general parser, behind
//! which strings may hold any character. What it accepts is valid JSON.

use tickbus_bus::layout::FRAME_NESTING_MOST;

use crate::batch::Full;
use crate::decimal::{self, Decimal};
use crate::followers::{Followers, MARKS};
use crate::moment::Moment;
use crate::reject::Reason;
use crate::slot::Slot;

/// Why a frame was not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is no JSON, or more than the scanner takes: the general parser knows.
    Syntax,
    /// It says nothing that can be used, and this is why.
    Reject(Reason),
    /// The output has no room for it.
    Full,
}

impl From<Reason> for Misfit {
    fn from(reason: Reason) -> Self {
        Self::Reject(reason)
    }
}

impl From<Full> for Misfit {
    fn from(Full: Full) -> Self {
        Self::Full
    }
}

/// What most methods return.
pub type Scanned<T> = Result<T, Misfit>;

/// A cursor over one frame.
#[derive(Debug)]
pub struct Scanner<'frame> {
    bytes: &'frame [u8],
    at: usize,
    is_normal: bool,
    followers: &'frame mut Followers,
    /// Which name is expected next.
    follower: usize,
}

impl<'frame> Scanner<'frame> {
    /// At the beginning of a frame as it came.
    #[must_use]
    pub const fn new(bytes: &'frame [u8], followers: &'frame mut Followers) -> Self {
        Self { bytes, at: 0, is_normal: false, followers, follower: 0 }
    }

    /// At the beginning of a frame that the general parser has written.
    #[must_use]
    pub const fn normal(bytes: &'frame [u8], followers: &'frame mut Followers) -> Self {
        Self { bytes, at: 0, is_normal: true, followers, follower: 0 }
    }

    /// The whole frame, for names that a venue writes at its end.
    #[must_use]
    pub const fn bytes(&self) -> &'frame [u8] {
        self.bytes
    }

    /// Whether the general parser has written the frame, so that nothing in it could be written more plainly.
    #[must_use]
    pub const fn is_normal(&self) -> bool {
        self.is_normal
    }

    /// The first byte of the next token; 0 at the end of the frame.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        match self.bytes.get(self.at) {
            Some(&byte) if byte > b' ' => byte,
            Some(_) => self.peek_behind_space(),
            None => 0,
        }
    }

    #[cold]
    fn peek_behind_space(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    /// Enters an object and returns the name of its first field; nothing if it has none.
    #[inline]
    pub fn first_key(&mut self) -> Scanned<Option<&'frame [u8]>> {
        self.expect(b'{')?;
        if self.peek() == b'}' {
            self.at += 1;
            return Ok(None);
        }
        self.key().map(Some)
    }

    /// The same where another value than an object is a bad field.
    #[inline]
    pub fn first_key_in(&mut self, field: &'static str) -> Scanned<Option<&'frame [u8]>> {
        if self.peek() == b'{' { self.first_key() } else { Err(Reason::Field(field).into()) }
    }

    /// Steps from the value of one field to the name of the next; nothing at the end of the object.
    #[inline]
    pub fn next_key(&mut self) -> Scanned<Option<&'frame [u8]>> {
        match self.peek() {
            b',' => {
                self.at += 1;
                self.peek();
                self.key().map(Some)
            }
            b'}' => {
                self.at += 1;
                Ok(None)
            }
            _ => Err(Misfit::Syntax),
        }
    }

    /// Enters a list. Says whether it has an item.
    #[inline]
    pub fn first_item(&mut self) -> Scanned<bool> {
        self.expect(b'[')?;
        if self.peek() == b']' {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Steps over what is behind an item of a list. Says whether there is another.
    #[inline]
    pub fn next_item(&mut self) -> Scanned<bool> {
        match self.peek() {
            b',' => {
                self.at += 1;
                Ok(true)
            }
            b']' => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(Misfit::Syntax),
        }
    }

    /// Goes through a list, and has each item read. What is no list is a bad field.
    #[inline]
    pub fn each(&mut self, field: &'static str, mut read: impl FnMut(&mut Self) -> Scanned<()>) -> Scanned<()> {
        if self.peek() != b'[' {
            return Err(Reason::Field(field).into());
        }
        let mut has_item = self.first_item()?;
        while has_item {
            read(self)?;
            has_item = self.next_item()?;
        }
        Ok(())
    }

    /// Goes through a list whose items differ, and has each read by its place, from 0. What is no list is a bad field.
    #[inline]
    pub fn tuple(&mut self, field: &'static str, mut read: impl FnMut(&mut Self, usize) -> Scanned<()>) -> Scanned<()> {
        let mut place = 0;
        self.each(field, |scanner| {
            place += 1;
            read(scanner, place - 1)
        })
    }

    /// Makes sure that nothing follows.
    #[inline]
    pub fn finish(&mut self) -> Scanned<()> {
        if self.peek() == 0 && self.at == self.bytes.len() { Ok(()) } else { Err(Misfit::Syntax) }
    }

    /// Fills a slot with the content of a string.
    pub fn text(&mut self, slot: &mut Slot<&'frame [u8]>, field: &'static str) -> Scanned<()> {
        if self.peek() != b'"' {
            return self.bad(slot, field);
        }
        let text = self.string()?;
        slot.fill(text, field)
    }

    /// Fills a slot with a number, given as such or as a string.
    pub fn decimal(&mut self, slot: &mut Slot<Decimal>, field: &'static str) -> Scanned<()> {
        let is_text = self.peek() == b'"';
        let start = self.at + usize::from(is_text);
        match decimal::read(self.bytes, start) {
            Some((decimal, end)) if self.ends_number(is_text, start, end) => slot.fill(decimal, field),
            _ => self.bad(slot, field),
        }
    }

    /// Fills a slot with a whole number up to 2^53 - 1, given as such or as a string.
    pub fn whole(&mut self, slot: &mut Slot<u64>, field: &'static str) -> Scanned<()> {
        let is_text = self.peek() == b'"';
        let start = self.at + usize::from(is_text);
        let mut number = 0;
        let end = decimal::digits(self.bytes, start, &mut number);
        let is_short = end > start && end - start <= WHOLE_DIGITS;
        if is_short && number <= WHOLE_MOST && self.ends_number(is_text, start, end) {
            return slot.fill(number, field);
        }
        self.bad(slot, field)
    }

    /// Fills a slot with a whole number of either sign, given as such or as a string.
    pub fn signed(&mut self, slot: &mut Slot<i64>, field: &'static str) -> Scanned<()> {
        let is_text = self.peek() == b'"';
        let start = self.at + usize::from(is_text);
        let is_negative = self.bytes.get(start) == Some(&b'-');
        let first = start + usize::from(is_negative);
        let mut number = 0;
        let end = decimal::digits(self.bytes, first, &mut number);
        let is_short = end > first && end - first <= WHOLE_DIGITS;
        if is_short && number <= WHOLE_MOST && self.ends_number(is_text, start, end) {
            let number = number.cast_signed();
            return slot.fill(if is_negative { -number } else { number }, field);
        }
        self.bad(slot, field)
    }

    /// Fills a slot with the characters of a string, or with the digits of a whole number.
    pub fn name(&mut self, slot: &mut Slot<&'frame [u8]>, field: &'static str) -> Scanned<()> {
        if self.peek() == b'"' {
            return self.text(slot, field);
        }
        let start = self.at;
        let end = decimal::digits(self.bytes, start, &mut 0);
        if end > start && self.ends_number(false, start, end) {
            return slot.fill(&self.bytes[start..end], field);
        }
        self.bad(slot, field)
    }

    /// Fills a slot with a number, given as such or as a string; with 0 where the string is empty.
    pub fn decimal_or_none(&mut self, slot: &mut Slot<Decimal>, field: &'static str) -> Scanned<()> {
        self.peek();
        if self.bytes[self.at..].starts_with(b"\"\"") {
            self.at += 2;
            return slot.fill(Decimal { value: 0.0, is_precise: true, is_nonzero: false }, field);
        }
        self.decimal(slot, field)
    }

    /// Fills a slot with the place of a value, which is stepped over: `rewind` goes back there.
    pub fn place(&mut self, slot: &mut Slot<usize>, field: &'static str) -> Scanned<()> {
        self.peek();
        slot.fill(self.at, field)?;
        self.skip()
    }

    /// Goes back to a place that was stepped over.
    pub const fn rewind(&mut self, place: usize) {
        self.at = place;
    }

    /// Fills a slot with `true` or `false`.
    pub fn flag(&mut self, slot: &mut Slot<bool>, field: &'static str) -> Scanned<()> {
        let flag = self.peek() == b't';
        match self.peek() {
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            _ => return self.bad(slot, field),
        }
        slot.fill(flag, field)
    }

    /// Fills a slot with a time in ISO 8601.
    pub fn moment(&mut self, slot: &mut Slot<Moment>, field: &'static str) -> Scanned<()> {
        if self.peek() != b'"' {
            return self.bad(slot, field);
        }
        match Moment::iso(self.string()?) {
            Some(moment) => slot.fill(moment, field),
            None => slot.spoil(field),
        }
    }

    /// Fills a slot with a time in seconds, given as a number or as a string.
    pub fn seconds(&mut self, slot: &mut Slot<Moment>, field: &'static str) -> Scanned<()> {
        let text = if self.peek() == b'"' {
            self.string()?
        } else {
            let start = self.at;
            self.skip()?;
            &self.bytes[start..self.at]
        };
        match Moment::decimal(text) {
            Some(moment) => slot.fill(moment, field),
            None => slot.spoil(field),
        }
    }

    /// Steps over a value, whatever it is.
    pub fn skip(&mut self) -> Scanned<()> {
        self.skip_value(1)
    }

    fn skip_value(&mut self, depth: usize) -> Scanned<()> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            b'{' | b'[' if depth >= FRAME_NESTING_MOST => Err(Misfit::Syntax),
            b'{' => {
                let mut key = self.first_key()?;
                while key.is_some() {
                    self.skip_value(depth + 1)?;
                    key = self.next_key()?;
                }
                Ok(())
            }
            b'[' => {
                let mut has_item = self.first_item()?;
                while has_item {
                    self.skip_value(depth + 1)?;
                    has_item = self.next_item()?;
                }
                Ok(())
            }
            _ => self.skip_number(),
        }
    }

    /// Steps over a value that is not what the slot is for.
    #[cold]
    fn bad<T: Copy>(&mut self, slot: &mut Slot<T>, field: &'static str) -> Scanned<()> {
        self.skip()?;
        slot.spoil(field)
    }

    /// Steps behind a number that was read up to `end`, if it ends there.
    #[inline]
    fn ends_number(&mut self, is_text: bool, start: usize, end: usize) -> bool {
        let next = self.bytes.get(end).copied().unwrap_or(0);
        if is_text {
            self.at = if next == b'"' { end + 1 } else { self.at };
            return next == b'"';
        }
        // JSON allows no leading zeros, and what goes on behind the digits is a number of another form.
        let digits = &self.bytes[start..end];
        let digits = digits.strip_prefix(b"-").unwrap_or(digits);
        let has_leading_zero = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
        let is_whole = !has_leading_zero && matches!(next, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
        if is_whole {
            self.at = end;
        }
        is_whole
    }

    #[inline]
    fn key(&mut self) -> Scanned<&'frame [u8]> {
        // Most names are one character, and nothing but a colon follows.
        let at = self.at;
        if let Some([b'"', name, b'"', b':']) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<4>)
            && IS_PLAIN[usize::from(*name)]
        {
            self.at = at + 4;
            return Ok(&self.bytes[at + 1..at + 2]);
        }
        if let Some((length, next)) = self.followers.find(self.follower, self.bytes, at) {
            self.follower = next;
            self.at = at + length + MARKS;
            return Ok(&self.bytes[at + 1..at + 1 + length]);
        }
        self.unexpected_key()
    }

    /// A name that was not expected here, and is from now on.
    fn unexpected_key(&mut self) -> Scanned<&'frame [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        let key = self.string_from(start, start)?;
        self.expect(b':')?;
        if !self.is_normal {
            self.follower = self.followers.learn(self.follower, self.bytes, start - 1, key.len());
        }
        Ok(key)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Scanned<()> {
        if self.peek() != byte {
            return Err(Misfit::Syntax);
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn string(&mut self) -> Scanned<&'frame [u8]> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(Misfit::Syntax);
        }
        let start = self.at + 1;
        // Whole words, each by a branch that the processor foresees: for the count of what is plain it would have to wait.
        let mut at = start;
        while word_at::<8>(self.bytes, at).is_some_and(|word| is_plain(u64::from_le_bytes(word))) {
            at += 8;
        }
        self.string_from(start, at)
    }

    /// The string whose content begins at `start` and is plain up to `at`.
    #[inline]
    fn string_from(&mut self, start: usize, mut at: usize) -> Scanned<&'frame [u8]> {
        loop {
            match self.bytes.get(at) {
                None => return Err(Misfit::Syntax),
                Some(&byte) if IS_PLAIN[usize::from(byte)] => at += 1,
                Some(b'"') => break,
                Some(_) if !self.is_normal => return Err(Misfit::Syntax),
                Some(byte) => at += if *byte == b'\\' { 2 } else { 1 },
            }
        }
        self.at = at + 1;
        Ok(&self.bytes[start..at])
    }

    /// Steps over a word that is no string.
    pub fn literal(&mut self, literal: &[u8]) -> Scanned<()> {
        if !self.bytes[self.at..].starts_with(literal) {
            return Err(Misfit::Syntax);
        }
        self.at += literal.len();
        Ok(())
    }

    fn skip_number(&mut self) -> Scanned<()> {
        self.at = number_end(self.bytes, self.at).ok_or(Misfit::Syntax)?;
        Ok(())
    }
}

/// Where the number that begins at `start` ends, by the grammar of JSON; nothing if there is none.
pub(crate) fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits_end =
        |from: usize| from + bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let first = start + usize::from(bytes.get(start) == Some(&b'-'));
    let mut at = if bytes.get(first) == Some(&b'0') { first + 1 } else { digits_end(first) };
    if at == first {
        return None;
    }
    if bytes.get(at) == Some(&b'.') {
        let end = digits_end(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let exponent = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits_end(exponent);
        if end == exponent {
            return None;
        }
        at = end;
    }
    Some(at)
}

/// So many bytes that begin at a place; nothing if there are fewer.
#[inline]
pub(crate) fn word_at<const BYTES: usize>(bytes: &[u8], at: usize) -> Option<[u8; BYTES]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// Whether eight bytes are all plain.
#[inline]
const fn is_plain(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // This puts the quote right behind the control characters, and the space where the quote was.
    let quotes = word ^ (0x02 * ONES);
    let controls = quotes.wrapping_sub(0x21 * ONES) & !quotes;
    let slashes = word ^ (b'\\' as u64 * ONES);
    let slashes = slashes.wrapping_sub(ONES) & !slashes;
    (controls | slashes | word) & (0x80 * ONES) == 0
}

/// Digits of 2^53 - 1.
const WHOLE_DIGITS: usize = 16;
const WHOLE_MOST: u64 = (1 << 53) - 1;

/// ASCII without control characters, quotes and backslashes.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x20;
    while byte < 0x80 {
        table[byte] = byte != b'"' as usize && byte != b'\\' as usize;
        byte += 1;
    }
    table
};
