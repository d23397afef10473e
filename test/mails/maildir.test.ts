import { mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMaildir } from '../../src/mails/maildir.ts'
import { mailboxContract } from '../contract/mailbox.ts'

const BYTES_MAX = 1_000

mailboxContract('Maildir', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-maildir-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  return Promise.resolve({
    bytesMax: BYTES_MAX,
    open: () => openMaildir(directory, BYTES_MAX, 'inbox'),
    async deliver(name, raw) {
      await writeFile(join(directory, 'tmp', name), raw)
      await rename(join(directory, 'tmp', name), join(directory, 'new', name))
    },
    async read() {
      const names = await readdir(join(directory, 'cur'))
      return names.filter((name) => name.endsWith(':2,S')).map((name) => name.slice(0, -4))
    },
    close: () => rm(directory, { recursive: true }),
  })
})
