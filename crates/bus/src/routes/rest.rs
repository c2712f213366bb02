//! Patterns that have nothing to look them up by, tried one by one.

use super::names::Names;
use crate::pattern::is_matching;

#[derive(Debug, Default)]
pub(super) struct Rest {
    ids: Vec<u32>,
}

impl Rest {
    pub(super) fn add(&mut self, id: u32) {
        self.ids.push(id);
    }

    pub(super) fn remove(&mut self, id: u32) {
        self.ids.retain(|&other| other != id);
    }

    pub(super) fn find(&self, topic: &[u8], patterns: &Names, found: impl FnMut(u32)) {
        self.ids.iter().copied().filter(|&id| is_matching(topic, patterns.text(id))).for_each(found);
    }
}
