import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import test from 'ava'
import { bundled, line, quoteFrame, Scratch } from '../market/samples.js'
import { tickbus } from './command.js'

test('without files the bundled sample is replayed, and --json prints one document', async (t) => {
  const { code, stdout, stderr } = await tickbus('replay', '--json')
  t.is(code, 0)
  const result = JSON.parse(stdout)
  t.deepEqual(result.messages, {
    quotes: 18_605,
    trades: 3_342,
    bookUpdates: 5_796,
    other: 0,
    rejected: 0,
    total: 27_743,
  })
  t.is(result.delivered + result.lost, 27_743)
  t.is(result.files.length, 6)
  t.is(result.spreads.length, 6)
  t.deepEqual(Object.keys(result.latencyUs), ['p50', 'p90', 'p99', 'p999', 'max'])
  t.true(result.durationMs > 0 && result.ratePerS > 0)
  t.true(['native', 'js'].includes(result.backend))
  t.true(result.proof.isSame)
  t.regex(stderr, /Replaying 6 recordings/)
})

test('named files, speed, threads and transport are taken', async (t) => {
  const lines = Array.from({ length: 50 }, (_, i) => line(i * 1_000_000, quoteFrame(i)))
  const scratch = new Scratch(t)
  const eth = scratch.recording('spot_ethusdt.gz', [line(5, quoteFrame(1, { s: 'ETHUSDT' }))])
  const files = [scratch.recording('spot_btcusdt_20240808.gz', lines), eth]
  const { code, stdout } = await tickbus(
    'replay',
    ...files,
    '--speed',
    '2.5',
    '--threads',
    '2',
    '--transport',
    'postMessage',
    '--json',
  )
  t.is(code, 0)
  t.like(JSON.parse(stdout), { speed: 2.5, threads: 2, transport: 'postMessage', delivered: 51, lost: 0, files })
})

test('without --json the result is prose and a table of spreads', async (t) => {
  const { code, stdout } = await tickbus('replay', bundled[2]!)
  t.is(code, 0)
  t.regex(stdout, /From 1 recording to a worker thread over the (native|js) backend's rings, as fast as possible/)
  t.regex(stdout, /arrived +3,279, 0 lost; counts and checksums agree/)
  t.regex(stdout, /BTCUSDT +2,432/)
})

test('--compare makes three runs that agree, and shows them side by side', async (t) => {
  const file = new Scratch(t).recording(
    'spot_btcusdt.gz',
    Array.from({ length: 200 }, (_, i) => line(i * 1_000_000, quoteFrame(i))),
  )
  const [shown, json] = await Promise.all([
    tickbus('replay', file, '--compare'),
    tickbus('replay', file, '--compare', '--json'),
  ])
  t.is(shown.code, 0)
  t.regex(shown.stdout, /rings, 10x +rings, max +postMessage, max\n/)
  t.regex(shown.stdout, /counts and checksums +agree +agree +agree\n/)
  t.is(json.code, 0)
  const { runs } = JSON.parse(json.stdout)
  t.deepEqual(
    runs.map(({ speed, transport }: Record<string, unknown>) => [speed, transport]),
    [
      [10, 'ring'],
      ['max', 'ring'],
      ['max', 'postMessage'],
    ],
  )
  t.is(
    new Set(runs.map(({ proof }: { proof: { checksums: { received: string }[] } }) => proof.checksums[0]!.received))
      .size,
    1,
  )
})

test('--dump writes one line for each message, in the order of receipt, from which anybody can compute the rest', async (t) => {
  const scratch = new Scratch(t)
  const trade = { e: 'trade', T: 1_700_000_000_001, s: 'BTCUSDT', t: 7, p: '61800.30', q: '0.006', m: true }
  const depth = { e: 'depthUpdate', T: 1_700_000_000_002, s: 'BTCUSDT', U: 5, u: 9, pu: 4, b: [['1.5', '0']], a: [] }
  const snapshot = { lastUpdateId: 3, bids: [['1.10', '2']], asks: [['1.20', '3']] }
  const spot = scratch.recording('spot_btcusdt.gz', [line(1, quoteFrame(1)), line(4, snapshot)])
  const usdm = scratch.recording('usdm_btcusdt.gz', [line(2, trade), line(3, depth)])
  const dump = `${scratch.folder}/dump.ndjson`
  const { code, stdout } = await tickbus('replay', spot, usdm, '--warm-up', '--dump', dump, '--json')
  t.is(code, 0)
  t.is(JSON.parse(stdout).delivered, 4)
  const at = (nanos: number) => `170000000000000000${nanos}`
  t.deepEqual(readFileSync(dump, 'utf8').split('\n'), [
    `{"kind":"quote","instrument":"BTCUSDT.BINANCE","bid":100.1,"bidSize":1.5,"ask":100.3,"askSize":2,"tsEvent":"${at(1)}","tsInit":"${at(1)}"}`,
    `{"kind":"trade","instrument":"BTCUSDT-PERP.BINANCE","price":61800.3,"size":0.006,"aggressor":"SELLER","tradeId":"7","tsEvent":"1700000000001000000","tsInit":"${at(2)}"}`,
    `{"kind":"book","instrument":"BTCUSDT-PERP.BINANCE","snapshot":false,"firstSeq":5,"lastSeq":9,"bids":[[1.5,0]],"asks":[],"tsEvent":"1700000000002000000","tsInit":"${at(3)}"}`,
    `{"kind":"book","instrument":"BTCUSDT.BINANCE","snapshot":true,"firstSeq":3,"lastSeq":3,"bids":[[1.1,2]],"asks":[[1.2,3]],"tsEvent":"${at(4)}","tsInit":"${at(4)}"}`,
    '',
  ])
})

test('a dump that cannot be written fails the command before anything is sent', async (t) => {
  const { code, stderr } = await tickbus('replay', bundled[2]!, '--dump', new Scratch(t).folder)
  t.is(code, 1)
  t.regex(stderr, /TICKBUS_DUMP/)
})

for (const [what, name, content, says] of [
  ['a text file', 'spot_btcusdt.gz', line(0, quoteFrame(1)), /not a gzip file/],
  ['a binary file', 'spot_btcusdt.gz', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), /not a gzip file/],
  ['an empty file', 'spot_btcusdt.gz', '', /not a gzip file/],
  ['gzipped nothing', 'spot_btcusdt.gz', gzipSync(''), /it is empty/],
  [
    'gzipped binary data',
    'spot_btcusdt.gz',
    gzipSync(readFileSync(process.execPath).subarray(0, 200_000)),
    /none of its \d+ lines/,
  ],
  ['a name that says no market', 'btcusdt.gz', gzipSync(line(0, quoteFrame(1))), /does not say the market/],
] as const) {
  test(`${what} is refused with exit code 1`, async (t) => {
    const { code, stdout, stderr } = await tickbus('replay', new Scratch(t).file(name, content))
    t.is(code, 1)
    t.is(stdout, '')
    t.regex(stderr, /TICKBUS_RECORDING/)
    t.regex(stderr, says)
  })
}

test('a recording that breaks off is replayed as far as it goes, named, and fails the command', async (t) => {
  const whole = readFileSync(bundled[0]!)
  const cut = new Scratch(t).file('cm_btcusd_perp.gz', whole.subarray(0, whole.length - 1_000))
  const [shown, json] = await Promise.all([
    tickbus('replay', cut, bundled[2]!),
    tickbus('replay', cut, bundled[2]!, '--json'),
  ])
  t.is(shown.code, 1)
  t.regex(shown.stdout, /breaks off in the middle of a gzip block after line \d+/)
  t.is(json.code, 1)
  const result = JSON.parse(json.stdout)
  t.is(result.faults[0].code, 'TICKBUS_RECORDING')
  t.true(result.delivered > 3_279 && result.delivered < 3_279 + 4_003)
  t.true(result.proof.isSame)
})

test('lines that are no frame are named with their position, and do not fail the command', async (t) => {
  const lines = [
    line(0, quoteFrame(1)),
    'noise',
    ...Array.from({ length: 20 }, (_, i) => line(i, 'no frame')),
    line(9, quoteFrame(2)),
  ]
  const { code, stdout } = await tickbus('replay', new Scratch(t).recording('spot_btcusdt.gz', lines))
  t.is(code, 0)
  t.regex(stdout, /spot_btcusdt\.gz, line 2, was passed over: it does not begin with a receive time/)
  t.regex(stdout, /11 more lines were passed over/)
})
