// Its event loop stays free for timers while messages come without end.
let bus
let ticks = 0

export function open(context) {
  bus = context.bus
  setInterval(() => (ticks += 1), 1).unref()
}

export default ({ n }) => {
  for (const endNs = bus.nowNs() + 100_000; bus.nowNs() < endNs;);
  bus.publish('seen', { n, ticks })
}
