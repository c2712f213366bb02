//! Which quotes have become too old.

/// When each quote was received, and how old it may become.
#[allow(clippy::struct_field_names, reason = "a time says its unit")]
#[derive(Debug)]
pub(crate) struct Expiry {
    limits_ns: Vec<f64>,
    /// Infinite without a quote.
    received_ns: Vec<f64>,
    /// No quote expires before.
    earliest_ns: f64,
}

impl Expiry {
    pub(crate) fn new(limits_ns: Vec<f64>) -> Self {
        let received_ns = vec![f64::INFINITY; limits_ns.len()];
        Self { limits_ns, received_ns, earliest_ns: f64::INFINITY }
    }

    /// Notes a quote.
    #[inline]
    pub(crate) fn set(&mut self, number: usize, at_ns: f64) {
        self.received_ns[number] = at_ns;
        let last_ns = at_ns + self.limits_ns[number];
        if last_ns < self.earliest_ns {
            self.earliest_ns = last_ns;
        }
    }

    /// Notes that there is no quote any more.
    pub(crate) fn clear(&mut self, number: usize) {
        self.received_ns[number] = f64::INFINITY;
    }

    /// Whether some quote may have become too old.
    #[inline]
    pub(crate) fn is_due(&self, at_ns: f64) -> bool {
        at_ns > self.earliest_ns
    }

    /// The quotes that are too old, which are then no more.
    pub(crate) fn expired(&mut self, at_ns: f64) -> Vec<usize> {
        let mut expired = Vec::new();
        self.earliest_ns = f64::INFINITY;
        for (number, (received, limit)) in self.received_ns.iter_mut().zip(&self.limits_ns).enumerate() {
            let last_ns = *received + limit;
            if at_ns > last_ns {
                *received = f64::INFINITY;
                expired.push(number);
            } else if last_ns < self.earliest_ns {
                self.earliest_ns = last_ns;
            }
        }
        expired
    }
}
