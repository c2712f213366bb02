import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import test from 'ava'
import { codes } from 'tickbus'
import { main, run, tickbus } from './command.js'

for (const [what, args, says] of [
  ['an unknown command', ['sell'], /unknown command 'sell'/],
  ['an unknown option', ['replay', '--sped', '3'], /unknown option '--sped'/],
  ['an unknown option of doctor', ['doctor', '--fast'], /unknown option '--fast'/],
  ['a speed of nothing', ['replay', '--speed', '0'], /0.001 to 1,000,000, or max/],
  ['a speed that is a word', ['replay', '--speed', 'fast'], /0.001 to 1,000,000, or max/],
  ['a speed in hexadecimal', ['replay', '--speed', '0x10'], /0.001 to 1,000,000, or max/],
  ['a speed beyond bounds', ['replay', '--speed', '1e9'], /0.001 to 1,000,000, or max/],
  ['a negative speed', ['replay', '--speed=-1'], /0.001 to 1,000,000, or max/],
  ['a missing speed', ['replay', '--speed'], /argument missing/],
  ['no threads', ['replay', '--threads', '0'], /whole number from 1 to 63/],
  ['half a thread', ['replay', '--threads', '1.5'], /whole number from 1 to 63/],
  ['too many threads', ['replay', '--threads', '64'], /whole number from 1 to 63/],
  ['an unknown transport', ['replay', '--transport', 'pigeon'], /Allowed choices are ring, postMessage/],
  ['a comparison at a speed', ['replay', '--compare', '--speed', '3'], /--compare chooses/],
  ['an argument too many', ['doctor', 'now'], /too many arguments/],
  ['a benchmark that there is none of', ['bench', 'nothing'], /no benchmark "nothing"/],
  ['no benchmark', ['bench'], /Name a question: .*crossing/],
] as const) {
  test(`${what} exits with 2 and says what to do`, async (t) => {
    const { code, stdout, stderr } = await tickbus(...args)
    t.is(code, 2)
    t.is(stdout, '')
    t.regex(stderr, says)
    if (args[0] !== 'bench' || /option/.test(stderr)) t.regex(stderr, /Usage: tickbus .*--help/)
  })
}

test('no command at all shows the help and exits with 2', async (t) => {
  const { code, stderr } = await tickbus()
  t.is(code, 2)
  t.regex(stderr, /Usage: tickbus/)
})

for (const args of [[], ['replay'], ['doctor'], ['bench']]) {
  test(`tickbus ${[...args, '--help'].join(' ')} has an example and exits with 0`, async (t) => {
    const { code, stdout } = await tickbus(...args, '--help')
    t.is(code, 0)
    t.regex(stdout, /Examples?:\n {2}tickbus /)
  })
}

test('the version is the package’s', async (t) => {
  const { stdout } = await tickbus('--version')
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/)
})

test('a backend that there is none of is explained in one line', async (t) => {
  const { code, stderr } = await run([main, 'doctor'], { TICKBUS_BACKEND: 'wasm' })
  t.is(code, 1)
  t.regex(stderr, /^error: The "wasm" backend cannot be used: .* \(TICKBUS_BACKEND\)\n$/)
})

test('a failure with --json is one JSON document with its code', async (t) => {
  const { code, stdout, stderr } = await tickbus('replay', '/nowhere/spot_btcusdt.gz', '--json')
  t.is(code, 1)
  const { error } = JSON.parse(stdout)
  t.is(error.code, 'TICKBUS_RECORDING')
  t.true(error.code in codes)
  t.regex(stderr, /there is no such file/)
})

test('a reader that has seen enough ends the command without a fault', async (t) => {
  const child = spawn(process.execPath, [main, 'doctor'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.stdout.destroy()
  t.notRegex(await text(child.stderr), /EPIPE/)
  t.is(await exit, 0)
})
