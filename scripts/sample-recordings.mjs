// Makes examples/recordings/ from the full recordings: the first 30 seconds by receive time, counted for all files from
// the earliest first line, so that the samples run side by side as the recordings do.
//
//   node scripts/sample-recordings.mjs FOLDER           writes the samples
//   node scripts/sample-recordings.mjs FOLDER --check   writes nothing, fails where a sample's lines differ
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

const seconds = 30n
const target = new URL('../examples/recordings/', import.meta.url)
const [folder, flag] = process.argv.slice(2)
if (folder === undefined || (flag !== undefined && flag !== '--check')) {
  console.error('usage: node scripts/sample-recordings.mjs FOLDER [--check]')
  process.exit(2)
}

const receivedNs = (line) => BigInt(line.slice(0, line.indexOf(' ')))
const recordings = readdirSync(folder)
  .filter((name) => name.endsWith('.gz'))
  .toSorted()
  .map((name) => ({
    name: basename(name),
    lines: gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trimEnd()
      .split('\n'),
  }))
const start = recordings.map(({ lines }) => receivedNs(lines[0])).reduce((a, b) => (a < b ? a : b))
const end = start + seconds * 1_000_000_000n

for (const { name, lines } of recordings) {
  const sample = lines.filter((line) => receivedNs(line) < end)
  const file = new URL(name, target)
  const text = `${sample.join('\n')}\n`
  if (flag === '--check') {
    const isSame = existsSync(file) && gunzipSync(readFileSync(file)).toString() === text
    if (!isSame) process.exitCode = 1
    console.log(`${name}: ${isSame ? 'same' : 'differs'}`)
    continue
  }
  const packed = gzipSync(text, { level: 9 })
  // The header's time is 0 already; the byte for the operating system is set to "unknown", so that it never differs.
  packed[9] = 255
  writeFileSync(file, packed)
  console.log(`${name}: ${sample.length} lines, ${packed.length} bytes`)
}
