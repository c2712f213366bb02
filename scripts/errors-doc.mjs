// Writes docs/errors.md from the code table in ts/errors.ts (as built in dist/).
import { writeFileSync } from 'node:fs'
import { codes } from '../dist/errors.js'

const head = `# Errors

Every error that Tickbus throws is a \`TickbusError\`. Branch on its \`code\`, which never changes; read its \`message\`,
which says what was wrong and what to do; follow its \`cause\` where another error stands behind it. The names in braces
are filled in, and lie in \`details\` under the same names.

Made by scripts/errors-doc.mjs from ts/errors.ts. Do not edit.
`

const sections = Object.entries(codes).map(([code, template]) => section(code, template))
writeFileSync(new URL('../docs/errors.md', import.meta.url), `${head}\n${sections.join('\n')}`)

/** The first sentence of a message says what was wrong, the rest what to do. */
function section(code, template) {
  const text = template.replaceAll('{{', '{').replaceAll('}}', '}')
  const [, wrong, advice] = /^(.+?[.:](?= [A-Z])|.+)(?: (.+))?$/.exec(text)
  const todo = advice ?? 'Mend what the message names.'
  return `## ${code}\n\n- What it means: ${wrong}\n- What to do: ${todo}\n`
}
