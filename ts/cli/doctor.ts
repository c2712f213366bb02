import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { LAYOUT_HASH, LAYOUT_VERSION } from '../layout.js'
import { backend, binary, loadNative, reason } from '../native/index.js'
import { pollingThreads } from '../workers/index.js'
import { count, duration } from './format.js'
import { type SelfTest, selfTest } from './self-test.js'
import { version } from './version.js'

export interface Diagnosis {
  readonly version: string
  readonly backend: string
  /** Why this backend runs. */
  readonly reason: string
  /** The addon's file; null on the JavaScript backend. */
  readonly binary: string | null
  /** The addon's own version; null on the JavaScript backend. */
  readonly addon: string | null
  readonly node: string
  readonly platform: string
  readonly arch: string
  /** The C library of Linux: `glibc 2.36`, `musl`; null elsewhere. */
  readonly libc: string | null
  readonly cores: number
  /** What threads must agree on to share memory. */
  readonly layout: { readonly version: number; readonly hash: string }
  /** How many threads of a bus `polling: 'auto'` lets poll at a time on this machine, and why. */
  readonly polling: { readonly auto: boolean; readonly threads: number; readonly reason: string }
  readonly selfTest: SelfTest
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Says what runs here and why, and tests the rings for a second.')
    .usage('[--json]')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  tickbus doctor --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const diagnosis = await diagnose()
      process.stdout.write(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : describe(diagnosis))
      if (diagnosis.selfTest.lost > 0) process.exitCode = 1
    })
}

async function diagnose(): Promise<Diagnosis> {
  return {
    version,
    backend,
    reason,
    binary: binary ?? null,
    addon: backend === 'native' ? loadNative().binding.version() : null,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    libc: libc(),
    cores: availableParallelism(),
    layout: { version: LAYOUT_VERSION, hash: `0x${LAYOUT_HASH.toString(16).padStart(8, '0')}` },
    polling: {
      auto: pollingThreads > 0,
      threads: pollingThreads,
      reason: pollingThreads > 0 ? 'one thread less than there are cores' : 'a single core has none to spare',
    },
    selfTest: await selfTest(),
  }
}

function libc(): string | null {
  if (process.platform !== 'linux') return null
  const report = process.report as { excludeNetwork?: boolean; getReport(): unknown }
  // Without this the report resolves the names of open connections, which takes seconds on some machines.
  report.excludeNetwork = true
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime === undefined ? 'musl' : `glibc ${header.glibcVersionRuntime}`
}

function describe(diagnosis: Diagnosis): string {
  const { selfTest: test, polling } = diagnosis
  const facts = [
    ['tickbus', diagnosis.version],
    ['backend', `${diagnosis.backend}: ${diagnosis.reason}`],
    ['binary', diagnosis.addon === null ? 'none' : `${diagnosis.binary}, version ${diagnosis.addon}`],
    ['Node.js', diagnosis.node],
    [
      'machine',
      [diagnosis.platform, diagnosis.arch, diagnosis.libc, `${diagnosis.cores} cores`].filter(Boolean).join(', '),
    ],
    ['layout', `version ${diagnosis.layout.version}, ${diagnosis.layout.hash}`],
    ['polling', `threads at a time: ${polling.threads}, ${polling.reason}`],
    ['self-test', `${count(test.messages)} messages to a thread and back, ${count(test.lost)} lost`],
    ['', `${count(test.ratePerS)} there and back a second; alone p50 ${duration(test.p50Us)}`],
  ]
  const verdict =
    test.lost === 0
      ? 'All is well.'
      : 'Messages were lost. Please report it, with the output of "tickbus doctor --json".'
  return `${facts.map(([name, text]) => `  ${name!.padEnd(9)}  ${text}\n`).join('')}\n  ${verdict}\n`
}
