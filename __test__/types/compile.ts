import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../house/checkout.js'

const config = ts.readConfigFile(join(root, '__test__/tsconfig.json'), (path) => ts.sys.readFile(path))
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, '__test__'))

/** Type-checks each text as a module of its own, and returns the codes and messages of what is wrong with it. */
export function faultsOf(texts: readonly string[]): string[][] {
  const files = new Map(texts.map((text, i) => [join(root, '__test__/types', `snippet-${i}.ts`), text]))
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (path) => files.get(path) ?? readFile.call(host, path)
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path)
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].map((path) => {
    const file = program.getSourceFile(path)
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return found.map(({ code, messageText }) => `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  })
}
