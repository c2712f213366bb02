// Completes package-lock.json with the platform packages that npm left out when it made the file, because the registry
// it asked did not serve them. With a gap `npm ci` refuses the whole file, or installs nothing for that platform.
// Run it after `npm install`. What is pinned is the exact version that the parent package asks for.
import { readFileSync, writeFileSync } from 'node:fs'

const url = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(url, 'utf8'))
const [root, ...packages] = Object.entries(lock.packages)
const known = new Set(packages.map(([path]) => path))
const wanted = packages.flatMap(([, parent]) => Object.entries(parent.optionalDependencies ?? {}).map(entry(parent)))
const missing = wanted.filter(([path]) => !known.has(path))

const sorted = [...packages, ...missing].sort(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries([root, ...sorted])
writeFileSync(url, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`lock-platforms: ${missing.length} added`)

function entry(parent) {
  return ([name, version]) => {
    const dev = parent.dev ? { dev: true } : {}
    return [`node_modules/${name}`, { version, ...platform(name), ...dev, optional: true }]
  }
}

/** What a platform package's name says about where it may be installed. */
function platform(name) {
  const os = /\b(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/.exec(name)?.slice(1)
  const cpu = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64|wasm32)\b/.exec(name)?.slice(1)
  const libc = /musl/.test(name) ? ['musl'] : /-gnu/.test(name) ? ['glibc'] : undefined
  return { ...(os && { os }), ...(cpu && { cpu }), ...(os?.[0] === 'linux' && libc && { libc }) }
}
