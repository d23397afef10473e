import { closeSync, readFileSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMemoryFile } from '../../src/decode/index.ts'

describe('createMemoryFile', () => {
  it('gives readers of their own position, that cannot write', () => {
    const file = createMemoryFile(Buffer.from('0123456789'))
    const readers = [file.openReader(), file.openReader()]
    file.close()
    for (const reader of readers) {
      expect(readFileSync(reader, 'utf8')).toBe('0123456789')
      expect(() => writeSync(reader, 'x')).toThrow(/EBADF/)
      closeSync(reader)
    }
  })

  it('refuses what is no memory file system, and what is not there', () => {
    for (const folder of ['/proc', '/no/such/folder']) {
      const made = () => createMemoryFile(Buffer.of(1), folder)
      expect(made).toThrow(expect.objectContaining({ code: 'SHM_UNAVAILABLE' }))
    }
  })
})
