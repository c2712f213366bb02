import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { run } from '../cli/command.js'
import { faultsOf } from '../types/compile.js'
import { root } from './checkout.js'

interface Example {
  readonly title: string
  readonly language: 'js' | 'ts'
  readonly code: string
}

const guide = 'docs/message-bus.md'
const examples = examplesOf(readFileSync(join(root, guide), 'utf8'))
const typed = examples.filter(({ language }) => language === 'ts')
const faults = faultsOf(typed.map(({ code }) => code))

test(`${guide} has its examples where they are looked for`, (t) => {
  t.true(examples.length >= 20, `${examples.length} examples`)
})

for (const { title, language, code } of examples) {
  if (language === 'js') {
    test.serial(`${guide}, ${title}: what the example claims is true`, async (t) => {
      const outcome = await run(['--input-type=module', '-e', code])
      t.is(outcome.code, 0, outcome.stderr)
      t.regex(code, /\bassert[.(]/, 'the example claims nothing')
    })
  }
}

for (const [i, { title }] of typed.entries()) {
  test(`${guide}, ${title}: the example compiles`, (t) => {
    t.deepEqual(faults[i], [])
  })
}

/** The examples of a document, each called by the heading that it stands under and its number there. */
function examplesOf(text: string): Example[] {
  return text.split(/^#+ /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'))
    const blocks = [...section.matchAll(/^```(js|ts)\n(.*?)^```$/gms)]
    return blocks.map(([, language, code], i) => ({
      title: `"${heading}" ${i + 1}`,
      language: language as Example['language'],
      code: code!,
    }))
  })
}
