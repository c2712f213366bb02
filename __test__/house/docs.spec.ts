import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import test from 'ava'
import { codes } from 'tickbus'
import { root } from './checkout.js'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> }
const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]

/** What a heading is called in a link to it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

for (const document of documents) {
  test(`every link of ${document} leads somewhere`, (t) => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    for (const [link, path, heading] of links) {
      const target = path === '' ? join(root, document) : resolve(root, dirname(document), path!)
      t.true(existsSync(target), link)
      if (heading === undefined || !existsSync(target)) continue
      const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text!))
      t.true(headings.includes(heading), link)
    }
    t.pass()
  })

  test(`every npm script that ${document} names is there`, (t) => {
    const named = [...read(document).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name!)
    t.deepEqual(
      named.filter((name) => !(name in manifest.scripts)),
      [],
    )
  })
}

test('the example of the README is the file in examples/, and does what the README says', (t) => {
  const [, example] = /```js\n(.+?)```/s.exec(read('README.md')) ?? []
  t.is(example, read('examples/ten-lines.mjs'))
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'examples/ten-lines.mjs')], {
    encoding: 'utf8',
  })
  t.is(status, 0, stderr)
  t.true(read('README.md').includes(`It prints \`${stdout.trim()}\``), stdout)
})

test('docs/errors.md describes every code, and no other', (t) => {
  const described = [...read('docs/errors.md').matchAll(/^## (\w+)$/gm)].map(([, code]) => code)
  t.deepEqual(described, Object.keys(codes))
})

test('package, crates and changelog are of one version', (t) => {
  const crates = /^\[workspace\.package\]\nversion = "(.+)"$/m.exec(read('Cargo.toml'))?.[1]
  const changelog = /^## \[(.+?)\]/m.exec(read('CHANGELOG.md'))?.[1]
  t.is(crates, manifest.version)
  t.is(changelog, manifest.version)
})
