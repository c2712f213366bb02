// Packs the modules that tsc made into few files: each file that a thread loads costs it a quarter to half a millisecond of
// CPU, and the thread of a group would load more than two hundred. Every module keeps a file of its own name, which
// exports what the pack holds: so nothing exists twice, whichever way it is imported.
import { readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { rollup } from 'rollup'
import { inlineLayout } from './inline-layout.mjs'

/**
 * The packs, and what each of them is for: it holds what the module named needs and no pack before it has, so imports go
 * from later packs to earlier ones. What is needed by none stays a file of its own, and so do the modules named.
 */
const packs = [
  // Those who explain a failure load it before they load what may fail.
  [undefined, 'errors.js'],
  [undefined, 'workers/entry.js'],
  ['thread', 'client/threads/entry.js'],
  ['tickbus', 'index.js'],
  ['config', 'client/config/index.js'],
  ['replay-worker', 'market/replay-worker.js'],
  ['market', 'market/index.js'],
  ['intelligence', 'intelligence/index.js'],
  ['testing', 'testing/index.js'],
  ['cli', 'cli/program.js'],
  [undefined, 'cli/main.js'],
  [undefined, 'cli/self-test-worker.js'],
]

/** Writes to `dist` what tsc put into `folder`. */
export async function bundle(folder, dist) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'))
  const plugins = [inlineLayout(folder), ownUrl(folder)]
  const pack = await assign(folder, plugins)
  const whole = await open(folder, names, plugins)
  await whole.write({
    dir: dist,
    chunkFileNames: 'packs/[name].js',
    hoistTransitiveImports: false,
    manualChunks: (id) => pack.get(id),
    onlyExplicitManualChunks: true,
  })
}

/** Which pack each module goes to. Rollup knows what is needed behind an index that exports more. */
async function assign(folder, plugins) {
  const roots = packs.map(([, root]) => root)
  const { output } = await (await open(folder, roots, plugins)).generate({})
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]))
  const assigned = new Map()
  for (const [pack, root] of packs) {
    for (const fileName of needed(chunks, root)) {
      for (const id of chunks.get(fileName).moduleIds) if (!assigned.has(id)) assigned.set(id, pack)
    }
    assigned.set(join(folder, root), undefined)
  }
  return assigned
}

/** The file and all that it imports, however far. */
function needed(chunks, root) {
  const found = new Set([root])
  for (const fileName of found) {
    for (const name of chunks.get(fileName).imports) if (chunks.has(name)) found.add(name)
  }
  return found
}

function open(folder, names, plugins) {
  return rollup({
    input: Object.fromEntries(names.map((name) => [name.replace(/\.js$/, ''), join(folder, name)])),
    external: (id) => !/^[./]/.test(id),
    plugins,
    // What a module does when it is loaded is for those who use it.
    treeshake: { moduleSideEffects: false },
    onwarn(warning) {
      // A module of types alone is empty, and what tsc makes of `using` asks for `this`.
      if (!['EMPTY_BUNDLE', 'THIS_IS_UNDEFINED'].includes(warning.code)) throw new Error(warning.message)
    },
  })
}

/** A module's own URL stays what it would be outside a pack: it looks for its neighbours by it. */
function ownUrl(folder) {
  return {
    name: 'own-url',
    resolveImportMeta(property, { chunkId, moduleId }) {
      const path = relative(dirname(chunkId), relative(folder, moduleId)).replaceAll('\\', '/')
      return property === 'url' ? `new URL('${path}', import.meta.url).href` : null
    },
  }
}
