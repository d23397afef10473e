import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Principal, Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, packageFile } from '../../src/core/index.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { FORMAT_NAMES, writeList } from '../../src/exchange/index.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import type { ListedHash } from '../../src/register/index.ts'
import { decodeLimits } from '../decode/limits.ts'

function person(id: string, ...roles: Role[]): Principal {
  return { id, pseudonym: id, kind: 'person', roles }
}
const ann = person('ann', 'analyst', 'verifier')
const bob = person('bob', 'verifier')
const crawler = person('crawler', 'crawler', 'crawler-verdict')
const exporter = person('exporter', 'exchange')

let directory: string
let engine: Engine
let clock: ManualClock
let seed = 100

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-browser-'))
  const config = configWith({ data: directory, 'pool.threads': 1 })
  clock = new ManualClock(Date.UTC(2026, 10, 2, 8))
  engine = await createEngine({ config, clock, dataKey: Buffer.alloc(32, 4) })
})
afterAll(async () => {
  await engine.shutdown()
  rmSync(directory, { recursive: true, force: true })
})

/** Another hash, so many bits away. */
function bitsAway(pdq: string, bits: number): string {
  const bytes = Buffer.from(pdq, 'hex')
  // One bit of every third, so that no turn of it comes nearer.
  for (let bit = 0; bit < bits; bit += 1) {
    const at = (bit * 11) % 256
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
  }
  return bytes.toString('hex')
}

/** What a browser makes of a picture, its PDQ hash so many bits off. */
async function hashedBy(media: Uint8Array, bits = 0): Promise<ListedHash[]> {
  const { sha256, sha1, md5, views } = await fingerprintMedia(
    Uint8Array.from(media),
    decodeLimits(),
  )
  const [whole] = views
  return [
    { type: 'sha256', value: sha256 },
    { type: 'pdq', value: bitsAway(whole?.pdq ?? '', bits), quality: 100 },
    { type: 'sha1', value: sha1 },
    { type: 'md5', value: md5 },
  ]
}

async function proposed(bits = 0) {
  seed += 1
  const media = await sceneJpeg(seed, { width: 640, height: 480 })
  const hashes = await hashedBy(media, bits)
  const item = await engine.as(ann).items.propose({
    hashes,
    hasher: 'pdq-browser',
    fileName: `Sommar ${seed}.jpg`,
    classification: 'Baseline',
  })
  const pdq = hashes[1]?.value ?? ''
  return { media, hashes, item, pdq }
}

/** The same picture in other bytes, whose PDQ hash is so many bits from what was proposed. */
async function copyAt(bits: number) {
  seed += 1
  const media = await sceneJpeg(seed, { width: 640, height: 480 })
  const copy = await sharp(media).png().toBuffer()
  const hashes = await hashedBy(copy, bits)
  const [, pdq] = hashes
  const other = {
    type: 'sha256',
    value: 'ab'.repeat(30) + seed.toString(16).padStart(4, '0'),
  } as const
  return { copy, hashes: [other, pdq ?? other] }
}

const entryOf = async (id: string) => {
  const [entry] = (await engine.as(bob).items.show({ id })).entries
  if (entry === undefined) throw new Error('no entry')
  return entry
}

/** All that leaves of the list, in every format. */
async function exported(list = 'own'): Promise<string> {
  const { id } = await engine.as(exporter).listExports.begin({ list, reason: 'a test' })
  const entries = await engine.as(exporter).listExports.entries({ id, limit: 1_000 })
  let all = JSON.stringify(entries)
  async function* each() {
    for (const entry of entries) {
      await Promise.resolve()
      yield entry
    }
  }
  for (const format of FORMAT_NAMES) {
    const named = { Baseline: 'A', National: 'B', Harmful: 'C', Ignore: 'D' }
    const classes = format === 'icse' ? { ...named, Baseline: 'Yes', National: 'No' } : named
    const counts = { written: 0, leftOut: 0 }
    for await (const piece of writeList(format, each(), { classes }, counts)) all += piece
  }
  return all
}

describe('what a browser has hashed', () => {
  it('is said to be so, to whoever verifies it and wherever it is read', async () => {
    const { item } = await proposed()
    const { entries, reach } = await engine.as(bob).items.show({ id: item.id })
    expect(entries).toMatchObject([
      { hasher: { name: 'pdq-browser', version: '1' }, findings: [{ code: 'browser-hash' }] },
    ])
    expect(reach[0]?.most).toContain('copies within 21 bits are a review at most')
    await expect(engine.as(bob).items.verify({ id: item.id })).rejects.toMatchObject({
      code: 'FINDINGS_OPEN',
    })
  })

  it.each([
    [0, 'review'],
    [21, 'review'],
    [22, 'none'],
    [31, 'none'],
  ])(
    'is looked for ten bits less far than other hashes: %i bits away it is %s',
    async (bits, verdict) => {
      const { copy, hashes } = await copyAt(bits)
      const item = await engine
        .as(ann)
        .items.propose({ hashes, hasher: 'pdq-browser', classification: 'Baseline' })
      // Verified, too: by its PDQ hash it confirms nothing.
      await engine.as(bob).items.verify({ id: item.id, acknowledgeFindings: true })
      const answer = await engine
        .as(crawler)
        .sightings.submit({ url: `https://host.example/${bits}.png`, media: copy })
      expect(answer.verdict).toBe(verdict)
    },
  )

  it('reaches as far as ever where nobody says that a browser made it', async () => {
    const { copy, hashes } = await copyAt(31)
    await engine.as(ann).items.propose({ hashes, classification: 'Baseline' })
    const answer = await engine
      .as(crawler)
      .sightings.submit({ url: 'https://host.example/plain.png', media: copy })
    expect(answer.verdict).toBe('review')
  })

  it('never leaves as PDQ in any format, and its digests do', async () => {
    const { item, pdq, hashes } = await proposed(3)
    await engine.as(bob).items.verify({ id: item.id, acknowledgeFindings: true })
    const text = await exported()
    expect(text).toContain(hashes[0]?.value)
    expect(text.toLowerCase()).not.toContain(pdq)
  })

  it('gives way to what Hindra makes of the same bytes when they are seen somewhere', async () => {
    const { item, media, pdq } = await proposed(4)
    await engine
      .as(crawler)
      .sightings.submit({ url: 'https://host.example/same.jpg', media: Buffer.from(media) })
    const entry = await entryOf(item.id)
    expect(entry).toMatchObject({
      hasher: { name: 'pdq-fullres' },
      evidence: 'picture',
      findings: [],
    })
    const { views, sha256 } = await fingerprintMedia(media, decodeLimits())
    const text = await exported()
    expect(text).toContain(sha256)
    expect(text.toLowerCase()).toContain(views[0]?.pdq)
    expect(text.toLowerCase()).not.toContain(pdq)
  })

  it('gives way to it when somebody verifies with their copy by the command', async () => {
    const { item, media } = await proposed(4)
    const compared = await engine.stages.curation.compare(bob, Uint8Array.from(media))
    expect(compared).toMatchObject({ itemId: item.id, how: 'same-bytes', distance: 4 })
    expect((await entryOf(item.id)).hasher?.name).toBe('pdq-fullres')
    const other = await proposed(4)
    const done = await engine.as(bob).items.verify({
      id: other.item.id,
      acknowledgeFindings: true,
      media: Buffer.from(other.media).toString('base64'),
    })
    expect(done.entries).toMatchObject([
      { status: 'verified', verifiedWith: 'same-bytes', hasher: { name: 'pdq-fullres' } },
    ])
    expect(done.entries[0]).not.toHaveProperty('verifiedByHasher')
  })

  it('clears nobody, and comes with the digest that names the file', async () => {
    const hashes = await hashedBy(await sceneJpeg(1))
    const [digest, pdq] = hashes
    const said = { hasher: 'pdq-browser', classification: 'Baseline' } as const
    const refusal = (input: object) => engine.as(ann).items.propose({ hashes, ...said, ...input })
    await expect(refusal({ list: 'allow', classification: 'Ignore' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'list',
    })
    for (const some of [[pdq], [digest], [digest, pdq, pdq]]) {
      await expect(refusal({ hashes: some })).rejects.toMatchObject({ field: 'hashes' })
    }
    await expect(refusal({ kind: 'film' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(refusal({ hasher: 'pdq-fullres' })).rejects.toMatchObject({ field: 'hasher' })
  })

  it('is proposed by the batch: what is refused of one keeps none of the others back', async () => {
    const [one, other] = await Promise.all(
      [sceneJpeg(31), sceneJpeg(32)].map(async (made) => hashedBy(await made)),
    )
    if (one === undefined || other === undefined) throw new Error('none')
    const said = { classification: 'National', description: { reference: 'H-7' } } as const
    const files = [{ hashes: one }, { hashes: one }, { hashes: other, fileName: 'b.jpg' }]
    const answer = await engine.as(ann).items.proposeHashed({ files, ...said })
    expect(answer.proposed.map(({ place }) => place)).toEqual([0, 2])
    expect(answer.refused).toMatchObject([{ place: 1, code: 'CONFLICT' }])
    const [, last] = answer.proposed
    expect(await entryOf(last?.id ?? '')).toMatchObject({ fileName: 'b.jpg', reference: 'H-7' })
    const [first] = answer.proposed
    expect(await entryOf(first?.id ?? '')).not.toHaveProperty('fileName')
    await expect(
      engine.as(ann).items.proposeHashed({ files, classification: 'National', list: 'nowhere' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(engine.as(bob).items.proposeHashed({ files, ...said })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })
})

describe("a second person's copy that their browser has hashed", () => {
  it('is the same, alike, another, or contradicts: and how far off it is nobody is told', async () => {
    const { item, media, hashes } = await proposed()
    const compare = async (given: ListedHash[]) =>
      engine.as(bob).items.compare({ id: item.id, hashes: given })
    expect(await compare(hashes)).toMatchObject({ how: 'same-bytes', distance: null })
    const digest = { type: 'sha256', value: 'cd'.repeat(32) } as const
    const [same, pdq] = hashes
    if (same === undefined || pdq === undefined) throw new Error('none')
    const off = (bits: number) => ({ ...pdq, value: bitsAway(pdq.value, bits) })
    // Both may be ten bits off.
    expect(await compare([digest, off(11)])).toMatchObject({ how: 'alike', distance: null })
    expect(await compare([digest, off(12)])).toMatchObject({ how: 'another', distance: null })
    expect(await compare([same, off(20)])).toMatchObject({ how: 'same-bytes' })
    expect(await compare([same, off(21)])).toMatchObject({ how: 'contradicts', distance: null })
    const bytes = await engine.as(bob).items.compare({ media: media.toString('base64') })
    expect(bytes.how).toBe('same-bytes')
  })

  it('verifies it, and the entry keeps that a browser said so', async () => {
    const { item, hashes } = await proposed()
    const verify = { id: item.id, acknowledgeFindings: true, hashes }
    await expect(engine.as(ann).items.verify(verify)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    const other = await hashedBy(await sceneJpeg(7))
    await expect(engine.as(bob).items.verify({ ...verify, hashes: other })).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'hashes',
    })
    const done = await engine.as(bob).items.verify(verify)
    expect(done.entries).toMatchObject([
      { status: 'verified', verifiedWith: 'same-bytes', verifiedByHasher: 'pdq-browser' },
    ])
    expect(done.entries[0]?.hasher?.name).toBe('pdq-browser')
  })

  it('verifies nothing where its digest comes with the hash of another picture', async () => {
    const { item, hashes } = await proposed()
    const [, pdq] = await hashedBy(await sceneJpeg(8))
    const [digest] = hashes
    if (digest === undefined || pdq === undefined) throw new Error('none')
    await expect(
      engine
        .as(bob)
        .items.verify({ id: item.id, acknowledgeFindings: true, hashes: [digest, pdq] }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await entryOf(item.id)).status).toBe('proposed')
  })

  it('is asked about a few times an hour, so that nobody feels for the hash that is held', async () => {
    const { item, hashes } = await proposed()
    const ask = () => engine.as(bob).items.compare({ id: item.id, hashes })
    for (let asked = 0; asked < 20; asked += 1) await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    const verify = { id: item.id, acknowledgeFindings: true, hashes }
    await expect(engine.as(bob).items.verify(verify)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    })
    // Another item is asked about, and this one again later; without the item none is.
    const other = await proposed()
    await engine.as(bob).items.compare({ id: other.item.id, hashes: other.hashes })
    await expect(engine.as(bob).items.compare({ hashes })).rejects.toMatchObject({ field: 'id' })
    clock.advance(3_600_000)
    await ask()
  })
})

it('leaves by no way that reads hashes as they are held', () => {
  // What takes hashes out of the register to give them away has to leave out those of browsers.
  const sources = readdirSync(packageFile('src'), { recursive: true, encoding: 'utf8' })
  const readers = sources.filter(
    (file) =>
      /\.tsx?$/.test(file) &&
      /\blistedHashesOf\(/.test(readFileSync(packageFile(join('src', file)), 'utf8')),
  )
  expect(readers.toSorted()).toEqual([
    'exchange/applying.ts',
    'register/hash-set.ts',
    'register/proposal.ts',
  ])
})
