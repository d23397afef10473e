import { constants } from 'node:fs'
import { open, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HindraError } from '../errors.ts'
import { HEAD_BYTES, type Mailbox, type MailboxName } from './mailbox.ts'

const FLAGS = { read: ':2,S', unread: ':2,' }

/**
 * A mailbox in the Maildir format: whoever delivers renames a whole file into `new`, so a file there
 * is complete, and no lock is needed; what is done with moves to `cur`. Files are read in the order of their
 * names, which begin with the time of delivery. Links and other special files are not opened.
 */
export function openMaildir(directory: string, bytesMax: number, section: MailboxName): Mailbox {
  return {
    async *waiting(limit) {
      for (const name of (await names()).slice(0, limit)) {
        const file = join(directory, 'new', name)
        const raw = await readWhole(file)
        if (raw === undefined) continue
        yield {
          ...(raw.length > bytesMax ? { raw: null, head: raw.subarray(0, HEAD_BYTES) } : { raw }),
          done: (flag) => rename(file, join(directory, 'cur', name + FLAGS[flag])),
        }
      }
    },
  }

  async function names(): Promise<readonly string[]> {
    try {
      await stat(join(directory, 'cur'))
      return (await readdir(join(directory, 'new'))).filter((name) => !name.startsWith('.')).sort()
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
      throw new HindraError('INBOX_FAILED', `${section}.maildir cannot be read (${code})`, {
        cause,
      })
    }
  }

  /** The file, of which at most a byte more than is allowed; undefined where it is gone or no plain file. */
  async function readWhole(file: string): Promise<Uint8Array | undefined> {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
      () => undefined,
    )
    if (handle === undefined) return undefined
    try {
      if (!(await handle.stat()).isFile()) return undefined
      const bytes = Buffer.alloc(bytesMax + 1)
      let length = 0
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
        length += bytesRead
        if (bytesRead === 0 || length === bytes.length) return bytes.subarray(0, length)
      }
    } finally {
      await handle.close()
    }
  }
}
