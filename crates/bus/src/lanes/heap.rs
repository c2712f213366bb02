//! Nodes by rank: a binary heap (J. Williams 1964) that writes down where each node lies, so that any can be removed.
//!
//! Ranks lie in the heap itself, so that sifting touches nothing else but the slots.

use super::nodes::NONE;

#[derive(Debug)]
pub(super) struct Heap<R> {
    items: Vec<(R, u32)>,
}

impl<R> Default for Heap<R> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<R: Copy + Ord> Heap<R> {
    /// The node of the lowest rank, or none.
    #[inline]
    pub(super) fn top(&self) -> u32 {
        self.items.first().map_or(NONE, |&(_, node)| node)
    }

    /// The lowest rank.
    #[inline]
    pub(super) fn top_rank(&self) -> Option<R> {
        self.items.first().map(|&(rank, _)| rank)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// `slots` has a place for each node, and may be shared by heaps as long as a node is in one of them.
    pub(super) fn add(&mut self, slots: &mut [u32], node: u32, rank: R) {
        self.items.push((rank, node));
        self.rise(slots, self.items.len() - 1, (rank, node));
    }

    /// Removes a node that is in this heap.
    pub(super) fn remove(&mut self, slots: &mut [u32], node: u32) {
        let slot = slots[node as usize] as usize;
        let Some(last) = self.items.pop() else { return };
        if slot == self.items.len() {
            return;
        }
        if slot > 0 && last.0 < self.items[(slot - 1) / 2].0 {
            self.rise(slots, slot, last);
        } else {
            self.sink(slots, slot, last);
        }
    }

    fn rise(&mut self, slots: &mut [u32], from: usize, item: (R, u32)) {
        let mut slot = from;
        while slot > 0 {
            let parent = (slot - 1) / 2;
            if self.items[parent].0 < item.0 {
                break;
            }
            self.put(slots, slot, self.items[parent]);
            slot = parent;
        }
        self.put(slots, slot, item);
    }

    fn sink(&mut self, slots: &mut [u32], from: usize, item: (R, u32)) {
        let mut slot = from;
        loop {
            let left = 2 * slot + 1;
            let Some(&(rank, _)) = self.items.get(left) else { break };
            let is_right = self.items.get(left + 1).is_some_and(|right| right.0 < rank);
            let child = if is_right { left + 1 } else { left };
            if item.0 < self.items[child].0 {
                break;
            }
            self.put(slots, slot, self.items[child]);
            slot = child;
        }
        self.put(slots, slot, item);
    }

    #[inline]
    fn put(&mut self, slots: &mut [u32], slot: usize, item: (R, u32)) {
        self.items[slot] = item;
        slots[item.1 as usize] = slot as u32;
    }
}
