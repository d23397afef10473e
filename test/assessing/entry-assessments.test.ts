import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { readQuestions } from '../../src/assessing/index.ts'
import { OPERATOR } from '../../src/access/index.ts'
import { policyFiles } from '../../src/policy/index.ts'
import type { Classification } from '../../src/register/index.ts'
import { type Host, httpHost } from '../intake/hosts.ts'
import { tipFrom } from './desk.ts'
import { type Colleague, usePanelHouse } from './panel-house.ts'

/** The host of the tests: what it has at each path now. */
const at = new Map<string, Buffer>()
let host: Host
beforeAll(async () => {
  host = await httpHost((request, response) => {
    const bytes = at.get(request.url ?? '')
    response.statusCode = bytes === undefined ? 404 : 200
    response.setHeader('content-type', 'image/jpeg')
    response.end(bytes)
  })
})
afterAll(() => host.close())

const TWO = '{ Baseline: two, National: two, Harmful: two, Ignore: two }'
const house = usePanelHouse(
  () => ({ 'fetch.allowNetworks': ['127.0.0.0/8'], 'fetch.allowPorts': [host.port] }),
  [TWO, [], '{ Baseline: enough, National: demanded }'],
)
const { assess, engine, entries, person, reopen } = house
let made = 0

/** A picture that nobody has, and a URL where the host shows it. */
async function picture() {
  made += 1
  const media = await sceneJpeg(700 + made, { width: 320, height: 240 })
  const path = `/${made}.jpg`
  at.set(path, media)
  return { media, path, url: host.origin + path }
}

async function propose(who: Colleague, media: Buffer, classification: Classification = 'Baseline') {
  return who.as().items.propose({ media: media.toString('base64'), classification })
}

async function statusOf(who: Colleague, id: string): Promise<string> {
  return (await who.as().items.show({ id })).status
}

const verifications = async (id: string) =>
  (await entries()).filter(({ action, subject }) => action === 'item.verify' && subject === id)

describe('two equal assessments of the very bytes of an entry', () => {
  it('verify it, whoever comes first, and the entry says whose they were', async () => {
    const [ann, bo, pia] = [await person('A'), await person('B'), await person('P', 'verifier')]
    const orders = [
      ['propose', 'first', 'second'],
      ['first', 'propose', 'second'],
      ['first', 'second', 'propose'],
    ] as const
    for (const order of orders) {
      const { media, url } = await picture()
      let id = ''
      for (const act of order) {
        if (act === 'propose') ({ id } = await propose(pia, media))
        else await assess(act === 'first' ? ann : bo, 'Baseline', { url })
      }
      const shown = await pia.as().items.show({ id })
      expect(shown, order.join()).toMatchObject({
        status: 'verified',
        matching: 'automatic',
        assessed: [{ people: [ann.pseudonym, bo.pseudonym] }],
        entries: [{ verifiedBy: bo.id, onePerson: false, assessed: { by: [ann.id, bo.id] } }],
      })
      const [verified, ...more] = await verifications(id)
      expect(more).toEqual([])
      expect(verified).toMatchObject({ by: 'hindra', detail: { from: 'proposed', to: 'verified' } })
      const given = shown.entries[0]?.assessed?.assessmentIds.join(' ')
      expect(verified?.detail['assessments']).toBe(given)
    }
  })

  it('may be the proposer’s once, and another person’s', async () => {
    const [pia, bo] = [await person('P'), await person('B')]
    const { media, url } = await picture()
    const { id } = await propose(pia, media)
    // Somebody sees it elsewhere: its case waits, for nobody has verified the item.
    at.set(`/seen/${made}.jpg`, media)
    const tipId = await tipFrom(bo.as(), { url: `${host.origin}/seen/${made}.jpg` })
    const { tip } = await bo.as().tips.look({ id: tipId })
    const caseId = tip.caseId ?? ''
    expect((await bo.as().cases.show({ id: caseId })).itemVerified).toBe(false)
    await assess(pia, 'Baseline', { url })
    await expect(assess(pia, 'Baseline', { url })).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await statusOf(pia, id)).toBe('proposed')
    await assess(bo, 'Baseline', { url })
    expect(await statusOf(pia, id)).toBe('verified')
    expect((await bo.as().cases.show({ id: caseId })).itemVerified).toBe(true)
  })

  it('are not the proposer’s by a machine of theirs and their own', async () => {
    const [pia, bo] = [await person('P'), await person('B')]
    const { media, url } = await picture()
    const { id } = await propose(pia, media)
    const operator = engine().as(OPERATOR)
    const owned = { name: 'crawler', pseudonym: `M-${made}`, kind: 'machine' as const }
    const roles = ['analyst'] as const
    const machine = await operator.people.add({ ...owned, roles, owner: pia.id })
    await assess(pia, 'Baseline', { url })
    const as = () => engine().as({ ...machine, kind: 'machine', roles })
    const byMachine = assess({ ...pia, as }, 'Baseline', { url })
    await expect(byMachine).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await statusOf(bo, id)).toBe('proposed')
  })

  it('say nothing where they differ, until a third says what one of them said', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C')]
    for (const [third, status] of [
      ['Baseline', 'verified'],
      ['Harmful', 'proposed'],
      ['National', 'proposed'],
    ] as const) {
      const { media, url } = await picture()
      const { id } = await propose(ann, media)
      await assess(ann, 'Baseline', { url })
      await assess(bo, 'Harmful', { url })
      expect(await statusOf(ann, id)).toBe('proposed')
      await assess(cy, third, { url })
      expect(await statusOf(ann, id), third).toBe(status)
    }
  })

  it('say nothing of a file that only looks the same, nor of one that changed between them', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { media, url } = await picture()
    // The same picture with a comment in its file: the same pixels, and other bytes.
    const other = Buffer.concat([media.subarray(0, 2), COMMENT, media.subarray(2)])
    const { id } = await propose(ann, other)
    await assess(ann, 'Baseline', { url })
    await assess(bo, 'Baseline', { url })
    expect(await statusOf(ann, id)).toBe('proposed')

    const changing = await picture()
    const proposed = await propose(ann, changing.media)
    await assess(ann, 'Baseline', { url: changing.url })
    at.set(changing.path, (await picture()).media)
    await assess(bo, 'Baseline', { url: changing.url })
    expect(await statusOf(ann, proposed.id)).toBe('proposed')
  })

  it('say nothing of hashes that somebody paired, nor where Hindra was shown nothing', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const { media, url } = await picture()
    const innocent = (await picture()).media
    const { id: harmless } = await propose(bo, innocent, 'Harmful')
    const value = createHash('sha256').update(media).digest('hex')
    const hashes = [
      { type: 'sha256', value } as const,
      { type: 'pdq', value: 'f'.repeat(64), quality: 100 } as const,
    ]
    const paired = await ann.as().items.propose({ hashes, classification: 'Baseline' })
    await assess(ann, 'Baseline', { url })
    await assess(bo, 'Baseline', { url })
    expect(await statusOf(ann, paired.id)).toBe('proposed')
    expect(await statusOf(ann, harmless)).toBe('proposed')

    const gone = await picture()
    at.delete(gone.path)
    const proposed = await propose(ann, gone.media)
    await assess(ann, 'Baseline', { url: gone.url })
    await assess(bo, 'Baseline', { url: gone.url })
    expect(await statusOf(ann, proposed.id)).toBe('proposed')
  })

  it('say nothing once one was taken back, another class was said, or their case was', async () => {
    const [ann, bo, cy] = [await person('A'), await person('B'), await person('C', 'officer')]
    const { media, url } = await picture()
    const first = await assess(ann, 'Baseline', { url })
    await ann.as().assessments.withdraw({ id: first.id, reason: 'another picture' })
    await assess(bo, 'Baseline', { url })
    const { id } = await propose(ann, media)
    expect(await statusOf(ann, id)).toBe('proposed')
    await assess(cy, 'Baseline', { url })
    expect(await statusOf(ann, id)).toBe('verified')

    const twice = await picture()
    at.set('/elsewhere.jpg', twice.media)
    for (const [where, said] of [
      [twice.url, 'Baseline'],
      [`${host.origin}/elsewhere.jpg`, 'Harmful'],
    ] as const) {
      await assess(ann, said, { url: where })
      if (said === 'Baseline') await assess(bo, said, { url: where })
    }
    const doubted = await propose(cy, twice.media, 'National')
    expect(await statusOf(cy, doubted.id)).toBe('proposed')

    const withdrawn = await picture()
    await assess(ann, 'Baseline', { url: withdrawn.url })
    const opened = await assess(bo, 'Baseline', { url: withdrawn.url })
    const { stages } = engine()
    const officer = { id: cy.id, pseudonym: cy.pseudonym, kind: 'person' as const, roles: [] }
    await stages.store.transact((tx) =>
      stages.decisions.takeBack(tx, officer, opened.id, 'not-illegal', 'a doll'),
    )
    const late = await propose(ann, withdrawn.media)
    expect(await statusOf(ann, late.id)).toBe('proposed')
  })

  it('and a proposal at the same moment verify it once', async () => {
    const [ann, bo, pia] = [await person('A'), await person('B'), await person('P')]
    for (let round = 0; round < 4; round += 1) {
      const { media, url } = await picture()
      await assess(ann, 'Baseline', { url })
      const [{ id }] = await Promise.all([propose(pia, media), assess(bo, 'Baseline', { url })])
      expect(await statusOf(pia, id)).toBe('verified')
      expect(await verifications(id)).toHaveLength(1)
    }
  })
})

describe('a house that demands them', () => {
  it('refuses one person who verifies, says what is missing, and takes the two when they come', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const vera = await person('V', 'verifier')
    const { media, url } = await picture()
    const { id } = await propose(ann, media, 'National')
    const body = { id, media: media.toString('base64'), acknowledgeFindings: true }
    await expect(vera.as().items.verify(body)).rejects.toMatchObject({
      code: 'ASSESSMENTS_MISSING',
      message: expect.stringContaining('no two people have said the same') as string,
    })
    const { possible } = await vera.as().items.show({ id })
    const verifying = possible.find(({ action }) => action === 'verify')
    expect(verifying?.butNotYou).toContain('no two people have said the same')
    const query = { status: 'proposed' } as const
    const many = await vera.as().items.verifyMany({ query, said: {}, dryRun: true })
    expect(JSON.stringify(many)).toContain('ASSESSMENTS_MISSING')

    // What waits for a second person tells nothing: the refusal is the same, word for word.
    await assess(ann, 'National', { url })
    await expect(vera.as().items.verify(body)).rejects.toMatchObject({
      message: expect.stringContaining('no two people have said the same') as string,
    })
    await assess(bo, 'National', { url })
    expect(await statusOf(ann, id)).toBe('verified')
  })

  it('lets a person look at what was found, once the two are there, and the entry keeps both', async () => {
    const [ann, bo] = [await person('A'), await person('B')]
    const vera = await person('V', 'verifier')
    const media = await sceneJpeg(650, { width: 48, height: 40 })
    at.set('/tiny.jpg', media)
    const url = `${host.origin}/tiny.jpg`
    const { id } = await propose(ann, media, 'National')
    await assess(ann, 'National', { url })
    await assess(bo, 'National', { url })
    expect(await statusOf(ann, id)).toBe('proposed')
    await expect(vera.as().items.verify({ id })).rejects.toMatchObject({ code: 'FINDINGS_OPEN' })
    await vera.as().items.verify({ id, acknowledgeFindings: true })
    expect(await vera.as().items.show({ id })).toMatchObject({
      status: 'verified',
      assessed: [{ people: [ann.pseudonym, bo.pseudonym] }],
      entries: [{ verifiedBy: vera.id }],
    })
  })

  it('that lays it down in between changes nothing by itself, and demands from then on', async () => {
    const [ann, bo, vera] = [await person('A'), await person('B'), await person('V', 'verifier')]
    const [one, other, none] = [await picture(), await picture(), await picture()]
    for (const { url } of [one, other]) {
      await assess(ann, 'Harmful', { url })
      await assess(bo, 'Harmful', { url })
    }
    const before = await propose(ann, one.media, 'Harmful')
    const lacking = await propose(ann, none.media, 'Harmful')
    expect(await statusOf(ann, before.id)).toBe('proposed')
    await reopen(TWO, [], '{ Harmful: demanded }')
    expect(await statusOf(ann, before.id)).toBe('proposed')
    const body = { acknowledgeFindings: true }
    await expect(vera.as().items.verify({ id: lacking.id, ...body })).rejects.toMatchObject({
      code: 'ASSESSMENTS_MISSING',
    })
    await vera.as().items.verify({ id: before.id, ...body })
    expect(await statusOf(ann, before.id)).toBe('verified')
    // What was assessed before the house laid it down counts as well.
    expect(await statusOf(ann, (await propose(ann, other.media, 'Harmful')).id)).toBe('verified')
  })

  it('asks nothing of another class, nor of what a partner says', async () => {
    const [ann, vera] = [await person('A'), await person('V', 'verifier', 'officer')]
    const { media } = await picture()
    const list = `partner-${made}`
    await vera.as().lists.create({ name: list, kind: 'partner' })
    const body = { media: media.toString('base64'), classification: 'Harmful', list } as const
    const theirs = await ann.as().items.propose(body)
    const { id } = await propose(ann, (await picture()).media, 'National')
    for (const one of [id, theirs.id]) {
      await vera.as().items.verify({ id: one, acknowledgeFindings: true })
      expect(await statusOf(ann, one)).toBe('verified')
    }
  })

  it('is refused at the start where one person assesses the class', () => {
    const directory = house.lay(
      '{ Baseline: one, National: two, Harmful: two, Ignore: two }',
      [],
      '{ Baseline: demanded }',
    )
    expect(() => readQuestions(policyFiles(directory))).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expect.stringMatching(/register: Baseline: demanded, and one person/) as string,
      }) as Error,
    )
  })
})

/** A segment with a comment, which a JPEG may have behind its first two bytes. */
const COMMENT = Buffer.from([0xff, 0xfe, 0x00, 0x06, 0x61, 0x62, 0x63, 0x64])
