//! Random numbers: xoshiro128** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2021), the one
//! of its family that needs no more than 32 bits, so that it is fast in JavaScript too. Its state is made of the seed by
//! the finaliser of `MurmurHash3`.

use super::elementary::ln;

const GOLDEN: u32 = 0x9e37_79b9;

/// The generator.
#[derive(Clone, Debug)]
pub struct Random {
    state: [u32; 4],
    spare: Option<f64>,
}

impl Random {
    /// A generator; the seed is 64 bits in two halves.
    #[must_use]
    pub fn new(seed_low: u32, seed_high: u32) -> Self {
        let mut state = [1, 2, 3, 4].map(|index| mixed(seed_low, seed_high, index));
        // Never all zeros, which would stay so.
        state[3] |= 1;
        Self { state, spare: None }
    }

    /// 32 random bits.
    #[inline]
    pub fn word(&mut self) -> u32 {
        let [a, b, c, d] = &mut self.state;
        let word = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 9;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(11);
        word
    }

    /// Above 0 and below 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 0.5) / 4_294_967_296.0
    }

    /// A whole number from 0 to `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.uniform() * count as f64) as usize
    }

    /// Exponential, with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -ln(self.uniform())
    }

    /// Normal, with mean 0 and deviation 1: a direction from a point in the disc, a length from an exponential; two at
    /// a time.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.uniform() - 1.0;
            let y = 2.0 * self.uniform() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let factor = (2.0 * self.exponential() / square).sqrt();
                self.spare = Some(y * factor);
                return x * factor;
            }
        }
    }
}

fn mixed(low: u32, high: u32, index: u32) -> u32 {
    let first = finalised(low.wrapping_add(GOLDEN.wrapping_mul(index)));
    finalised(first ^ high ^ GOLDEN.wrapping_mul(index + 4))
}

fn finalised(word: u32) -> u32 {
    let mut h = word;
    h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}
