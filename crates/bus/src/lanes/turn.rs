//! The schedule of one thread: what the thread left in its port goes in, what it shall do comes out.

use super::options::ScheduleOptions;
use super::pool::Pool;
use super::port::{Port, Settled};
use super::schedule::{Released, Schedule, Settlement};
use super::step::Step;
use crate::error::BusError;
use crate::layout::{OUTCOME_CONFLATED, PORT_LEASES, PORT_RELEASES};
use crate::memory::Words;

/// A schedule, the pool of its free envelopes, and the port of the thread that has both.
#[derive(Debug)]
pub struct Turns<M> {
    port: Port<M>,
    schedule: Schedule<M>,
    pool: Pool,
    /// What the last turn released.
    released: Vec<u32>,
    /// Whether it stopped because it had released as much as the list holds.
    is_more: bool,
}

impl<M: Words> Turns<M> {
    /// Opens an empty one, and fills the port's free list.
    ///
    /// # Errors
    /// [`BusError::Schedule`] if options or sizes are out of range.
    pub fn new(port: M, envelopes: M, options: &ScheduleOptions) -> Result<Self, BusError> {
        let port = Port::new(port)?;
        let schedule = Schedule::new(envelopes, options)?;
        let pool = Pool::new(schedule.envelopes().count());
        let mut turns = Self { port, schedule, pool, released: Vec::with_capacity(PORT_RELEASES), is_more: false };
        turns.tell(0);
        Ok(turns)
    }

    /// Takes the settlement list in, then the submission list, then picks what is wanted.
    pub fn turn(&mut self) {
        self.take_in();
        let leased = self.pick();
        self.tell(leased);
    }

    /// Writes when the oldest waiting message of each lane was published.
    pub fn inspect(&self) {
        for lane in 0..self.schedule.lanes() {
            let queued = self.schedule.oldest(lane).map_or(0.0, |oldest| self.schedule.envelopes().queued(oldest));
            self.port.tell_oldest(lane, queued);
        }
    }

    /// Takes both lists in, then lets go of waiting messages as closed, as many as the release list takes.
    pub fn clear(&mut self) {
        self.take_in();
        self.schedule.wake_all();
        while self.released.len() < PORT_RELEASES
            && let Some(closed) = self.schedule.close_one()
        {
            list(&self.port, &mut self.released, closed);
        }
        self.is_more = (0..self.schedule.lanes()).any(|lane| self.schedule.waiting(lane) > 0);
        self.tell(0);
    }

    fn take_in(&mut self) {
        self.is_more = false;
        let Self { port, schedule, pool, released, .. } = self;
        schedule.wake(port.now());
        released.drain(..).for_each(|envelope| give_back(schedule, pool, envelope));
        port.settlements(|Settled { envelope, generation, outcome }| {
            if schedule.settle(envelope, generation, outcome) == Settlement::Ended {
                give_back(schedule, pool, envelope);
            }
        });
        let mut conflated = 0;
        port.submissions(|envelope| {
            if !pool.hand_in(envelope) {
                return;
            }
            if let Some(gone) = schedule.admit(envelope) {
                conflated += u32::from(gone.reason == OUTCOME_CONFLATED);
                list(port, released, gone);
            }
        });
        self.port.taken_in(conflated);
    }

    /// Returns how many were leased.
    fn pick(&mut self) -> usize {
        let (now, wanted, urgent) = (self.port.now(), self.port.wanted(), self.port.urgent());
        let leased = self.lease(0, wanted, Schedule::runnable, |schedule| schedule.step(now));
        let most = (leased + urgent).min(PORT_LEASES);
        let leased = self.lease(leased, most, Schedule::runnable_urgent, |schedule| schedule.step_urgent(now));
        self.port.leases(leased, |envelope| self.schedule.envelopes().touch(envelope));
        leased
    }

    /// Leases until so many are leased in all, or nothing can run, or the release list is full. Returns how many are.
    #[inline]
    fn lease(
        &mut self,
        before: usize,
        most: usize,
        runnable: impl Fn(&Schedule<M>) -> u32,
        pick: impl Fn(&mut Schedule<M>) -> Step,
    ) -> usize {
        let Self { port, schedule, released, is_more, .. } = self;
        let mut leased = before;
        while leased < most && released.len() < PORT_RELEASES {
            let step = pick(schedule);
            if step.is_lease() {
                port.lease(leased, step.envelope());
                leased += 1;
            } else if step.is_none() {
                return leased;
            } else {
                list(port, released, step.released());
            }
        }
        *is_more |= leased < most && runnable(schedule) > 0;
        leased
    }

    /// Fills the free list up and says how things stand.
    fn tell(&mut self, leased: usize) {
        let Self { port, schedule, pool, released, is_more } = self;
        port.handed_out(leased, released.len(), *is_more);
        port.fill(pool);
        for lane in 0..schedule.lanes() {
            port.tell_lane(lane, schedule.waiting(lane), schedule.room(lane));
        }
        port.tell_delayed(schedule.delayed(), schedule.first_due());
        port.tell_runnable(schedule.runnable(), schedule.runnable_urgent());
        for (outcome, &count) in schedule.ended().iter().enumerate() {
            port.tell_ended(outcome, count);
        }
    }
}

#[inline(never)]
fn list<M: Words>(port: &Port<M>, released: &mut Vec<u32>, Released { envelope, reason }: Released) {
    port.release(released.len(), envelope, reason);
    released.push(envelope);
}

#[inline]
fn give_back<M: Words>(schedule: &Schedule<M>, pool: &mut Pool, envelope: u32) {
    schedule.envelopes().raise_generation(envelope);
    pool.give(envelope);
}
