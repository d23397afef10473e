import type { Principal } from '../../src/access/index.ts'
import { parseTip } from '../../src/intake/index.ts'
import type { Engine } from '../../src/engine.ts'

const OFFICER: Principal = {
  id: 'bench-officer',
  pseudonym: 'bench-officer',
  kind: 'person',
  roles: ['officer', 'exchange'],
}
/** How the URLs of tips begin of which nothing is known. */
export const TOLD_TIP = 'https://new-'
const LIST = 'bench'
const LINES = 2_000
const BATCH = 200

const sha256Of = (place: number) => place.toString(16).padStart(64, 'a')

/** Known material: entries of a partner's list by digest and PDQ, as an import brings them. */
export async function fillItems(
  engine: Engine,
  count: number,
  pdqOf: (place: number) => string,
  note: (text: string) => void,
): Promise<void> {
  const as = engine.as(OFFICER)
  await as.lists.create({ name: LIST, kind: 'partner', arrivesAs: 'verified' })
  const { id } = await as.imports.begin({ list: LIST, format: 'csv', digest: sha256Of(0) })
  for (let from = 0; from < count; from += LINES) {
    const lines = Array.from({ length: Math.min(LINES, count - from) }, (_, at) => ({
      change: 'put' as const,
      line: from + at + 1,
      key: `B-${from + at}`,
      kind: 'image' as const,
      classification: 'Baseline' as const,
      hashes: [
        { type: 'sha256' as const, value: sha256Of(from + at + 1) },
        { type: 'pdq' as const, value: pdqOf(from + at), quality: 100 },
      ],
    }))
    await as.imports.takeLines({ id, from, lines })
    if (from % 50_000 < LINES) note(`${from} items`)
  }
  await as.imports.finish({ id })
}

/** Cases of the review band, which wait for a decision: each of another item. */
export async function fillPending({ stages }: Engine, count: number): Promise<void> {
  const items = await stages.register.list({ limit: Math.min(count, 1_000) })
  for (let from = 0; from < count; from += BATCH) {
    await stages.store.transact(async (tx) => {
      for (let place = from; place < Math.min(count, from + BATCH); place += 1) {
        const itemId = items[place % items.length]?.id ?? ''
        const match = {
          itemId,
          verdict: 'review',
          method: 'pdq',
          distance: 40,
          clientSupplied: false,
          reason: 'a bench',
        } as const
        await stages.cases.openFromMatch(
          tx,
          'hindra',
          { url: `https://p${place % 500}.example/waits/${place}.jpg` },
          { verdict: 'review', matches: [match] },
          stages.register,
        )
      }
    })
  }
}

/** Tips that nobody has settled, at URLs of which nothing is known. */
export async function fillTips({ stages }: Engine, by: Principal, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    await stages.store.transact(async (tx) => {
      for (let place = from; place < Math.min(count, from + BATCH); place += 1) {
        const url = `${TOLD_TIP}${place % 500}.example/told/${place}.jpg`
        await stages.tips.submit(tx, by, parseTip({ url, source: 'public', note: 'seen there' }))
      }
    })
  }
}
