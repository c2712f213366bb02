//! The general parser: takes any JSON, and writes it in the form that the scanner takes.
//!
//! It is for what venues do not write and JSON allows: escapes, characters beyond ASCII. In its output white space is
//! gone, escapes are characters, but for quotes and backslashes, and everything has been checked.

use tickbus_bus::layout::FRAME_NESTING_MOST;

use crate::reject::Reason;
use crate::scanner::number_end;

/// Writes the plain form of a frame into `out`, which is never longer than the frame.
///
/// # Errors
///
/// `Encoding`, `Nesting` or `Json`, whichever the frame is not.
pub fn normalise(frame: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
    out.clear();
    if std::str::from_utf8(frame).is_err() {
        return Err(Reason::Encoding);
    }
    let mut parser = Parser { bytes: frame, at: 0, out };
    parser.value(1)?;
    if parser.peek() != 0 || parser.at != frame.len() {
        return Err(Reason::Json);
    }
    Ok(())
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    out: &'a mut Vec<u8>,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<(), Reason> {
        match self.peek() {
            b'"' => self.string(),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            b'{' | b'[' if depth > FRAME_NESTING_MOST => Err(Reason::Nesting),
            b'{' => self.members(b'}', |parser| {
                parser.string()?;
                parser.take(b':')?;
                parser.value(depth + 1)
            }),
            b'[' => self.members(b']', |parser| parser.value(depth + 1)),
            _ => self.number(),
        }
    }

    fn members(&mut self, end: u8, mut member: impl FnMut(&mut Self) -> Result<(), Reason>) -> Result<(), Reason> {
        self.copy();
        if self.peek() != end {
            loop {
                member(self)?;
                if self.peek() != b',' {
                    break;
                }
                self.copy();
            }
        }
        self.take(end)
    }

    fn string(&mut self) -> Result<(), Reason> {
        self.take(b'"')?;
        loop {
            match self.bytes.get(self.at) {
                None | Some(0..0x20) => return Err(Reason::Json),
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => self.copy(),
            }
        }
        self.copy();
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Reason> {
        let escaped = self.bytes.get(self.at + 1).copied().unwrap_or(0);
        self.at += 2;
        let character = match escaped {
            b'"' | b'\\' | b'/' => char::from(escaped),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_point()?,
            _ => return Err(Reason::Json),
        };
        if matches!(character, '"' | '\\') {
            self.out.push(b'\\');
        }
        self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// What `\u` stands for, with the second half of a surrogate pair.
    fn code_point(&mut self) -> Result<char, Reason> {
        let high = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high).ok_or(Reason::Json);
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Err(Reason::Json);
        }
        self.at += 2;
        let low = self.hexadecimal()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(Reason::Json);
        }
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)).ok_or(Reason::Json)
    }

    fn hexadecimal(&mut self) -> Result<u32, Reason> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(Reason::Json)?;
        let mut number = 0;
        for digit in digits {
            number = number * 16 + char::from(*digit).to_digit(16).ok_or(Reason::Json)?;
        }
        self.at += 4;
        Ok(number)
    }

    fn number(&mut self) -> Result<(), Reason> {
        let end = number_end(self.bytes, self.at).ok_or(Reason::Json)?;
        self.out.extend_from_slice(&self.bytes[self.at..end]);
        self.at = end;
        Ok(())
    }

    fn literal(&mut self, literal: &[u8]) -> Result<(), Reason> {
        if !self.bytes[self.at..].starts_with(literal) {
            return Err(Reason::Json);
        }
        self.out.extend_from_slice(literal);
        self.at += literal.len();
        Ok(())
    }

    fn take(&mut self, byte: u8) -> Result<(), Reason> {
        if self.peek() != byte {
            return Err(Reason::Json);
        }
        self.copy();
        Ok(())
    }

    /// Copies the byte at the cursor, which is there.
    fn copy(&mut self) {
        self.out.push(self.bytes[self.at]);
        self.at += 1;
    }

    fn peek(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }
}
