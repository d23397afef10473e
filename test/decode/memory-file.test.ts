import { describe, expect, it } from 'vitest'
import { createMemoryFile } from '../../src/decode/index.ts'
import { codeOf } from './limits.ts'

describe('createMemoryFile', () => {
  it('gives readers of their own position, that cannot write', async () => {
    const file = await createMemoryFile(Buffer.from('0123456789'))
    const readers = [await file.openReader(), await file.openReader()]
    await file.close()
    for (const reader of readers) {
      expect(await reader.readFile('utf8')).toBe('0123456789')
      await expect(reader.write('x')).rejects.toThrow(/EBADF/)
      await reader.close()
    }
  })

  it('refuses what is no memory file system, and what is not there', async () => {
    expect(await codeOf(createMemoryFile(Buffer.of(1), '/proc'))).toBe('SHM_UNAVAILABLE')
    expect(await codeOf(createMemoryFile(Buffer.of(1), '/no/such/folder'))).toBe('SHM_UNAVAILABLE')
  })
})
