import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  COMMAS,
  type CsvRecord,
  csvRecords,
  csvRow,
  readCsv,
  SEMICOLONS,
} from '../../src/csv/index.ts'

/** What is hard about CSV, in every order. */
const awkward = fc.string({
  unit: fc.constantFrom(
    'a',
    ' ',
    ',',
    ';',
    '"',
    "'",
    '\n',
    '\r',
    '=',
    '+',
    '-',
    '@',
    '\t',
    'é',
    '＝',
  ),
  maxLength: 12,
})

async function* inPieces(text: string, length: number): AsyncGenerator<Uint8Array> {
  const characters = Array.from(text)
  for (let at = 0; at < characters.length; at += length) {
    await Promise.resolve()
    yield Buffer.from(characters.slice(at, at + length).join(''))
  }
}

async function read(text: string, length = 1_000, dialect = COMMAS): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of csvRecords(inPieces(text, length), dialect)) records.push(record)
  return records
}

async function cellsIn(text: string, dialect = COMMAS) {
  return (await read(text, 1_000, dialect)).map(({ cells }) => cells)
}

describe('CSV', () => {
  it.each([COMMAS, SEMICOLONS])(
    'is read as it was written, whatever a cell holds: %j',
    async (dialect) => {
      const rows = fc.array(fc.tuple(fc.constant('k'), awkward, awkward), {
        minLength: 1,
        maxLength: 4,
      })
      await fc.assert(
        fc.asyncProperty(rows, async (written) => {
          const text = written.map((row) => csvRow(row, dialect)).join('')
          expect(await cellsIn(text, dialect)).toEqual(written)
        }),
      )
    },
  )

  it('is read alike in any pieces, so alone as beside others', async () => {
    const length = fc.integer({ min: 1, max: 5 })
    await fc.assert(
      fc.asyncProperty(fc.array(awkward), length, async (lines, pieces) => {
        const text = lines.join('\n')
        const whole = await read(text)
        expect(await read(text, pieces)).toEqual(whole)
      }),
    )
  })

  it('ends no row at a line break within quotes, and counts its lines', async () => {
    expect(await read('a,"b\r\n\r\n c\nd",e\nf,g,h\n')).toEqual([
      { line: 1, cells: ['a', 'b\r\n\r\n c\nd', 'e'] },
      { line: 5, cells: ['f', 'g', 'h'] },
    ])
  })

  it('loses the rows alone whose quotes are out of place', async () => {
    const faults = await read('a,b\n5" disc,x\n"q"uote,x\nc,"d\ne,"f, g"\nh,i\n')
    expect(faults.map(({ line, cells }) => [line, cells])).toEqual([
      [1, ['a', 'b']],
      [2, undefined],
      [3, undefined],
      [4, undefined],
      [6, ['h', 'i']],
    ])
  })

  it('reads nothing behind a quote that nothing closes, and behind a row that is too long', async () => {
    const open = await read('a,b\nc,"d\ne,f\n')
    expect(open).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: expect.stringContaining('nothing closes') as string },
    ])
    const long = await read(`a,b\nc,"${'d\n'.repeat(600_000)}",e\nf,g\n`, 50_000)
    expect(long).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: expect.stringContaining('longer than') as string },
    ])
  })

  it('of words that people wrote loses the line alone whose quote nothing closes', () => {
    const records = readCsv('a;b\rc;"d\re;f\r\r\ng;h', SEMICOLONS)
    expect(records.map(({ line, cells }) => [line, cells])).toEqual([
      [1, ['a', 'b']],
      [2, undefined],
      [3, ['e', 'f']],
      [5, ['g', 'h']],
    ])
  })

  it('guards what a spreadsheet would run, and leaves a hash in base64 as it is', () => {
    const row = (cell: string) => csvRow([cell], COMMAS)
    expect(row('=1+1')).toBe("'=1+1\n")
    expect(row("'=1+1")).toBe("''=1+1\n")
    expect(row('+cmd|x!A1')).toBe("'+cmd|x!A1\n")
    expect(row('\t=1')).toBe("'\t=1\n")
    expect(row('+A/b9==')).toBe('+A/b9==\n')
    expect(csvRow([-1, true, null, undefined], COMMAS)).toBe('-1,true,,\n')
  })

  it('writes no character that a reader of text refuses', async () => {
    expect(await cellsIn(csvRow(['a\0b\uD800c', 'x'], COMMAS))).toEqual([['a\uFFFDb\uFFFDc', 'x']])
  })
})
