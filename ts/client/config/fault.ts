import { TickbusError } from '../../errors.js'

/** One thing that is wrong with a configuration. */
export interface Fault {
  /** Which option, such as `lanes.critical.capacity`; empty for the whole. */
  readonly path: string
  /** What is wrong with it and, where it can be said, what was meant. */
  readonly problem: string
  /** Who said so: `the options`, a file, or an environment variable. */
  readonly origin: string
}

/** All faults of a configuration as one error: they lie in `details.faults`, too. */
export function configError(faults: readonly Fault[]): TickbusError {
  return new TickbusError('TICKBUS_CONFIG', { faults, listing: faults.map(line).join('') })
}

/** The path of a part: `lanes` and `critical` make `lanes.critical`, `routes` and 0 make `routes[0]`. */
export function below(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

/** Whether `path` is `part` or lies below it. */
export function isWithin(path: string, part: string): boolean {
  return part === '' || path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`)
}

function line({ path, problem, origin }: Fault): string {
  return path === '' ? `\n  - ${origin}: ${problem}` : `\n  - ${path} (${origin}): ${problem}`
}
