// npm run format: writes every file as `npm run lint` wants it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { onPath, root } from './setup.mjs'

const run = (command, ...args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1
let status = run(process.execPath, join(root, 'node_modules/oxfmt/bin/oxfmt'))
if (onPath('cargo')) status ||= run('cargo', 'fmt', '--all')
else console.log('format: no cargo on the PATH, so the Rust files stay as they are')
process.exitCode = status
