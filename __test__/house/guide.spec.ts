import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { run } from '../cli/command.js'
import { faultsOf } from '../types/compile.js'
import { root } from './checkout.js'

interface Example {
  readonly guide: string
  readonly title: string
  readonly language: 'js' | 'ts'
  readonly code: string
}

/** Pages whose examples are modules, and how many they have at least. */
const guides = {
  'docs/message-bus.md': 20,
  'docs/configuration.md': 3,
  'docs/lanes.md': 4,
  'docs/workers.md': 1,
  'docs/delivery.md': 1,
}
/** Pages whose pieces of TypeScript are no modules by themselves. */
const excerpts = new Set(['docs/delivery.md'])

const examples = Object.keys(guides).flatMap((guide) => examplesOf(guide, readFileSync(join(root, guide), 'utf8')))
const typed = examples.filter(({ guide, language }) => language === 'ts' && !excerpts.has(guide))
const faults = faultsOf(typed.map(({ code }) => code))

for (const [guide, least] of Object.entries(guides)) {
  test(`${guide} has its examples where they are looked for`, (t) => {
    const found = examples.filter((example) => example.guide === guide).length
    t.true(found >= least, `${found} examples`)
  })
}

for (const { guide, title, language, code } of examples) {
  if (language === 'js') {
    test.serial(`${guide}, ${title}: what the example claims is true`, async (t) => {
      const outcome = await run(['--input-type=module', '-e', code])
      t.is(outcome.code, 0, outcome.stderr)
      t.regex(code, /\bassert[.(]/, 'the example claims nothing')
    })
  }
}

for (const [i, { guide, title }] of typed.entries()) {
  test(`${guide}, ${title}: the example compiles`, (t) => {
    t.deepEqual(faults[i], [])
  })
}

/** The examples of a document, each called by the heading that it stands under and its number there. */
function examplesOf(guide: string, text: string): Example[] {
  return text.split(/^#+ /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'))
    const blocks = [...section.matchAll(/^```(js|ts)\n(.*?)^```$/gms)]
    return blocks.map(([, language, code], i) => ({
      guide,
      title: `"${heading}" ${i + 1}`,
      language: language as Example['language'],
      code: code!,
    }))
  })
}
