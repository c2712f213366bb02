//! What a glob means, by filling a table: slow, and too plain to share a mistake with the matcher. And texts to try it on.

/// Whether `pattern` matches `topic`: row by row, which beginnings of the topic the beginning of the pattern matches.
pub(crate) fn matches_by_table(topic: &[u8], pattern: &[u8]) -> bool {
    let mut row = vec![false; topic.len() + 1];
    row[0] = true;
    for &byte in pattern {
        let mut next = vec![false; topic.len() + 1];
        for end in 0..=topic.len() {
            next[end] = match byte {
                b'*' => row[end] || (end > 0 && next[end - 1]),
                b'?' => end > 0 && row[end - 1],
                _ => end > 0 && row[end - 1] && topic[end - 1] == byte,
            };
        }
        row = next;
    }
    row[topic.len()]
}

/// What texts are made of: few letters so that they meet often, literals of all gram lengths, several bytes a character.
pub(crate) const PIECES: [&str; 14] =
    ["a", "b", "ab", ".", ".a", "*", "?", "a.", ".*", "é", "漢", "-PERP", "BTCUSDT", "*."];

/// Numbers that look random and are the same in each run (Sebastiano Vigna's splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % limit
    }

    /// Up to five pieces.
    pub(crate) fn text(&mut self) -> Vec<u8> {
        (0..self.below(6)).flat_map(|_| PIECES[self.below(PIECES.len())].bytes()).collect()
    }
}
