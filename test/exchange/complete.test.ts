import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal } from '../../src/access/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { classified, type Delta, type ImportView, readList } from '../../src/exchange/index.ts'
import { type ExchangeWorld, openExchangeWorld } from './world.ts'

const LIST = 'partner-x'
const ALL = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']

let world: ExchangeWorld
let random: SeededRandom
let officer: Principal
beforeEach(async () => {
  world = await openExchangeWorld()
  random = new SeededRandom(5)
  officer = { ...world.person, roles: ['officer'] }
  await world.engine
    .as(officer)
    .lists.create({ name: LIST, kind: 'partner', arrivesAs: 'verified' })
})
afterEach(() => world.dispose())

const md5s = new Map<string, string>()
function md5Of(key: string): string {
  const made = md5s.get(key) ?? Buffer.from(random.bytes(16)).toString('hex')
  md5s.set(key, made)
  return made
}

function csv(keys: readonly string[]): string {
  return `key,classification,md5\n${keys.map((key) => `${key},Baseline,${md5Of(key)}\n`).join('')}`
}

async function linesOf(text: string, format: 'csv' | 'local_file' = 'csv'): Promise<Delta[]> {
  async function* bytes() {
    await Promise.resolve()
    yield Buffer.from(text)
  }
  const found: Delta[] = []
  for await (const line of classified(readList(format, bytes()), { all: 'Baseline' })) {
    found.push(line)
  }
  return found
}

interface How {
  readonly complete?: boolean
  readonly dryRun?: boolean
  readonly confirmed?: number
}

let runs = 0
async function begin(how: How): Promise<ImportView> {
  runs += 1
  const digest = runs.toString(16).padStart(64, '0')
  const { complete = true, dryRun = false } = how
  return world.engine.as(world.person).imports.begin({
    list: LIST,
    format: 'csv',
    digest,
    dryRun,
    complete,
  })
}

async function withdrawAll(id: string, confirmed?: number): Promise<void> {
  let view: ImportView
  do view = await world.engine.as(world.person).imports.withdraw({ id, confirmed })
  while (view.withdrawal?.phase !== 'done')
}

async function importing(text: string, how: How = {}): Promise<ImportView> {
  const { id, complete } = await begin(how)
  await world.engine.stages.exchanging.imports.takeLines(world.person, id, 0, await linesOf(text))
  if (complete) await withdrawAll(id, how.confirmed)
  return world.engine.as(world.person).imports.finish({ id })
}

async function living(): Promise<readonly string[]> {
  return Object.keys(await world.living(LIST)).sort()
}

describe('a complete list', () => {
  beforeEach(async () => {
    await importing(csv(ALL), { complete: false })
  })

  it('withdraws what it does not name, and only that; the history says why', async () => {
    const kept = ALL.filter((key) => key !== 'd')
    const view = await importing(csv([...kept, 'new']))
    expect(view).toMatchObject({ added: 1, unchanged: 9, deleted: 1, changed: 0, refused: 0 })
    expect(view.withdrawal).toMatchObject({ phase: 'done', standing: 10, absent: 1 })
    expect(await living()).toEqual([...kept, 'new'].sort())
    const [gone] = await world.engine.as(officer).items.list({ list: LIST, status: 'retracted' })
    const { history } = await world.engine.as(officer).items.show({ id: gone?.id ?? '' })
    expect(history.map(({ to, reason }) => [to, reason])).toEqual([
      ['verified', null],
      ['disputed', 'absent from its complete list'],
      ['retracted', 'absent from its complete list'],
    ])
    // What came back is entered anew; nothing was edited in place.
    expect(await importing(csv(ALL), { confirmed: 1 })).toMatchObject({ added: 1, deleted: 1 })
    expect(await living()).toEqual(ALL)
  })

  it('says in a dry run how many would go, and changes nothing', async () => {
    const view = await importing(csv(['a', 'b', 'zz']), { dryRun: true })
    expect(view).toMatchObject({ added: 1, unchanged: 2, deleted: 8, merkleRoot: null })
    expect(view.withdrawal).toMatchObject({ standing: 10, absent: 8 })
    expect(await living()).toEqual(ALL)
  })

  it('counts in a dry run what changes as there', async () => {
    const lines = csv(ALL).replace('a,Baseline', 'a,National')
    const view = await importing(lines, { dryRun: true })
    expect(view).toMatchObject({ changed: 1, deleted: 0, withdrawal: { standing: 10, absent: 0 } })
  })

  it('does not withdraw more than its share, unless that number is confirmed', async () => {
    const text = csv(['a', 'b', 'c'])
    const { id } = await begin({})
    await world.engine.stages.exchanging.imports.takeLines(world.person, id, 0, await linesOf(text))
    await expect(withdrawAll(id)).rejects.toMatchObject({
      code: 'WITHDRAWAL_UNCONFIRMED',
      message: expect.stringContaining('7 of 10 entries') as string,
    })
    await expect(withdrawAll(id, 6)).rejects.toMatchObject({ code: 'WITHDRAWAL_UNCONFIRMED' })
    await expect(world.engine.as(world.person).imports.finish({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await living()).toEqual(ALL)
    await withdrawAll(id, 7)
    expect(await world.engine.as(world.person).imports.finish({ id })).toMatchObject({
      deleted: 7,
    })
    expect(await living()).toEqual(['a', 'b', 'c'])
  })

  it('of which a line is refused withdraws nothing', async () => {
    const text = csv(ALL.slice(1)).replace(md5Of('c'), 'nothex')
    const { id } = await begin({})
    await world.engine.stages.exchanging.imports.takeLines(world.person, id, 0, await linesOf(text))
    await expect(withdrawAll(id)).rejects.toMatchObject({ code: 'LIST_NOT_WHOLE', line: 3 })
    const done = await world.engine.as(world.person).imports.finish({ id })
    expect(done).toMatchObject({ state: 'done', deleted: 0, refused: 1, withdrawal: null })
    expect(await living()).toEqual(ALL)
  })

  it('leaves alone what came in while it was read', async () => {
    const { id } = await begin({})
    await world.engine.stages.exchanging.imports.takeLines(
      world.person,
      id,
      0,
      await linesOf(csv(ALL.slice(0, 5))),
    )
    await importing(csv(['later']), { complete: false })
    await world.engine.stages.exchanging.imports.takeLines(
      world.person,
      id,
      5,
      await linesOf(csv(ALL.slice(5))),
    )
    await withdrawAll(id)
    expect(await living()).toEqual([...ALL, 'later'].sort())
    await expect(
      world.engine.stages.exchanging.imports.takeLines(
        world.person,
        id,
        10,
        await linesOf(csv(['x'])),
      ),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('of which nothing was understood fails, and withdraws nothing', async () => {
    const { id } = await begin({})
    await expect(withdrawAll(id, 10)).rejects.toMatchObject({ code: 'LIST_NOT_WHOLE' })
    const text = `${csv(['a']).replace('Baseline', 'Otter')}b,Baseline,${md5Of('b')}\n`
    const [strange] = await linesOf(text)
    await world.engine.stages.exchanging.imports.takeLines(
      ...([world.person, id, 0, strange === undefined ? [] : [strange]] as const),
    )
    const failed = await world.engine.as(world.person).imports.finish({ id })
    expect(failed).toMatchObject({
      state: 'failed',
      fault: 'no line of it was understood',
      added: 0,
      refused: 1,
      deleted: 0,
    })
    expect(await living()).toEqual(ALL)
  })

  it('that breaks off fails for good, keeps what was read, and begins anew', async () => {
    const { id, complete, digest } = { ...(await begin({})), digest: runs }
    await world.engine.stages.exchanging.imports.takeLines(
      ...([world.person, id, 0, await linesOf(csv(['a', 'new']))] as const),
    )
    const as = world.engine.as(world.person)
    const failed = await as.imports.fail({ id, fault: 'the file is no whole JSON' })
    expect(failed).toMatchObject({ state: 'failed', fault: 'the file is no whole JSON', added: 1 })
    await expect(as.imports.finish({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'the import has failed',
    })
    const again = await as.imports.begin({
      list: LIST,
      format: 'csv',
      digest: digest.toString(16).padStart(64, '0'),
      dryRun: false,
      complete,
    })
    expect(again).toMatchObject({ state: 'running', position: 0, fault: null })
    expect(again.id).not.toBe(id)
    expect(await living()).toEqual([...ALL, 'new'])
  })

  it('gives way to a newer one, which counts alone', async () => {
    const old = await begin({})
    await world.engine.stages.exchanging.imports.takeLines(
      world.person,
      old.id,
      0,
      await linesOf(csv(['a'])),
    )
    expect((await importing(csv([...ALL, 'k']))).deleted).toBe(0)
    await expect(withdrawAll(old.id, 10)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await world.engine.as(world.person).imports.show({ id: old.id })).state).toBe(
      'superseded',
    )
    expect(await living()).toEqual([...ALL, 'k'])
  })

  it('names the cases and notices of what it withdraws, and puts an end to them', async () => {
    const media = await sceneJpeg(1)
    const sha256 = createHash('sha256').update(media).digest('hex')
    const row = `scene,Baseline,${sha256}\n`
    await importing(`key,classification,sha256\n${row}`, { complete: false })
    const crawler: Principal = {
      ...world.person,
      id: 'c',
      kind: 'machine',
      roles: ['crawler-verdict'],
    }
    const url = 'https://host.example/scene.jpg'
    const seen = await world.engine
      .as(crawler)
      .sightings.submit({ url, media: Uint8Array.from(media) })
    expect(seen).toMatchObject({ verdict: 'exact' })
    for (const dryRun of [true, false]) {
      const { id } = await importing(csv(ALL), { dryRun })
      const { items, next } = await world.engine.as(world.person).imports.touched({ id })
      expect(next).toBeNull()
      const status = dryRun ? 'open' : 'retracted'
      expect(items).toMatchObject([{ cases: [{ caseId: seen.caseId, status }] }])
    }
  })

  it('does not bring back what a person has retracted, until it says something new of it', async () => {
    const [item] = await world.engine.as(officer).items.list({ list: LIST })
    const verifier: Principal = { ...officer, roles: ['verifier'] }
    const itemId = item?.id ?? ''
    await world.engine.stages.curation.dispute(verifier, { itemId }, 'a logo')
    await world.engine.stages.curation.retract(officer, { itemId }, 'a logo')
    const again = await importing(csv(ALL))
    expect(again).toMatchObject({ added: 0, unchanged: 10, deleted: 0, held: 0 })
    expect(again.findings).toEqual({ 'retracted-here': 1 })
    expect(again.found).toMatchObject([{ line: 2, code: 'retracted-here' }])
    expect(await living()).toEqual(ALL.slice(1))
    const other = await importing(csv(ALL).replace('a,Baseline', 'a,National'))
    expect(other).toMatchObject({ added: 1, unchanged: 9 })
    expect(await living()).toEqual(ALL)
  })

  it('is a partner’s alone', async () => {
    const start = { list: 'own', format: 'csv', digest: '0'.repeat(64), dryRun: false }
    await expect(
      world.engine.as(world.person).imports.begin({ ...start, complete: true }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'complete' })
  })
})
