//! What a book is asked. A book that does not follow the venue answers nothing.

use super::Book;
use super::levels::WHOLE;
use crate::batch::Side;

/// A price and the size there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The price.
    pub price: f64,
    /// The size.
    pub size: f64,
}

impl Book {
    /// The best bid or ask.
    #[must_use]
    pub fn best(&self, side: Side) -> Option<Level> {
        let best = self.side(side).best().filter(|_| self.state().is_following());
        best.map(|(key, size)| Level { price: key.abs(), size })
    }

    /// The levels of a side from the best on. Those beyond `reach` are the venue's, but others may be missing among them.
    pub fn depth(&self, side: Side) -> impl Iterator<Item = Level> {
        let most = if self.state().is_following() { usize::MAX } else { 0 };
        self.side(side).iter().take(most).map(|(key, size)| Level { price: key.abs(), size })
    }

    /// The worst price of a side down to which no level is missing; none if there is nothing missing at all.
    #[must_use]
    pub fn reach(&self, side: Side) -> Option<f64> {
        let reach = self.side(side).reach();
        (reach != WHOLE).then_some(reach.abs())
    }

    /// The size of all levels from the best to a price, that one included. None where the book does not reach so far.
    #[must_use]
    pub fn volume_to(&self, side: Side, price: f64) -> Option<f64> {
        let key = key_of(side, price);
        if !self.state().is_following() || price.is_nan() || key < self.side(side).reach() {
            return None;
        }
        Some(
            self.depth(side)
                .take_while(|level| key_of(side, level.price) >= key)
                .fold(0.0, |sum, level| sum + level.size),
        )
    }

    /// The price of the level at which so much volume has come together. None where the book has not so much for sure.
    #[must_use]
    pub fn price_for(&self, side: Side, volume: f64) -> Option<f64> {
        let reach = self.side(side).reach();
        let mut sum = 0.0;
        self.depth(side).take_while(|level| key_of(side, level.price) >= reach).find_map(|level| {
            sum += level.size;
            (sum >= volume).then_some(level.price)
        })
    }
}

fn key_of(side: Side, price: f64) -> f64 {
    if side == Side::Bid { price } else { -price }
}
