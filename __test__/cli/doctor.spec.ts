import { availableParallelism } from 'node:os'
import test from 'ava'
import { tickbus } from './command.js'

test('doctor tells the machine, the backend and why, and has tested the rings', async (t) => {
  const { code, stdout, stderr } = await tickbus('doctor', '--json')
  t.is(code, 0, stdout + stderr)
  const diagnosis = JSON.parse(stdout)
  t.like(diagnosis, {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    cores: availableParallelism(),
  })
  t.true(['native', 'js'].includes(diagnosis.backend))
  t.is(typeof diagnosis.reason, 'string')
  t.is(diagnosis.binary === null, diagnosis.backend === 'js')
  t.is(diagnosis.addon, diagnosis.backend === 'js' ? null : diagnosis.version)
  t.regex(diagnosis.version, /^\d+\.\d+\.\d+/)
  if (process.platform === 'linux') t.regex(diagnosis.libc, /^(glibc \d|musl)/)
  t.is(diagnosis.polling.threads, availableParallelism() - 1)
  const { messages, ratePerS, p50Us, lost } = diagnosis.selfTest
  t.is(lost, 0)
  t.true(messages > 256 && ratePerS > 0 && p50Us > 0)
})

test('without --json doctor ends with a verdict', async (t) => {
  const { code, stdout } = await tickbus('doctor')
  t.is(code, 0)
  t.regex(stdout, /self-test +[\d,]+ messages to a thread and back, 0 lost/)
  t.regex(stdout, /All is well\.\n$/)
})
