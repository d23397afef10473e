import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { ByteTable } from '../../src/known/byte-table.ts'
import { RecordArena } from '../../src/known/record-arena.ts'

const FIELD = { offset: 3, bytes: 5 }

/** Keys that share their last byte or all of it, so that they crowd one place of the table. */
function keyOf(number: number): Buffer {
  const key = Buffer.alloc(FIELD.bytes)
  key.writeUInt16BE(number)
  return key
}

describe('a table of rows by a field', () => {
  it('agrees with a map through additions and removals, also of equal keys', () => {
    const random = new SeededRandom(5)
    const records = new RecordArena(9)
    const table = new ByteTable(records, FIELD)
    const model = new Map<number, number[]>()
    const present: [key: number, row: number][] = []
    for (let step = 0; step < 20_000; step += 1) {
      if (present.length < 50 || random.next() < 0.6) {
        const key = random.integer(0, 1_500)
        const row = records.append()
        records.pageOf(row).set(keyOf(key), records.offsetOf(row) + FIELD.offset)
        expect(table.hasKeyOf(row)).toBe((model.get(key) ?? []).length > 0)
        if (step % 5_000 === 0) table.reserve(2 * step)
        table.add(row)
        model.set(key, [...(model.get(key) ?? []), row])
        present.push([key, row])
      } else {
        const [[key, row] = [0, 0]] = present.splice(random.integer(0, present.length - 1), 1)
        table.remove(row)
        model.set(key, model.get(key)?.filter((held) => held !== row) ?? [])
      }
      const key = random.integer(0, 1_600)
      expect(table.find(keyOf(key)).sort((a, b) => a - b)).toEqual(model.get(key) ?? [])
    }
    expect(table.rows).toBe(present.length)
    for (const [key, rows] of model) {
      expect(table.find(keyOf(key)).sort((a, b) => a - b)).toEqual(rows)
    }
  })
})

describe('pages of records', () => {
  it('are loaded as they were saved, up to the row that was asked for', () => {
    const records = new RecordArena(4)
    for (let row = 0; row < 10_000; row += 1) {
      records.append()
      records.pageOf(row).writeUInt32LE(row, records.offsetOf(row))
    }
    const loaded = new RecordArena(4)
    for (const page of records.pages(9_000)) loaded.load(page)
    expect(loaded.rows).toBe(9_000)
    for (const row of [0, 4_095, 4_096, 8_999]) {
      expect(loaded.pageOf(row).readUInt32LE(loaded.offsetOf(row))).toBe(row)
    }
    expect(loaded.append()).toBe(9_000)
    expect(() => loaded.pageOf(9_001)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })

  it('refuse what is no page', () => {
    for (const bytes of [0, 3, 4 * 4_097]) {
      expect(() => {
        new RecordArena(4).load(new Uint8Array(bytes))
      }).toThrow(expect.objectContaining({ code: 'INDEX_CORRUPT' }))
    }
    const records = new RecordArena(4)
    records.load(new Uint8Array(4))
    expect(() => {
      records.load(new Uint8Array(4))
    }).toThrow(expect.objectContaining({ code: 'INDEX_CORRUPT' }))
  })
})
