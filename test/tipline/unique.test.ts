import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { createEngine } from '../../src/engine.ts'
import { solved } from './house.ts'

/** A receipt is drawn as so many bytes. */
const DRAW_BYTES = 16

it('no two tips have one receipt, though the same digits are drawn', async () => {
  const data = mkdtempSync(join(tmpdir(), 'hindra-unique-'))
  const real = new SeededRandom(3)
  const same: Uint8Array[] = []
  const random = {
    bytes: (count: number) =>
      (count === DRAW_BYTES ? same.shift() : undefined) ?? real.bytes(count),
  }
  const config = configWith({ data, 'pool.threads': 1, 'tipline.workBits': 8 })
  const engine = await createEngine({ config, dataKey: Buffer.alloc(32, 4), random })
  const page = engine.as({ id: 'page', pseudonym: 'page', kind: 'machine', roles: ['reporter'] })
  const digits = Uint8Array.from({ length: DRAW_BYTES }, (_, at) => at)

  async function tell(...drawn: Uint8Array[]): Promise<string> {
    const work = solved(await page.tipline.challenge())
    same.push(...drawn)
    const told = await page.tipline.tell({ words: 'x', category: 'other', work })
    expect(same).toEqual([])
    return told.receipt
  }

  try {
    // The salt of the house is drawn before the first.
    await tell()
    expect(await tell(digits)).toBe('0123 4567 8901 2345')
    const other = await tell(digits, digits)
    expect(other).not.toBe('0123 4567 8901 2345')
    expect(await page.tipline.look({ receipt: other })).toMatchObject({ messages: [] })
    // Digits are as likely as each other: bytes that would make some likelier are drawn again.
    const skewed = Uint8Array.from({ length: DRAW_BYTES }, () => 255)
    expect(await tell(skewed)).not.toMatch(/5555 5555/)
  } finally {
    await engine.shutdown()
    rmSync(data, { recursive: true, force: true })
  }
})
