//! One run of updates at which the edge of one way, buy here and sell there, was above the threshold.

/// An episode, from its first update to its last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Episode {
    pub(crate) number: u64,
    pub(crate) opened_ns: f64,
    pub(crate) edge_bps: f64,
    pub(crate) peak_bps: f64,
    /// The smaller of both sizes at the peak.
    pub(crate) size: f64,
    pub(crate) updates: u64,
}

impl Episode {
    pub(crate) const fn new(number: u64, opened_ns: f64, edge_bps: f64, size: f64) -> Self {
        Self { number, opened_ns, edge_bps, peak_bps: edge_bps, size, updates: 1 }
    }

    /// Counts an update at which it is still open. Says whether the edge is larger than ever.
    #[inline]
    pub(crate) fn go_on(&mut self, edge_bps: f64, size: f64) -> bool {
        self.updates += 1;
        self.edge_bps = edge_bps;
        let is_peak = edge_bps > self.peak_bps;
        if is_peak {
            self.peak_bps = edge_bps;
            self.size = size;
        }
        is_peak
    }
}
