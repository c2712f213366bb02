// A picture of panels over one time axis, as SVG text.

const [WIDTH, LEFT, RIGHT, TOP, HEIGHT, GAP] = [760, 56, 150, 40, 130, 34]
const COLOURS = ['#d1242f', '#0969da', '#8250df', '#1a7f37', '#9a6700', '#bf3989']

/**
 * @param {string} title
 * @param {readonly number[]} at The times of all values, in milliseconds.
 * @param {readonly { label: string, lines: readonly { name: string, values: ArrayLike<number> }[] }[]} panels
 */
export function lineChart(title, at, panels) {
  const height = TOP + panels.length * (HEIGHT + GAP) + 10
  const x = (ms) => LEFT + ((ms - at[0]) / (at.at(-1) - at[0])) * (WIDTH - LEFT - RIGHT)
  const parts = panels.flatMap((panel, i) => draw(panel, at, x, TOP + 14 + i * (HEIGHT + GAP)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold" fill="#1f2328">${title}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function draw({ label, lines }, at, x, top) {
  const most = nice(Math.max(...lines.flatMap(({ values }) => [...values])))
  const y = (value) => top + HEIGHT * (1 - value / most)
  const ticks = [0, 0.5, 1].map((share) => {
    const value = most * share
    return `<path d="M${LEFT} ${round(y(value))}H${WIDTH - RIGHT}" stroke="#d0d7de"/><text x="${LEFT - 6}" y="${round(y(value) + 4)}" text-anchor="end" fill="#57606a">${value.toLocaleString('en-US')}</text>`
  })
  const times = at
    .filter((_, i) => i % Math.ceil(at.length / 6) === 0)
    .map(
      (ms) =>
        `<text x="${round(x(ms))}" y="${top + HEIGHT + 14}" text-anchor="middle" fill="#57606a">${(ms / 1_000).toFixed(2)} s</text>`,
    )
  const curves = lines.map(({ values }, i) => {
    const points = Array.from(values, (value, j) => `${round(x(at[j]))},${round(y(value))}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke="${colour(lines, i)}" stroke-width="${i === 0 ? 2.2 : 1.4}"/>`
  })
  const names = lines
    .filter(({ name }) => name !== '')
    .map(
      ({ name }, i) =>
        `<text x="${WIDTH - RIGHT + 12}" y="${top + 12 + 16 * i}" fill="${COLOURS[i % COLOURS.length]}">${name}</text>`,
    )
  const text = `<text x="${LEFT}" y="${top - 5}" fill="#1f2328">${label}</text>`
  return [text, ...ticks, ...times, ...curves.toReversed(), ...names]
}

/** A line that is alone needs no colour to be told by. */
function colour(lines, i) {
  return lines.length === 1 ? '#57606a' : COLOURS[i % COLOURS.length]
}

/** The next of 1, 2, 5 times a power of ten. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)))
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= value)
}

function round(value) {
  return Number(value.toFixed(1))
}
