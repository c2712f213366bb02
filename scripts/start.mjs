// npm start: sets up what is missing, then replays the bundled market and compares the ways across threads.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { environment, root, setupOrExit } from './setup.mjs'

setupOrExit()
const env = environment()
const command = [join(root, 'dist/cli/main.js'), 'replay', '--compare', ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, command, { cwd: root, env, stdio: 'inherit' }).status ?? 1
