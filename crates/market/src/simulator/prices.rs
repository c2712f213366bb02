//! The fair price of each symbol, in ticks, and how it came about of late: a diffusion whose volatility reverts to that of
//! the regime, and jumps.

use super::elementary::{exp, ln};
use super::options::{PriceLaw, Symbol};
use super::random::Random;

/// Prices move once in this time.
const STEP_NS: f64 = 1_000_000.0;
/// Steps of which the prices are kept, a power of two: what happened so long ago is the oldest news.
const STEPS_KEPT: usize = 64;
/// Steps between two changes of the volatility.
const STEPS_PER_MOOD: usize = 100;
const BPS: f64 = 1e-4;

/// The prices.
#[derive(Debug)]
pub struct Prices {
    law: PriceLaw,
    latents: Vec<Latent>,
    step: usize,
    regime: usize,
    /// Logarithm of what the volatility is of the regime's.
    excess: f64,
    deviation: f64,
}

#[derive(Debug)]
struct Latent {
    volatility: f64,
    beta: f64,
    own: f64,
    now: f64,
    kept: [f64; STEPS_KEPT],
}

impl Latent {
    fn new(symbol: &Symbol) -> Self {
        let now = symbol.price * symbol.price_scale / symbol.tick_units;
        let own = (1.0 - symbol.beta * symbol.beta).sqrt();
        Self { volatility: symbol.volatility, beta: symbol.beta, own, now, kept: [now; STEPS_KEPT] }
    }
}

impl Prices {
    /// The prices at the epoch.
    #[must_use]
    pub fn new(law: &PriceLaw, symbols: &[Symbol]) -> Self {
        let latents = symbols.iter().map(Latent::new).collect();
        let mut prices = Self { law: law.clone(), latents, step: 0, regime: 0, excess: 0.0, deviation: 0.0 };
        prices.deviation = prices.deviation_of_step();
        prices
    }

    /// What the regime does to spreads.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.law.spreads[self.regime]
    }

    /// Moves the prices on to a time.
    #[inline]
    pub fn advance_to(&mut self, ns: f64, random: &mut Random) {
        let wanted = (ns / STEP_NS) as usize;
        while self.step < wanted {
            self.step += 1;
            if self.step.is_multiple_of(STEPS_PER_MOOD) {
                self.change_mood(random);
            }
            self.move_all(random);
        }
    }

    /// The price of a symbol at a time that is not later than now, in ticks.
    #[inline]
    #[must_use]
    pub fn at(&self, symbol: usize, ns: f64) -> f64 {
        let step = ((ns / STEP_NS) as usize).max((self.step + 1).saturating_sub(STEPS_KEPT));
        self.latents[symbol].kept[step % STEPS_KEPT]
    }

    fn move_all(&mut self, random: &mut Random) {
        let jumps = STEP_NS / self.law.jump_ns;
        let shared = random.normal();
        for latent in &mut self.latents {
            let own = latent.own * random.normal();
            let mut step = self.deviation * latent.volatility * (latent.beta * shared + own);
            if random.uniform() < jumps {
                step += jump(&self.law, random);
            }
            latent.now *= 1.0 + step;
            latent.kept[self.step % STEPS_KEPT] = latent.now;
        }
    }

    fn change_mood(&mut self, random: &mut Random) {
        let mood_ns = STEP_NS * STEPS_PER_MOOD as f64;
        if random.uniform() < mood_ns / self.law.stay_ns {
            let next = random.below(self.law.volatilities.len());
            // The volatility itself does not jump: it reverts to the new regime's from where it is.
            self.excess += ln(self.law.volatilities[self.regime] / self.law.volatilities[next]);
            self.regime = next;
        }
        let part = mood_ns / self.law.revert_ns;
        self.excess += -part * self.excess + self.law.deviation * (2.0 * part).sqrt() * random.normal();
        self.deviation = self.deviation_of_step();
    }

    fn deviation_of_step(&self) -> f64 {
        self.law.volatilities[self.regime] * exp(self.excess) * (STEP_NS / 1e9).sqrt()
    }
}

fn jump(law: &PriceLaw, random: &mut Random) -> f64 {
    let size = (law.jump_least_bps + random.uniform() * (law.jump_most_bps - law.jump_least_bps)) * BPS;
    if random.uniform() < 0.5 { -size } else { size }
}
