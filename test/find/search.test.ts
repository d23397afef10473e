import { describe, expect, it } from 'vitest'
import type { FindToken } from '../../src/core/index.ts'
import { type Finder, searchKind } from '../../src/find/search.ts'
import type { TakenWord } from '../../src/find/words.ts'
import type { ReadTransaction } from '../../src/store/index.ts'

const COUNT = 300_000
const TX = {} as ReadTransaction // The finder of this test reads no store.

/** As many records as a large hotline has, of which a token has every so many, from one on. */
class Crowd implements Finder {
  /** Rows of the index that were read, and ids that were looked up. */
  read = 0
  readonly #every: Readonly<Record<FindToken, readonly [every: number, from: number]>>

  constructor(every: Readonly<Record<FindToken, readonly [every: number, from: number]>>) {
    this.#every = every
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- A store is read over promises.
  async *ids(
    _tx: ReadTransaction,
    token: FindToken,
    { before, reverse = false }: { before?: string | undefined; reverse?: boolean } = {},
  ) {
    const [every, from] = this.#place(token)
    const places = Array.from({ length: Math.ceil((COUNT - from) / every) }, (_, n) => n)
    for (const n of reverse ? places.reverse() : places) {
      const id = idOf(from + n * every)
      if (before !== undefined && id >= before) continue
      this.read += 1
      yield id
    }
  }

  whichHaveAll(_tx: ReadTransaction, tokens: readonly FindToken[], ids: readonly string[]) {
    if (tokens.length > 0) this.read += ids.length
    const has = (id: string, token: FindToken) => {
      const [every, from] = this.#place(token)
      return Number(id) >= from && (Number(id) - from) % every === 0
    }
    return Promise.resolve(ids.filter((id) => tokens.every((token) => has(id, token))))
  }

  idsThatBegin() {
    return Promise.resolve([])
  }

  #place(token: FindToken) {
    return this.#every[token] ?? [COUNT, COUNT]
  }
}

function idOf(place: number): string {
  return String(place).padStart(8, '0')
}

function word(...tokens: FindToken[]): readonly TakenWord[] {
  return [{ as: 'path', tokens }]
}

async function ask(finder: Finder, ...words: (readonly TakenWord[])[]) {
  const { hits, isCutOff } = await searchKind(TX, finder, words, { before: undefined, limit: 21 })
  return { ids: hits.map(({ id }) => Number(id)), isCutOff }
}

describe('searching among very many', () => {
  it('is led by the rarer word wherever it stands, also where it has several hundred', async () => {
    for (const rare of [199, 200, 201, 900]) {
      const every = Math.floor(COUNT / rare)
      const finder = new Crowd({ 'path:jpg': [1, 0], 'path:odd': [2, 1], 'host:h': [every, 0] })
      for (const words of [
        [word('path:jpg'), word('host:h')],
        [word('host:h'), word('path:jpg')],
      ]) {
        finder.read = 0
        const { ids, isCutOff } = await ask(finder, ...words)
        expect([ids.length, isCutOff]).toEqual([21, false])
        expect(ids.every((id) => id % every === 0)).toBe(true)
        expect(finder.read).toBeLessThan(12 * rare)
      }
    }
  })

  it('finds the one that has both of two words that very many have, if the rarer is not too common', async () => {
    const finder = new Crowd({ 'path:jpg': [3, 0], 'host:h': [40, 299_960 % 40] })
    const { ids, isCutOff } = await ask(finder, word('path:jpg'), word('host:h'))
    expect(ids.every((id) => id % 3 === 0 && id % 40 === 0)).toBe(true)
    expect([ids.length, isCutOff]).toEqual([21, false])
  })

  it('is led by the rarest token of a word that has several', async () => {
    const finder = new Crowd({ 'path:photos': [1, 0], 'path:abc123': [COUNT, 7] })
    expect(await ask(finder, word('path:photos', 'path:abc123'))).toEqual({
      ids: [7],
      isCutOff: false,
    })
    expect(finder.read).toBeLessThan(1_000)
  })

  it('says where it stopped, and reads no further, where words have nothing in common', async () => {
    const finder = new Crowd({ 'path:even': [2, 0], 'path:odd': [2, 1] })
    expect(await ask(finder, word('path:even'), word('path:odd'))).toEqual({
      ids: [],
      isCutOff: true,
    })
    expect(finder.read).toBeLessThan(60_000)
  })
})
