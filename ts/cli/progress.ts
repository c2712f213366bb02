/** Shows on stderr how far something is. */
export interface Progress {
  /** `portion` is 0 to 1; undefined where nobody knows. */
  update(portion: number | undefined, message: string): void
  /** Ends it, leaving the message. */
  done(message: string): void
  /** Ends it, leaving the message as one of failure. */
  fail(message: string): void
}

/** A bar on a terminal that has room for it, otherwise a line at the start, one each few seconds, and one at the end. */
export async function openProgress(title: string): Promise<Progress> {
  return process.stderr.isTTY && process.stderr.columns >= LEAST_COLUMNS ? openBar(title) : openLines(title)
}

/** The bar and some words beside it. */
const LEAST_COLUMNS = 60
/** What a command that Ctrl-C has ended exits with. The bar takes the key for itself, and by itself exits with 0. */
export const EXIT_INTERRUPTED = 130

async function openBar(title: string): Promise<Progress> {
  // Loaded only where there is a terminal, since everything else starts faster without it.
  const { progress } = await import('@clack/prompts')
  const steps = 1_000
  const interrupt = (): void => {
    process.exitCode = EXIT_INTERRUPTED
  }
  process.once('exit', interrupt)
  const bar = progress({ max: steps, size: 30, output: process.stderr, onCancel: () => process.exit(EXIT_INTERRUPTED) })
  let shown = 0
  bar.start(title)
  return {
    update(portion, message) {
      const step = Math.max(shown, Math.floor((portion ?? 0) * steps))
      bar.advance(step - shown, message)
      shown = step
    },
    done(message) {
      process.off('exit', interrupt)
      bar.stop(message)
    },
    fail(message) {
      process.off('exit', interrupt)
      bar.error(message)
    },
  }
}

const LINE_EVERY_MS = 3_000

/** Lines alone, also on a terminal: for a command that has something to finish when Ctrl-C comes, which the bar would take. */
export function openLines(title: string): Progress {
  let lastMs = performance.now()
  process.stderr.write(`${title} ...\n`)
  return {
    update(portion, message) {
      const nowMs = performance.now()
      if (nowMs - lastMs < LINE_EVERY_MS) return
      lastMs = nowMs
      const percent = portion === undefined ? '' : `${Math.floor(100 * portion)} % `
      process.stderr.write(`  ${percent}${message}\n`)
    },
    done(message) {
      process.stderr.write(`${message}\n`)
    },
    fail(message) {
      process.stderr.write(`${message}\n`)
    },
  }
}
