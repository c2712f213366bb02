import { Command } from 'commander'
import { TickbusError } from '../errors.js'

/** What the benchmarks export; they are compiled beside the command line, and import the package by its name. */
interface Benchmarks {
  readonly questions: readonly string[]
  runBench(name: string, options: { quick: boolean; json: boolean }): Promise<unknown>
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('Answers one performance question by measuring, with rivals beside it.')
    .argument('[name]', 'the question; without it the questions are listed')
    .usage('NAME [--quick] [--json]')
    .option('--quick', 'a short run that checks what arrives, not how fast')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  tickbus bench crossing --quick')
    .action(async (name: string | undefined, { quick = false, json = false }: { quick?: boolean; json?: boolean }) => {
      const { questions, runBench } = await load()
      if (name === undefined)
        throw new TickbusError('TICKBUS_USAGE', { reason: `Name a question: ${questions.join(', ')}.` })
      await runBench(name, { quick, json })
    })
}

async function load(): Promise<Benchmarks> {
  const main = new URL('../benchmark/main.js', import.meta.url)
  try {
    return (await import(main.href)) as Benchmarks
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw new TickbusError('TICKBUS_USAGE', { reason: 'The benchmarks are not built: run "npm run build:ts".' }, error)
  }
}
