import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATOMS, FOREIGN_PARSERS } from './parsers.ts'
import { countWork, type WorkCounter } from './work.ts'
import { usually } from '../long.ts'

const [FEW, MANY] = [2_048, 16_384]
/** Fields and lines that are compared with one another a few at a time bend what is linear by so much. */
const EXPONENT_MAX = 1.2

/** Of what is repeated, the usual run takes each so-manieth. */
const EVERY = usually(3, 1)

let counter: WorkCounter

beforeAll(async () => {
  counter = await countWork()
})
afterAll(() => counter.stop())

/** The power of its input by which the work of `read` grows. */
async function exponentOf(read: (text: string) => unknown, atom: string): Promise<number> {
  const at = (chars: number) => atom.repeat(Math.ceil(chars / atom.length))
  const few = await counter.of(() => read(at(FEW)))
  const many = await counter.of(() => read(at(MANY)))
  return Math.log(many / few) / Math.log(MANY / FEW)
}

describe('The counter sees', () => {
  it.each([
    ['a loop in a loop', pairs],
    ['a search to the end at each place', searchedAgain],
    ['an expression that finds nothing from each place on', everyPlace],
    ['parts that are joined again and again', (text: string) => copiedAgain(Buffer.from(text))],
  ])('%s', async (_name, read) => {
    expect(await exponentOf(read, 'a')).toBeGreaterThan(1.7)
  })

  it('that one look at each place is linear', async () => {
    expect(
      await exponentOf((text) => searchedAgain(text.slice(0, 8)) + once(text), 'a'),
    ).toBeLessThan(1.01)
  })
})

describe('What strangers write is read in steps that grow with its length', () => {
  it.each(FOREIGN_PARSERS)('$name', async (parser) => {
    const over: Record<string, number> = {}
    for (const atom of ATOMS.filter((_, number) => number % EVERY === 0)) {
      const exponent = await exponentOf((text) => parser.read(text), atom)
      if (exponent > EXPONENT_MAX) over[atom] = exponent
    }
    expect(over).toEqual({})
  })
})

function once(text: string): number {
  let found = 0
  for (const character of text) found += character === 'b' ? 1 : 0
  return found
}

function pairs(text: string): number {
  let same = 0
  for (const one of text) for (const other of text) same += one === other ? 1 : 0
  return same
}

function searchedAgain(text: string): number {
  let found = 0
  for (let at = 0; at < text.length; at += 1) found += text.includes('b', at) ? 1 : 0
  return found
}

function everyPlace(text: string): number {
  const expression = /b/g
  let found = 0
  for (let at = 0; at < text.length; at += 1) {
    expression.lastIndex = at
    found += expression.exec(text) === null ? 0 : 1
  }
  return found
}

function copiedAgain(bytes: Buffer): number {
  let whole = Buffer.alloc(0)
  for (let at = 0; at < bytes.length; at += 1)
    whole = Buffer.concat([whole, bytes.subarray(at, at + 1)])
  return whole.length
}
