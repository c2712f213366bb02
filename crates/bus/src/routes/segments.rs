//! Patterns whose stars stand for whole segments, in a tree of segments.
//!
//! A star of the glob crosses dots, so a star of this tree is one segment **or more**, possibly empty ones; a literal with
//! a star behind it, always the last segment, swallows what follows. That is the glob itself, not a rule beside it.
//!
//! Each star is entered once in a search, where it can be first: whatever follows from a later place follows from that one
//! too (the argument of the matcher, [`crate::pattern`]). From each place where the star can end, the literals behind it
//! are followed until they part from the topic. So a search takes **at most (stars entered + 1) x (topic segments) x
//! (longest run of literals between stars + 1) x (lengths of `literal*` at a node + 1) look-ups by hash**, and the stars
//! entered lie on patterns that match the topic up to there.

use super::NONE;
use super::edges::{Edge, Edges};
use super::lengths::Lengths;

const ROOT: u32 = 0;

#[derive(Debug)]
pub(super) struct Segments {
    /// The root, and the others in no order.
    branches: Vec<Branch>,
    vacant: Vec<u32>,
    literals: Edges,
    prefixes: Edges,
    /// The search under way, and its lists, kept for the next one.
    round: u64,
    parts: Vec<Segment>,
    stars: Vec<(u32, usize)>,
}

/// What patterns go on from: the root, a star, or a literal.
#[derive(Debug)]
struct Branch {
    /// The star below.
    star: u32,
    /// Of a star, the pattern that ends with it.
    pattern: u32,
    /// How many literals are below.
    literals: u32,
    /// Lengths of the `literal*` below.
    prefixes: Lengths,
    /// Of a star, the last search that entered it.
    round: u64,
}

/// One segment of a pattern.
#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Star,
    Literal(&'a [u8]),
    /// `literal*`
    Prefix(&'a [u8]),
}

/// One segment of the topic that is searched for.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: usize,
    end: usize,
    hash: u64,
}

impl Default for Segments {
    fn default() -> Self {
        Self {
            branches: vec![Branch::new()],
            vacant: Vec::new(),
            literals: Edges::default(),
            prefixes: Edges::default(),
            round: 0,
            parts: Vec::new(),
            stars: Vec::new(),
        }
    }
}

impl Segments {
    /// Adds a pattern of [`super::Class::Segments`].
    pub(super) fn add(&mut self, id: u32, pattern: &[u8]) {
        let (end, before) = steps(pattern);
        let branch = before.fold(ROOT, |branch, step| self.descend(branch, step));
        *self.end(branch, end) = id;
    }

    /// Removes a pattern that was added, and what only led to it.
    pub(super) fn remove(&mut self, pattern: &[u8]) {
        let (end, before) = steps(pattern);
        let mut branch = ROOT;
        let mut path = Vec::new();
        for step in before {
            path.push((branch, step));
            branch = self.descend(branch, step);
        }
        *self.end(branch, end) = NONE;
        self.prune(branch, end);
        for (branch, step) in path.into_iter().rev() {
            self.prune(branch, step);
        }
    }

    pub(super) fn find(&mut self, topic: &[u8], found: impl FnMut(u32)) {
        self.find_by_steps(topic, found, || ());
    }

    /// [`Self::find`], and a call of `step` for each look-up: for the tests, which count them.
    #[inline]
    fn find_by_steps(&mut self, topic: &[u8], mut found: impl FnMut(u32), mut step: impl FnMut()) {
        if self.branches[ROOT as usize].is_idle() {
            return;
        }
        self.round += 1;
        self.split(topic);
        self.enter(self.branches[ROOT as usize].star, 0, &mut found);
        self.follow(ROOT, 0, topic, &mut found, &mut step);
        while let Some((star, from)) = self.stars.pop() {
            for at in from + 1..self.parts.len() {
                self.follow(star, at, topic, &mut found, &mut step);
            }
        }
    }

    fn split(&mut self, topic: &[u8]) {
        self.parts.clear();
        let mut start = 0;
        for text in topic.split(|&byte| byte == b'.') {
            let end = start + text.len();
            self.parts.push(Segment { start, end, hash: self.literals.hash(text) });
            start = end + 1;
        }
    }

    /// Enters a star, and the stars right behind it, where they take their first segments.
    #[inline]
    fn enter(&mut self, mut star: u32, mut at: usize, found: &mut impl FnMut(u32)) {
        while star != NONE && at < self.parts.len() {
            let branch = &mut self.branches[star as usize];
            if branch.round == self.round {
                return;
            }
            branch.round = self.round;
            if branch.pattern != NONE {
                found(branch.pattern);
            }
            if branch.literals > 0 || !branch.prefixes.is_empty() {
                self.stars.push((star, at));
            }
            star = branch.star;
            at += 1;
        }
    }

    /// Follows the topic's segments from `at` on along the literals below a branch.
    #[inline]
    fn follow(
        &mut self,
        mut branch: u32,
        mut at: usize,
        topic: &[u8],
        found: &mut impl FnMut(u32),
        step: &mut impl FnMut(),
    ) {
        while let Some(&Segment { start, end, hash }) = self.parts.get(at) {
            let text = &topic[start..end];
            self.find_prefixes(branch, text, found, step);
            if self.branches[branch as usize].literals == 0 {
                return;
            }
            step();
            let Some(&Edge { pattern, to, .. }) = self.literals.find(branch, text, hash) else { return };
            at += 1;
            if at == self.parts.len() && pattern != NONE {
                found(pattern);
            }
            if to == NONE {
                return;
            }
            branch = to;
            self.enter(self.branches[branch as usize].star, at, found);
        }
    }

    #[inline]
    fn find_prefixes(&mut self, branch: u32, text: &[u8], found: &mut impl FnMut(u32), step: &mut impl FnMut()) {
        for length in self.branches[branch as usize].prefixes.up_to(text.len()) {
            step();
            let Some(edge) = self.prefixes.find_mut(branch, &text[..length]) else { continue };
            if edge.round != self.round {
                edge.round = self.round;
                found(edge.pattern);
            }
        }
    }

    /// Where the pattern is kept that ends with `step`. What is missing on the way there is made.
    fn end(&mut self, branch: u32, step: Step<'_>) -> &mut u32 {
        match step {
            Step::Star => {
                let star = self.descend(branch, step) as usize;
                &mut self.branches[star].pattern
            }
            Step::Literal(text) => &mut self.literal(branch, text).pattern,
            Step::Prefix(text) => {
                let lengths = &mut self.branches[branch as usize].prefixes;
                &mut self.prefixes.make(branch, text, || lengths.add(text.len())).pattern
            }
        }
    }

    /// The branch that patterns go on from after `step`, a star or a literal.
    fn descend(&mut self, branch: u32, step: Step<'_>) -> u32 {
        let known = *self.below(branch, step);
        if known != NONE {
            return known;
        }
        let new = self.vacant.pop().unwrap_or_else(|| {
            self.branches.push(Branch::new());
            self.branches.len() as u32 - 1
        });
        *self.below(branch, step) = new;
        new
    }

    fn below(&mut self, branch: u32, step: Step<'_>) -> &mut u32 {
        match step {
            Step::Star => &mut self.branches[branch as usize].star,
            Step::Literal(text) | Step::Prefix(text) => &mut self.literal(branch, text).to,
        }
    }

    fn literal(&mut self, branch: u32, text: &[u8]) -> &mut Edge {
        let count = &mut self.branches[branch as usize].literals;
        self.literals.make(branch, text, || *count += 1)
    }

    /// Takes away what `step` leads to if no pattern needs it any more.
    fn prune(&mut self, branch: u32, step: Step<'_>) {
        match step {
            Step::Star => {
                let star = self.branches[branch as usize].star;
                if self.branches[star as usize].is_idle() {
                    self.branches[branch as usize].star = NONE;
                    self.vacant.push(star);
                }
            }
            Step::Literal(text) => {
                let Some(edge) = self.literals.find_mut(branch, text) else { return };
                if edge.to != NONE && self.branches[edge.to as usize].is_idle() {
                    self.vacant.push(edge.to);
                    edge.to = NONE;
                }
                if edge.to == NONE && edge.pattern == NONE {
                    self.literals.remove(branch, text);
                    self.branches[branch as usize].literals -= 1;
                }
            }
            Step::Prefix(text) => {
                self.prefixes.remove(branch, text);
                self.branches[branch as usize].prefixes.remove(text.len());
            }
        }
    }
}

impl Branch {
    fn new() -> Self {
        Self { star: NONE, pattern: NONE, literals: 0, prefixes: Lengths::default(), round: 0 }
    }

    fn is_idle(&self) -> bool {
        self.pattern == NONE && self.star == NONE && self.literals == 0 && self.prefixes.is_empty()
    }
}

/// The last segment of a pattern, and those before it.
fn steps(pattern: &[u8]) -> (Step<'_>, impl Iterator<Item = Step<'_>>) {
    let mut steps = pattern.split(|&byte| byte == b'.').map(|segment| match segment.strip_suffix(b"*") {
        None => Step::Literal(segment),
        Some(b"") => Step::Star,
        Some(literal) => Step::Prefix(literal),
    });
    (steps.next_back().unwrap_or(Step::Literal(b"")), steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Look-ups of one search.
    fn count(patterns: &[&[u8]], topic: &[u8]) -> usize {
        let mut segments = Segments::default();
        for (pattern, id) in patterns.iter().zip(0..) {
            segments.add(id, pattern);
        }
        let mut count = 0;
        segments.find_by_steps(topic, |_| (), || count += 1);
        count
    }

    #[test]
    fn what_led_to_removed_patterns_goes_with_them() {
        let patterns = [&b"a.*.b"[..], b"a.*", b"a.*.*", b"a.*.b.c*", b"*", b"a.b*", b"*.a.b.*.c"];
        let mut segments = Segments::default();
        for first in 0..patterns.len() {
            for (pattern, id) in patterns.iter().zip(0..) {
                segments.add(id, pattern);
            }
            for turn in 0..patterns.len() {
                segments.remove(patterns[(first + 3 * turn) % patterns.len()]);
            }
            assert!(segments.branches[ROOT as usize].is_idle());
            assert_eq!(segments.vacant.len() + 1, segments.branches.len());
            assert_eq!((segments.literals.len(), segments.prefixes.len()), (0, 0));
        }
    }

    #[test]
    fn a_trap_for_backtracking_takes_no_more_look_ups_than_stated() {
        let topic = b"a.".repeat(127);
        let segments = 128;
        for (stars, run) in [(1, 1), (1, 60), (30, 1), (10, 5), (60, 1)] {
            let star = [b"*.".as_slice(), &b"a.".repeat(run)].concat();
            let pattern = [star.repeat(stars).as_slice(), b"b"].concat();
            let steps = count(&[&pattern], &topic);
            assert!(steps > segments, "{stars} stars, runs of {run}: {steps} look-ups are too few for a trap");
            assert!(steps <= (stars + 1) * segments * (run + 2), "{stars} stars, runs of {run}: {steps} look-ups");
        }
    }

    #[test]
    fn each_length_of_a_prefix_is_one_look_up_more() {
        let prefixes: Vec<Vec<u8>> = (1..=20).map(|length| [b"*.", &b"a".repeat(length)[..], b"*"].concat()).collect();
        let patterns: Vec<&[u8]> = prefixes.iter().map(Vec::as_slice).collect();
        let topic = [b"a".repeat(20), b"a".repeat(20), b"a".repeat(20)].join(&b'.');
        assert_eq!(count(&patterns, &topic), 2 * 20);
    }
}
