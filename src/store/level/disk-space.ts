import { statfs } from 'node:fs/promises'
import { HindraError } from '../../errors.ts'

/** How long what was measured counts, unless much is written meanwhile. */
const FRESH_MS = 1_000
const FRESH_BYTES = 1024 * 1024
const RETRY_SECONDS = 10
const MIB = 1024 * 1024

/**
 * What is left free of the disk. LevelDB needs room to merge its files, to close its log and to open
 * again, and cannot be trusted to write on after it met the end of the disk: so nothing is written
 * that would take what it needs, and a full disk costs nobody anything but a refusal.
 */
export class DiskSpace {
  readonly #directory: string
  readonly #bytesMin: number
  #freeBytes = Infinity
  #writtenBytes = Infinity
  #measuring: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param bytesMin What stays free; 0 to write until the disk refuses. */
  constructor(directory: string, bytesMin: number) {
    this.#directory = directory
    this.#bytesMin = bytesMin
  }

  /** Measures again where that is due. Throws DISK_FULL, before anything was written. */
  async assertFor(bytes: number): Promise<void> {
    if (this.#bytesMin === 0) return
    this.#writtenBytes += bytes
    if (this.#writtenBytes > FRESH_BYTES) await this.#measured()
    if (this.#freeBytes - bytes >= this.#bytesMin) return
    const [free, least] = [this.#freeBytes, this.#bytesMin].map((each) => Math.floor(each / MIB))
    throw new HindraError(
      'DISK_FULL',
      `nothing of it was written: ${free} MiB are free, and ${least} MiB stay free (store.freeMibMin)`,
      { retryAfterSeconds: RETRY_SECONDS },
    )
  }

  /** Whether there is room to open the database anew: its log is written out then. */
  async isThere(logBytes: number): Promise<boolean> {
    await this.#measured()
    return this.#freeBytes >= Math.max(this.#bytesMin, logBytes)
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #measured(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined
    })
    return this.#measuring
  }

  async #measure(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#directory)
    this.#freeBytes = bavail * bsize
    this.#writtenBytes = 0
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#writtenBytes = Infinity
    }, FRESH_MS).unref()
  }
}
