// npm test: sets up what is missing, then runs ava with the arguments given. `--long` adds the tests that take minutes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { environment, root, setupOrExit } from './setup.mjs'

setupOrExit()
const long = process.argv.includes('--long')
const args = process.argv.slice(2).filter((argument) => argument !== '--long')
const env = { ...environment(), ...(long && { TICKBUS_LONG: '1' }) }
const ava = join(root, 'node_modules/ava/entrypoints/cli.mjs')
process.exitCode = spawnSync(process.execPath, [ava, ...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1
