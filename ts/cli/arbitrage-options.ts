import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { TickbusError } from '../errors.js'

/** What `tickbus replay --arbitrage` is told. */
export interface ArbitrageFlags {
  readonly arbitrage?: true
  readonly pairs?: string
  readonly fees?: string
  readonly minNetBps?: readonly number[]
  readonly episodes?: string
  readonly staleMs?: number
  readonly basisHalfLifeS?: number
  readonly delayMs?: readonly number[]
}

/** Those that mean nothing without --arbitrage. */
const OWN = ['pairs', 'fees', 'minNetBps', 'episodes', 'staleMs', 'basisHalfLifeS', 'delayMs']

/** Adds the options of `tickbus replay --arbitrage`. */
export function addArbitrageOptions(command: Command): Command {
  return command
    .option('--arbitrage', 'look for arbitrage instead of sending anything; needs --pairs')
    .option('--pairs <FILE>', 'JSON: {"BTC": ["BTCUSDT.BINANCE", "BTCUSD_PERP.BINANCE"]}')
    .option('--fees <FILE>', 'JSON: {"asOf": "2026-11-01", "takerBps": {"BTCUSDT.BINANCE": 10}} (default: no fees)')
    .addOption(
      new Option(
        '--min-net-bps <N>',
        'what the edge after fees has to be above, in basis points (default: 0)',
      ).argParser(parseNumbers),
    )
    .option('--episodes <FILE>', 'write one JSON line for each episode')
    .addOption(
      new Option('--stale-ms <MS>', 'how old a quote may be, in milliseconds (default: any age)').argParser(
        parseNumber,
      ),
    )
    .addOption(
      new Option(
        '--basis-half-life-s <S>',
        'count edges from the usual ratio of mid prices, with this half-life in seconds (default: no)',
      ).argParser(parseNumber),
    )
    .addOption(
      new Option('--delay-ms <LIST>', 'what is left of the edges after delays, like 0,1,5,10,50,100').argParser(
        parseNumbers,
      ),
    )
}

/** Refuses options that do not go together. `others` are those of a plain replay. */
export function checkArbitrageOptions(command: Command, flags: ArbitrageFlags, others: readonly string[]): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (flags.arbitrage !== true) {
    if (OWN.some(isGiven)) command.error('error: the options of arbitrage need --arbitrage')
    return
  }
  if (flags.pairs === undefined) command.error('error: --arbitrage needs --pairs FILE')
  if (others.some(isGiven)) command.error('error: --arbitrage sends nothing, so options about sending mean nothing')
  const isSeveral = (flags.minNetBps ?? []).length > 1
  if (isSeveral && (flags.episodes !== undefined || flags.delayMs === undefined)) {
    command.error('error: several thresholds are for --delay-ms without --episodes')
  }
}

/** What a JSON file holds. A fault of it is told under `code`. */
export function readTable(file: string, code: 'TICKBUS_PAIRS' | 'TICKBUS_FEES'): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code: cause, message } = error as NodeJS.ErrnoException
    const reason = `${file} cannot be read: ${cause === 'ENOENT' ? 'there is no such file' : message}`
    throw new TickbusError(code, { reason }, error)
  }
}

function parseNumber(text: string): number {
  const value = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (Number.isFinite(value)) return value
  throw new InvalidArgumentError('Give a number.')
}

function parseNumbers(text: string): number[] {
  return text.split(',').map(parseNumber)
}
