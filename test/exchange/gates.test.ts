import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { createImports, type Delta, type Imports } from '../../src/exchange/index.ts'
import type { Corpus, KnownSet } from '../../src/known/index.ts'
import { hashSetOf, type KnownHashSet, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { type Gated, openGated } from '../known/gated.ts'
import { copyOf, flipped, hashOf, person, pictureOf } from '../register/material.ts'

const ANNA = person('anna')
const LIST = 'partner'

let context: TestContext
let audit: Audit
let gated: Gated
let register: Register
let known: KnownSet
let corpus: Corpus
let imports: Imports

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  gated = await openGated(context, audit)
  ;({ register, known, corpus } = gated)
  imports = createImports(context, audit, register, gated.gates, configWith({}).exchange)
  await context.store.transact((tx) =>
    register.lists.create(tx, ANNA, { name: LIST, kind: 'partner', arrivesAs: 'verified' }),
  )
})
afterEach(async () => {
  await gated.close()
  await context.dispose()
})

function pdqLine(line: number, value: string, quality?: number): Delta {
  const hash = { type: 'pdq', value, ...defined({ quality }) } as const
  return { change: 'put', line, key: `k${line}`, classification: 'Baseline', hashes: [hash] }
}

async function importing(deltas: readonly Delta[], { dryRun = false, digest = '0' } = {}) {
  const start = { list: LIST, format: 'csv', digest, dryRun }
  const { id } = await imports.begin(ANNA, start)
  await imports.lines(ANNA, id, 0, deltas)
  const view = await imports.finish(ANNA, id)
  await known.catchUp()
  return view
}

async function itemOf(key: string) {
  const found = await context.store.transact((tx) => register.listed(tx, LIST, key))
  return register.get(found?.itemId ?? '')
}

function enter(list: string, hashes: KnownHashSet) {
  return gated.enter({ list, hashes })
}

describe('the gates, on lines of a list that vouches for what arrives', () => {
  it('hold what is likely to match innocent pictures at a review, and say so', async () => {
    await enter('allow', pictureOf(1))
    await corpus.add(ANNA, pictureOf(2))
    const deltas = [
      pdqLine(1, hashOf(copyOf(pictureOf(1), 20, 'whole')), 90),
      pdqLine(2, hashOf(copyOf(pictureOf(2), 20, 'whole')), 90),
      pdqLine(3, hashOf(pictureOf(3)), 40),
      pdqLine(4, hashOf(pictureOf(4)), 0),
      pdqLine(5, hashOf(pictureOf(5)), 90),
    ]
    const tried = await importing(deltas, { dryRun: true })
    const view = await importing(deltas)
    for (const report of [tried, view]) {
      expect(report).toMatchObject({ added: 5, refused: 0, held: 3 })
      expect(report.findings).toEqual({
        'allow-list': 1,
        'benign-corpus': 1,
        'low-quality': 1,
        'near-uniform': 1,
      })
      expect(report.found.map(({ line, code }) => `${line} ${code}`)).toEqual([
        ...['1 allow-list', '2 benign-corpus', '3 low-quality', '4 near-uniform'],
      ])
      expect(report.found[1]?.detail).toContain('PDQ distance 20')
    }
    for (const line of [1, 2, 4]) {
      const item = await itemOf(`k${line}`)
      expect([item.status, item.matching]).toEqual(['proposed', 'review'])
      expect(item.entries[0]?.findings).toHaveLength(1)
    }
    // Low quality confirms nothing by PDQ whatever its standing: what else the entry has is as good.
    for (const line of [3, 5]) expect((await itemOf(`k${line}`)).matching).toBe('automatic')
  })

  it('find the very file of a benign picture by its SHA-256 alone', async () => {
    await corpus.add(ANNA, pictureOf(2))
    const hash = { type: 'sha256', value: pictureOf(2).sha256 } as const
    const { held, findings } = await importing([
      { change: 'put', line: 1, classification: 'Baseline', hashes: [hash] },
    ])
    expect([held, findings]).toEqual([1, { 'benign-corpus': 1 }])
  })

  it('name near-duplicates with their distance, and quality that is not told, and hold neither', async () => {
    const item = await enter('own', pictureOf(1))
    const near = flipped(hashOf(pictureOf(1)), 7)
    const view = await importing([pdqLine(1, near, 90), pdqLine(2, hashOf(pictureOf(2)))])
    expect(view).toMatchObject({ added: 2, held: 0 })
    expect(view.findings).toEqual({ 'near-duplicate': 1, 'quality-unknown': 1 })
    const [entry] = (await itemOf('k1')).entries
    expect(entry?.status).toBe('verified')
    expect(entry?.findings).toMatchObject([
      { code: 'near-duplicate', itemId: item.id, distance: 7 },
    ])
  })

  it('have the quality that the list says untold ones count as, and say so', async () => {
    const hash = hashOf(pictureOf(1))
    const first = await importing([pdqLine(1, hash)])
    expect(first.findings).toEqual({ 'quality-unknown': 1 })
    expect((await itemOf('k1')).quality).toBe(0)
    const why = 'they hash what is above 90 alone'
    await context.store.transact((tx) =>
      register.lists.change(tx, ANNA, LIST, { untoldQuality: 90 }, why),
    )
    // What is in is read anew, and not edited in place.
    const second = await importing([pdqLine(1, hash), pdqLine(2, hashOf(pictureOf(2)), 70)])
    expect(second).toMatchObject({ added: 1, changed: 1, findings: { 'quality-unknown': 1 } })
    expect(second.found[0]?.detail).toContain('counts as 90')
    expect((await itemOf('k1')).quality).toBe(90)
    expect((await itemOf('k2')).quality).toBe(70)
    const third = await importing([pdqLine(1, hash)])
    expect(third).toMatchObject({ unchanged: 1, changed: 0 })
  })

  it('find what a benign picture resembles though no quality is told', async () => {
    await corpus.add(ANNA, pictureOf(2))
    const view = await importing([pdqLine(1, hashOf(pictureOf(2)))])
    expect([view.held, view.findings]).toEqual([1, { 'quality-unknown': 1, 'benign-corpus': 1 }])
  })

  it('say nothing of what a line replaces, nor of one that says what was said', async () => {
    await importing([pdqLine(1, hashOf(pictureOf(1)), 90)])
    const again = await importing([pdqLine(1, hashOf(pictureOf(1)), 90)], { digest: '1' })
    expect([again.unchanged, again.findings]).toEqual([1, {}])
    const next = await importing([pdqLine(1, hashOf(pictureOf(1)), 80)], { digest: '2' })
    expect([next.changed, next.findings]).toEqual([1, {}])
  })

  it('keep the allow-list in sight behind any number of near-duplicates', async () => {
    await enter('allow', copyOf(pictureOf(1), 30, 'whole'))
    for (let bits = 1; bits <= 12; bits += 1) {
      const value = flipped(hashOf(pictureOf(1)), bits)
      await enter('own', hashSetOf([{ type: 'pdq', value, quality: 90 }]))
    }
    const view = await importing([pdqLine(1, hashOf(pictureOf(1)), 90)])
    expect(view.held).toBe(1)
    expect(view.found[0]?.code).toBe('allow-list')
    expect(view.found).toHaveLength(10)
  })

  it('keep no more than a hundred findings with their lines, and count all of them', async () => {
    const deltas = Array.from({ length: 150 }, (_, i) => pdqLine(i + 1, hashOf(pictureOf(i)), 5))
    const view = await importing(deltas)
    expect([view.held, view.findings, view.found.length]).toEqual([
      150,
      { 'near-uniform': 150 },
      100,
    ])
  })
})
