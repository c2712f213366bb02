//! What a schedule means, in plain lists that are searched from end to end, written from the words of `ts/lane-core.ts`.

use tickbus_bus::lanes::options::{Overflow, Policy, ScheduleOptions};
use tickbus_bus::layout::{
    OUTCOME_CLOSED, OUTCOME_CONFLATED, OUTCOME_EXPIRED, OUTCOME_OVERFLOW, OUTCOME_RETRIED, OUTCOME_RETURNED,
    OUTCOME_SHED, OUTCOMES, PORT_FREES, PORT_LEASES, PORT_RELEASES,
};

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) envelope: u32,
    pub(crate) lane: usize,
    pub(crate) topic: u32,
    pub(crate) key: u64,
    pub(crate) queued: f64,
    pub(crate) deadline: f64,
    pub(crate) place: u64,
}

/// Something that can run: a message, or a key whose messages run one after the other.
struct Entry {
    lane: usize,
    place: u64,
    runs: Message,
}

#[derive(Clone, Debug, Default)]
struct Delay {
    first_above: Option<f64>,
    drops_since: Option<f64>,
    next: f64,
    count: u32,
    last_count: u32,
}

pub(crate) struct Naive {
    options: ScheduleOptions,
    pub(crate) waiting: Vec<Message>,
    pub(crate) in_flight: Vec<Message>,
    pub(crate) generations: Vec<u32>,
    pub(crate) attempts: Vec<u32>,
    /// Those that can be given out, the next one last.
    pool: Vec<u32>,
    pub(crate) free: Vec<u32>,
    given: Vec<u32>,
    pub(crate) leased: Vec<u32>,
    pub(crate) released: Vec<(u32, u32)>,
    pub(crate) is_more: bool,
    pub(crate) conflated: u32,
    pub(crate) ended: [u64; OUTCOMES],
    submitted: u64,
    ordinary_picks: u32,
    visit: (usize, bool),
    deficits: Vec<u32>,
    delays: Vec<Delay>,
}

impl Naive {
    pub(crate) fn new(options: &ScheduleOptions, envelopes: u32) -> Self {
        let lanes = options.lanes.len();
        let mut naive = Self {
            options: options.clone(),
            waiting: Vec::new(),
            in_flight: Vec::new(),
            generations: vec![0; envelopes as usize],
            attempts: vec![0; envelopes as usize],
            pool: (0..envelopes).rev().collect(),
            free: Vec::new(),
            given: Vec::new(),
            leased: Vec::new(),
            released: Vec::new(),
            is_more: false,
            conflated: 0,
            ended: [0; OUTCOMES],
            submitted: 0,
            ordinary_picks: 0,
            visit: (options.urgent.saturating_sub(1), false),
            deficits: vec![0; lanes],
            delays: vec![Delay::default(); lanes],
        };
        naive.fill();
        naive
    }

    /// Takes in what was settled and submitted, and picks.
    pub(crate) fn turn(&mut self, settled: &[[u32; 3]], submitted: &[Message], wanted: usize, urgent: usize, now: f64) {
        self.take_in(settled, submitted);
        self.pick(wanted, now, false);
        self.pick((self.leased.len() + urgent).min(PORT_LEASES), now, true);
        self.fill();
    }

    pub(crate) fn clear(&mut self, settled: &[[u32; 3]], submitted: &[Message]) {
        self.take_in(settled, submitted);
        for lane in (0..self.options.lanes.len()).rev() {
            while let Some(oldest) = self.oldest(lane).cloned() {
                if self.released.len() == PORT_RELEASES {
                    self.is_more = true;
                    break;
                }
                self.release(&oldest, OUTCOME_CLOSED);
            }
        }
        self.fill();
    }

    pub(crate) fn in_lane(&self, lane: usize) -> impl Iterator<Item = &Message> {
        self.waiting.iter().filter(move |message| message.lane == lane)
    }

    pub(crate) fn oldest(&self, lane: usize) -> Option<&Message> {
        self.in_lane(lane).min_by_key(|message| message.place)
    }

    pub(crate) fn runnable(&self) -> usize {
        self.entries().len()
    }

    pub(crate) fn runnable_urgent(&self) -> usize {
        self.entries().iter().filter(|entry| self.is_urgent(entry.lane)).count()
    }

    fn take_in(&mut self, settled: &[[u32; 3]], submitted: &[Message]) {
        for (envelope, _) in std::mem::take(&mut self.released) {
            self.give_back(envelope);
        }
        self.leased.clear();
        (self.is_more, self.conflated) = (false, 0);
        for &[envelope, outcome, generation] in settled {
            self.settle(envelope, outcome, generation);
        }
        for message in submitted {
            self.submit(message.clone());
        }
    }

    fn settle(&mut self, envelope: u32, outcome: u32, generation: u32) {
        let Some(index) = self.in_flight.iter().position(|message| message.envelope == envelope) else { return };
        if self.generations[envelope as usize] != generation || !(1..=OUTCOME_RETRIED).contains(&outcome) {
            return;
        }
        let message = self.in_flight.swap_remove(index);
        if outcome != OUTCOME_RETURNED {
            self.ended[outcome as usize] += 1;
        }
        if outcome == OUTCOME_RETRIED {
            self.attempts[envelope as usize] += 1;
        }
        if outcome >= OUTCOME_RETURNED {
            self.waiting.push(message);
        } else {
            self.give_back(envelope);
        }
    }

    fn submit(&mut self, mut message: Message) {
        let Some(index) = self.given.iter().position(|&given| given == message.envelope) else { return };
        self.given.swap_remove(index);
        message.lane = if message.lane < self.options.lanes.len() { message.lane } else { 0 };
        let lane = self.options.lanes[message.lane];
        let is_same = |other: &&Message| (other.topic, other.key) == (message.topic, message.key);
        let same = self.in_lane(message.lane).filter(is_same).max_by_key(|other| other.place).cloned();
        if let Some(same) = same.filter(|_| lane.overflow == Overflow::Conflate) {
            message.place = same.place;
            self.conflated += 1;
            self.release(&same, OUTCOME_CONFLATED);
            self.waiting.push(message);
            return;
        }
        let is_full = self.in_lane(message.lane).count() >= lane.capacity as usize;
        if is_full && matches!(lane.overflow, Overflow::DropOldest | Overflow::Conflate) {
            let oldest = self.oldest(message.lane).unwrap().clone();
            self.release(&oldest, OUTCOME_OVERFLOW);
        }
        self.submitted += 1;
        message.place = self.submitted;
        self.waiting.push(message);
    }

    fn entries(&self) -> Vec<Entry> {
        let is_keyed = |message: &&Message| self.options.ordered && message.key != 0;
        let alone = self.waiting.iter().filter(|message| !is_keyed(message));
        let mut entries: Vec<Entry> =
            alone.map(|message| Entry { lane: message.lane, place: message.place, runs: message.clone() }).collect();
        let mut keys: Vec<u64> = self.waiting.iter().filter(is_keyed).map(|message| message.key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            if self.in_flight.iter().any(|message| message.key == key) {
                continue;
            }
            let of_key = || self.waiting.iter().filter(|message| message.key == key);
            let first = of_key().min_by_key(|message| message.place).unwrap();
            let most_urgent = of_key().max_by_key(|message| (message.lane, u64::MAX - message.place)).unwrap();
            let place = if self.options.policy == Policy::Fifo { first } else { most_urgent };
            entries.push(Entry { lane: place.lane, place: place.place, runs: first.clone() });
        }
        entries.sort_by_key(|entry| entry.place);
        entries
    }

    fn is_urgent(&self, lane: usize) -> bool {
        self.options.policy != Policy::Fifo && lane >= self.options.urgent
    }

    /// Leases until there are so many.
    fn pick(&mut self, most: usize, now: f64, urgent_only: bool) {
        while self.leased.len() < most {
            let mut entries = self.entries();
            let urgent = entries.iter().filter(|entry| self.is_urgent(entry.lane)).map(|entry| entry.lane).max();
            if entries.is_empty() || (urgent_only && urgent.is_none()) {
                return;
            }
            if self.released.len() == PORT_RELEASES {
                self.is_more = true;
                return;
            }
            let (index, is_aged) = match urgent {
                Some(lane) => (entries.iter().position(|entry| entry.lane == lane).unwrap(), false),
                None => self.choose(&entries, now),
            };
            let message = entries.swap_remove(index).runs;
            let is_leased = self.lease(&message, now);
            if is_leased && urgent.is_none() {
                self.ordinary_picks = if is_aged { 0 } else { (self.ordinary_picks + 1).min(7) };
                if self.options.policy == Policy::Weighted {
                    self.deficits[self.visit.0] -= 1;
                }
            }
        }
    }

    /// Which of the entries, in the order of their places, and whether because of its age.
    fn choose(&mut self, entries: &[Entry], now: f64) -> (usize, bool) {
        let first_in = |lane| entries.iter().position(|entry| entry.lane == lane);
        let highest = entries.iter().map(|entry| entry.lane).max().unwrap();
        let strict = first_in(highest).unwrap();
        match self.options.policy {
            Policy::Fifo => (0, false),
            Policy::Strict => {
                let below = (0..highest).filter_map(first_in);
                let is_old = |&index: &usize| now - entries[index].runs.queued > self.options.age_ns;
                let aged = below
                    .filter(is_old)
                    .min_by(|&one, &other| entries[one].runs.queued.total_cmp(&entries[other].runs.queued));
                let may_age = self.ordinary_picks == 7 && self.options.age_ns > 0.0;
                aged.filter(|_| may_age).map_or((strict, false), |index| (index, true))
            }
            Policy::Deadline => {
                let deadline = |entry: &Entry| if entry.runs.deadline == 0.0 { f64::MAX } else { entry.runs.deadline };
                let earliest = entries.iter().map(deadline).fold(f64::INFINITY, f64::min);
                (entries.iter().position(|entry| deadline(entry) <= earliest).unwrap(), false)
            }
            Policy::Weighted => loop {
                let (lane, is_visited) = self.visit;
                let first = first_in(lane);
                if first.is_none() {
                    self.deficits[lane] = 0;
                } else if !is_visited {
                    self.deficits[lane] += self.options.lanes[lane].weight;
                    self.visit.1 = true;
                }
                if let Some(first) = first.filter(|_| self.deficits[lane] > 0) {
                    return (first, false);
                }
                self.visit = ((lane + self.options.urgent - 1) % self.options.urgent, false);
            },
        }
    }

    fn lease(&mut self, message: &Message, now: f64) -> bool {
        let is_expired = message.deadline != 0.0 && message.deadline <= now;
        if is_expired || self.sheds(message, now) {
            self.release(message, if is_expired { OUTCOME_EXPIRED } else { OUTCOME_SHED });
            return false;
        }
        self.waiting.retain(|other| other.envelope != message.envelope);
        self.in_flight.push(message.clone());
        self.leased.push(message.envelope);
        true
    }

    /// RFC 8289, section 5: whether the queue has been behind for an interval; if so it drops at once, and then as often as
    /// the control law says.
    fn sheds(&mut self, message: &Message, now: f64) -> bool {
        let lane = self.options.lanes[message.lane];
        if lane.shed_target_ns == 0.0 || self.is_urgent(message.lane) {
            return false;
        }
        let is_last = self.in_lane(message.lane).count() == 1;
        let delay = &mut self.delays[message.lane];
        let law = |from: f64, count: u32| from + lane.shed_interval_ns / f64::from(count).sqrt();
        if now - message.queued < lane.shed_target_ns || is_last {
            (delay.first_above, delay.drops_since) = (None, None);
            return false;
        }
        let first_above = *delay.first_above.get_or_insert(now + lane.shed_interval_ns);
        if now < first_above {
            delay.drops_since = None;
            return false;
        }
        if delay.drops_since.is_none() {
            let drops = delay.count - delay.last_count;
            let is_recent = now - delay.next < 16.0 * lane.shed_interval_ns;
            delay.count = if drops > 1 && is_recent { drops } else { 1 };
            delay.last_count = delay.count;
            delay.next = law(now, delay.count);
            delay.drops_since = Some(now);
            return true;
        }
        if now < delay.next {
            return false;
        }
        delay.count += 1;
        delay.next = law(delay.next, delay.count);
        true
    }

    fn release(&mut self, message: &Message, reason: u32) {
        self.waiting.retain(|other| other.envelope != message.envelope);
        self.released.push((message.envelope, reason));
        self.ended[reason as usize] += 1;
    }

    fn give_back(&mut self, envelope: u32) {
        self.generations[envelope as usize] = self.generations[envelope as usize].wrapping_add(1);
        self.pool.push(envelope);
        self.pool.sort_unstable_by_key(|&envelope| std::cmp::Reverse(envelope));
    }

    fn fill(&mut self) {
        while self.free.len() < PORT_FREES
            && let Some(envelope) = self.pool.pop()
        {
            self.free.push(envelope);
            self.given.push(envelope);
        }
    }
}
