//! Sizes a group of worker threads while the thread that should does not come to it: its event loop is blocked.
//!
//! The owner ticks the law, and this looks on. Once a tick is overdue and something waits, it measures by itself what the
//! owner would measure, ticks the same law, writes into the ports of the threads how many slots each has, and gives some to
//! spare threads. What needs the owner is written down for it: threads that have to be started, and the decisions for the log.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use super::law::{Decision, Measured, TICK_MS};
use super::page::Autoscaler;
use super::spent::{Spent, ThreadShare};
use crate::lanes::shared_group::SharedGroup;
use crate::layout::{self, DECISION_DOUBLES, PORT_WORD_SLOTS, PORT_WORDS};
use crate::memory::Words;

/// So long after its last tick the owner is late, in milliseconds: twice as long as it takes if all is well.
pub const PATIENCE_MS: f64 = 2.0 * TICK_MS;
/// Most decisions that wait for the owner; of more the last ones count.
const DECISIONS_MOST: usize = 32;
/// Most handlers under way at once in one thread.
const SLOTS_OF_THREAD: f64 = 1_024.0;

/// What is known of a group's threads beside the limits of the law.
#[derive(Clone, Copy, Debug)]
pub struct Threads {
    /// Most of them.
    pub most: f64,
    /// Whether there are always so many.
    pub is_fixed: bool,
}

/// A thread, at work if its port gives it slots.
#[derive(Debug)]
struct Member<W> {
    slot: usize,
    port: W,
    meter: W,
    /// As of the last tick.
    spent: Spent,
}

/// The law of a group, for its owner and for whoever stands in.
///
/// Times are in milliseconds from any origin, on a clock of the caller's that never goes back.
#[derive(Debug)]
pub struct StandIn<W: Words> {
    law: Autoscaler<W>,
    group: Arc<SharedGroup<W>>,
    threads: Threads,
    members: Vec<Member<W>>,
    /// Since when arrivals count for the rate: the last tick, or the last look that found nothing waiting; and how many there
    /// had been by then.
    since_ms: f64,
    arrived: u64,
    /// When the owner ticked last, and what time it was on its clock then.
    owner_ms: f64,
    owner_now_ms: f64,
    /// Since when a tick of the owner's is waited for, and something waits.
    awaited_ms: f64,
    /// Mean time that handlers took to return when any were called last, in nanoseconds.
    called_ns: f64,
    share: ThreadShare,
    ticked_ms: f64,
    /// How many threads were asked for since the owner ticked last; 0 if none were.
    asked: f64,
    decisions: VecDeque<[f64; DECISION_DOUBLES]>,
    /// How many of them came before the owner's last tick.
    followed: usize,
}

impl<W: Words + Clone> StandIn<W> {
    /// Nobody is a member yet. `owner_now_ms` is the time on the owner's clock.
    #[must_use]
    pub fn new(
        law: Autoscaler<W>,
        group: Arc<SharedGroup<W>>,
        threads: Threads,
        now_ms: f64,
        owner_now_ms: f64,
    ) -> Self {
        let arrived = group.arrived();
        Self {
            law,
            group,
            threads,
            members: Vec::new(),
            since_ms: now_ms,
            arrived,
            owner_ms: now_ms,
            owner_now_ms,
            awaited_ms: now_ms,
            called_ns: f64::NAN,
            share: ThreadShare::default(),
            ticked_ms: now_ms,
            asked: 0.0,
            decisions: VecDeque::new(),
            followed: 0,
        }
    }

    /// A thread is ready. Its port and its meter stay as long as it is a member; what has another length than these is ignored.
    pub fn add(&mut self, slot: usize, port: W, meter: W) {
        if port.len() == PORT_WORDS && meter.len() >= 2 * layout::METER_DOUBLE_SLOTS {
            let spent = Spent::read(&meter);
            self.members.push(Member { slot, port, meter, spent });
        }
    }

    /// A thread leaves, or has ended.
    pub fn remove(&mut self, slot: usize) {
        self.members.retain(|member| member.slot != slot);
    }

    /// The owner ticks: the law answers in its page to what the page tells.
    pub fn tick(&mut self, now_ms: f64) {
        self.law.tick();
        (self.owner_ms, self.owner_now_ms) = (now_ms, self.law.now_ms());
        self.awaited_ms = now_ms;
        self.asked = 0.0;
        self.followed = self.decisions.len();
        self.spent(now_ms);
        self.mark(now_ms);
    }

    /// Whether a tick of the owner's is due.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.law.is_due()
    }

    /// Something has come after a time in which nobody looked.
    pub fn rouse(&mut self, now_ms: f64) {
        self.since_ms = self.since_ms.max(now_ms - TICK_MS);
        self.awaited_ms = now_ms;
    }

    /// To be called each `TICK_MS`: ticks, if the owner is late and something waits, and rings the threads that are to look at
    /// their slots. Says whether anything waits.
    pub fn look(&mut self, now_ms: f64, ring: impl Fn(usize)) -> bool {
        if self.group.depth() == 0 {
            self.mark(now_ms);
            self.awaited_ms = now_ms;
            return false;
        }
        if now_ms - self.awaited_ms >= PATIENCE_MS && now_ms - self.since_ms >= TICK_MS / 2.0 {
            self.stand_in(now_ms, ring);
        }
        true
    }

    /// What the owner's last tick follows and it has not taken yet, the oldest first: `DECISION_DOUBLES` of each. What was decided
    /// since then comes after what that tick has decided.
    pub fn take(&mut self) -> Vec<f64> {
        self.decisions.drain(..mem::take(&mut self.followed)).flatten().collect()
    }

    fn stand_in(&mut self, now_ms: f64, ring: impl Fn(usize)) {
        let measured = self.measure(now_ms);
        if let Some(slot) = self.group.whom_to_ring().checked_sub(1) {
            ring(slot as usize);
        }
        self.mark(now_ms);
        let (from, decision) = self.law.decide(&measured);
        let at_work = self.members.iter().filter(|member| member.slots() > 0).count() as f64;
        let threads_from = if self.asked > 0.0 { self.asked } else { at_work };
        let threads_to = self.wanted_threads(&decision, threads_from);
        if decision.wanted.total_cmp(&from).is_eq() && threads_to.total_cmp(&threads_from).is_eq() {
            return;
        }
        self.asked = threads_to;
        let late = self.share(decision.wanted, threads_to, ring);
        self.write_down(&measured, &decision, [from, threads_from, threads_to, late]);
    }

    fn measure(&mut self, now_ms: f64) -> Measured {
        let spent = self.spent(now_ms);
        let owner_now_ms = self.owner_now_ms + (now_ms - self.owner_ms);
        let urgent = self.group.urgent();
        let (mut oldest_ms, mut oldest_critical_ms) = (0.0_f64, 0.0_f64);
        self.group.each_oldest(|lane, queued_ns| {
            if queued_ns > 0.0 {
                let age_ms = owner_now_ms - queued_ns / 1e6;
                oldest_ms = oldest_ms.max(age_ms);
                oldest_critical_ms = oldest_critical_ms.max(if lane >= urgent { age_ms } else { 0.0 });
            }
        });
        Measured {
            now_ms: owner_now_ms,
            rate_per_s: (self.group.arrived() - self.arrived) as f64 * 1e3 / (now_ms - self.since_ms),
            service_ms: (self.called_ns + spent.mean_awaited()) / 1e6,
            depth: f64::from(self.group.depth()),
            oldest_ms,
            oldest_critical_ms,
            cpu_share: self.share.value(),
        }
    }

    /// What handlers have taken since the last tick.
    fn spent(&mut self, now_ms: f64) -> Spent {
        let mut sum = Spent::default();
        for member in &mut self.members {
            let spent = Spent::read(&member.meter);
            sum.add(&spent.since(&member.spent));
            member.spent = spent;
        }
        if !sum.mean_called().is_nan() {
            self.called_ns = sum.mean_called();
        }
        self.share.take(&sum, now_ms - self.ticked_ms);
        self.ticked_ms = now_ms;
        sum
    }

    fn mark(&mut self, now_ms: f64) {
        self.since_ms = now_ms;
        self.arrived = self.group.arrived();
    }

    /// As many as the slots keep cores busy, as `ThreadNeed` in `ts/client/scaling` has it; fewer is the owner's business.
    fn wanted_threads(&self, decision: &Decision, threads: f64) -> f64 {
        if self.threads.is_fixed || decision.need.is_nan() || decision.cpu_share.is_nan() {
            return threads;
        }
        let busy = (decision.wanted * decision.cpu_share / self.law.limits().cpu_target).ceil();
        let asked = decision.need - decision.kept;
        busy.min(decision.wanted).min(asked).min(self.threads.most).max(threads)
    }

    /// Divides slots over so many threads, spare ones included; says how many of them there are not.
    fn share(&self, slots: f64, threads: f64, ring: impl Fn(usize)) -> f64 {
        let mut chosen: Vec<_> = self.members.iter().collect();
        // Stable: those at work first, then spare ones in the order in which they were ready.
        chosen.sort_by_key(|member| member.slots() == 0);
        let at_work = chosen.iter().filter(|member| member.slots() > 0).count();
        chosen.truncate(at_work.max(threads as usize));
        let each = (slots / (chosen.len() as f64).max(1.0)).ceil().min(SLOTS_OF_THREAD);
        for member in &chosen {
            if member.port.swap(PORT_WORD_SLOTS, each as u32) != each as u32 {
                ring(member.slot);
            }
        }
        (threads - chosen.len() as f64).max(0.0)
    }

    fn write_down(&mut self, measured: &Measured, decision: &Decision, sizes: [f64; 4]) {
        let mut page = [0.0; DECISION_DOUBLES];
        page[layout::AUTOSCALE_DOUBLE_NOW] = measured.now_ms;
        page[layout::AUTOSCALE_DOUBLE_RATE] = measured.rate_per_s;
        page[layout::AUTOSCALE_DOUBLE_SERVICE] = measured.service_ms;
        page[layout::AUTOSCALE_DOUBLE_DEPTH] = measured.depth;
        page[layout::AUTOSCALE_DOUBLE_OLDEST] = measured.oldest_ms;
        page[layout::AUTOSCALE_DOUBLE_OLDEST_CRITICAL] = measured.oldest_critical_ms;
        page[layout::AUTOSCALE_DOUBLE_CPU_SHARE] = measured.cpu_share;
        decision.write(|place, value| page[place] = value);
        page[layout::DECISION_DOUBLE_FROM..].copy_from_slice(&sizes);
        if self.decisions.len() == DECISIONS_MOST {
            self.decisions.pop_front();
            self.followed = self.followed.saturating_sub(1);
        }
        self.decisions.push_back(page);
    }
}

impl<W: Words> Member<W> {
    fn slots(&self) -> u32 {
        self.port.load(PORT_WORD_SLOTS, SeqCst)
    }
}
