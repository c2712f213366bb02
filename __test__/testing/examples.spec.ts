import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { run } from '../cli/command.js'
import { root } from '../house/checkout.js'

for (const file of ['collected', 'test-bus', 'virtual-clock']) {
  test(`the example of ts/testing/${file}.ts does what it claims`, async (t) => {
    const text = readFileSync(join(root, `ts/testing/${file}.ts`), 'utf8')
    const [, example] = /```js\n(.*?) \* ```/s.exec(text) ?? []
    const code = example!.replaceAll(/^ \* ?/gm, '')
    t.regex(code, /\bassert\./, 'the example claims nothing')
    const { code: status, stderr } = await run(['--input-type=module', '-e', code])
    t.is(status, 0, stderr)
  })
}
