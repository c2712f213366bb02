import { open } from 'node:fs/promises'
import { MARK } from './block.js'

/** Whether a file begins as those of `RecordingWriter` do. One that cannot be read does not; reading it says why. */
export async function isRecording(file: string): Promise<boolean> {
  try {
    await using handle = await open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MARK.length), 0, MARK.length, 0)
    return bytesRead === MARK.length && buffer.equals(MARK)
  } catch {
    return false
  }
}
