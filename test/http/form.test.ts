import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/http/form.ts'

const TYPE = 'multipart/form-data; boundary=x'
const LIMITS = { picture: { bytesMax: 100, setting: 'a limit' } }

/** A form in pieces, which ends where `end` says: in order, with an error, or gone without a word. */
function formOf(pieces: readonly string[], end: 'ended' | 'failed' | 'gone'): Readable {
  const left = [...pieces]
  return new Readable({
    read() {
      const piece = left.shift()
      if (piece !== undefined) this.push(Buffer.from(piece))
      else if (end === 'ended') this.push(null)
      else this.destroy(end === 'failed' ? new Error('the line is cut') : undefined)
    },
  })
}

const head = '--x\r\ncontent-disposition: form-data; name="picture"; filename="a"\r\n\r\n'
const read = (body: Readable) => readForm(body, TYPE, LIMITS, 1_000)

describe('a form', () => {
  it('is read from whatever pieces it comes in', async () => {
    const text = `${head}some bytes\r\n--x--\r\n`
    for (const size of [1, 7, text.length]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      const { picture } = await read(formOf(pieces, 'ended'))
      expect(Buffer.from(picture ?? []).toString()).toBe('some bytes')
    }
  })

  it.each([
    ['breaks off within a part', [head, 'some'], 'failed'],
    ['is gone within a part', [head, 'some'], 'gone'],
    ['is gone between two parts', [`${head}some\r\n--x\r\n`], 'gone'],
    ['breaks off before anything', [], 'failed'],
    ['is gone before anything', [], 'gone'],
    ['ends within a part', [head, 'some'], 'ended'],
    ['is none', ['nothing of the kind'], 'ended'],
  ] as const)('that %s is refused, and nobody waits for it', async (_, pieces, end) => {
    await expect(read(formOf(pieces, end))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('whose part is too large is refused by its setting', async () => {
    const body = formOf([head, 'x'.repeat(60), 'x'.repeat(60), '\r\n--x--\r\n'], 'ended')
    await expect(read(body)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })
})
