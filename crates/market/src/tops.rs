//! The last best bid and offer of each instrument, for venues that send of it only what has changed.

use crate::batch::Quote;

/// The last quotes, by the instruments' numbers, of which a decoder has no more than it was opened for.
#[derive(Debug, Default)]
pub struct Tops {
    quotes: Vec<Option<Quote>>,
}

impl Tops {
    /// The last quote of an instrument.
    #[must_use]
    pub fn get(&self, instrument: u32) -> Option<Quote> {
        self.quotes.get(instrument as usize).copied().flatten()
    }

    /// Notes the last quote of an instrument.
    pub fn set(&mut self, instrument: u32, quote: Quote) {
        let place = instrument as usize;
        if self.quotes.len() <= place {
            self.quotes.resize(place + 1, None);
        }
        self.quotes[place] = Some(quote);
    }

    /// Forgets what an instrument had: changes to it cannot be followed any more.
    pub fn forget(&mut self, instrument: u32) {
        if let Some(quote) = self.quotes.get_mut(instrument as usize) {
            *quote = None;
        }
    }
}

/// What a decoder remembers of quotes, by where they come from: the two are not at the same point.
#[derive(Debug, Default)]
pub struct LastQuotes {
    /// From order books of one level.
    pub of_books: Tops,
    /// From tickers.
    pub of_tickers: Tops,
}
