import { FRAME_BYTES_LIMIT, FRAME_BYTES_MOST } from '../layout.js'
import { checkWhole } from '../errors.js'

/**
 * What a decoder is bounded by, with the defaults.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if a bound is out of range.
 */
export function decoderBounds(options: { instrumentsMost?: number; frameBytesMost?: number }): {
  instrumentsMost: number
  frameBytesMost: number
} {
  const { instrumentsMost = 65_536, frameBytesMost = FRAME_BYTES_MOST } = options
  checkWhole('instrumentsMost', instrumentsMost, 1, 1_048_576)
  checkWhole('frameBytesMost', frameBytesMost, 1_024, FRAME_BYTES_LIMIT)
  return { instrumentsMost, frameBytesMost }
}
