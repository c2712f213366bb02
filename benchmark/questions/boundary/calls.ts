import { type Call, VARIANTS, calling, variants } from '../../boundary/calls.js'
import { loadProbes } from '../../boundary/inside.js'
import { arrivedWhole, question } from '../../question.js'

/** One shape of call, each way to make it. */
interface Shape {
  plain: () => Call
  generated: () => Call
  raw: () => Call
}

const texts = variants((index) => `data.quotes.VENUE.${'S'.repeat(1 + (index % 4))}`)
const views = variants((index) => new Uint8Array(200 + index))
const none = () => {}
const add = (a: number, b: number) => (a + b) >>> 0
const turn = <T>(table: T[], index: number) => table[index % VARIANTS]

const shapes = {
  'no argument': {
    plain: () => () => (none(), 1),
    generated: () => {
      const { probeNoop } = loadProbes()
      return () => (probeNoop(), 1)
    },
    raw: () => {
      const { rawNoop } = loadProbes()
      return () => (rawNoop(), 1)
    },
  },
  'two numbers': {
    plain: () => (index) => add(index, 7),
    generated: () => {
      const { probeAdd } = loadProbes()
      return (index) => probeAdd(index, 7)
    },
    raw: () => {
      const { rawAdd } = loadProbes()
      return (index) => rawAdd(index, 7)
    },
  },
  'a string of 20 characters': {
    plain: () => (index) => turn(texts, index).length,
    generated: () => {
      const { probeText } = loadProbes()
      return (index) => probeText(turn(texts, index))
    },
    raw: () => {
      const { rawText } = loadProbes()
      return (index) => rawText(turn(texts, index))
    },
  },
  'a view of 200 bytes': {
    plain: () => (index) => turn(views, index).byteLength,
    generated: () => {
      const { probeView } = loadProbes()
      return (index) => probeView(turn(views, index))
    },
    raw: () => {
      const { rawView } = loadProbes()
      return (index) => rawView(turn(views, index))
    },
  },
  'one number, on an object': {
    plain: () => {
      const counter = new Counter()
      return () => (counter.add(1), 1)
    },
    generated: () => {
      const probe = new (loadProbes().Probe)()
      return () => (probe.add(1), 1)
    },
    // A real one: the table is empty, so that the call finds nothing to remove.
    raw: () => {
      const routes = loadProbes().openRoutes(new Uint8Array(new SharedArrayBuffer(8)))
      return (index) => (routes.removePattern(index), 1)
    },
  },
} satisfies Record<string, Shape>

class Counter {
  #sum = 0

  add(n: number): number {
    this.#sum = (this.#sum + n) >>> 0
    return this.#sum
  }
}

const calls = () => 1_000_000
const plainly = (shape: Shape) => shape.plain()

export default question<Shape>({
  name: 'boundary/calls',
  asks: 'What does a call into the addon cost, by what it carries and by how it is made?',
  how: 'The functions do nothing but take their arguments. `#[napi]` is what napi-rs generates; raw functions, bound to their object, are what Tickbus uses where it is hot.',
  figures: { call: { unit: 'ns', better: 'less' } },
  rows: shapes,
  rivals: {
    'plain JavaScript': calling(plainly, plainly, calls),
    '#[napi]': calling((shape) => shape.generated(), plainly, calls),
  },
  ours: { 'native, raw': calling((shape) => shape.raw(), plainly, calls) },
  targets: [],
  check: arrivedWhole,
})
