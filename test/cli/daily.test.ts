import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import type { Case } from '../../src/cases/index.ts'
import type { Item } from '../../src/register/index.ts'
import { createHome, type Home } from './hindra.ts'

/** The work of a day, as five people who talk to a server. */
let home: Home
const key = { analyst: '', verifier: '', officer: '', admin: '', intake: '' }
let pictures: string
let known: Buffer

beforeAll(async () => {
  home = createHome()
  const made = (await home.json(['init', '--admin', 'Ada'])) as { admin: { key: string } }
  key.admin = made.admin.key
  await home.serve()
  key.analyst = (await home.person('Anna', 'analyst')).key
  key.verifier = (await home.person('Bo', 'verifier')).key
  key.officer = (await home.person('Ola', 'officer')).key
  key.intake = (await home.person('Ida', 'intake')).key

  pictures = join(home.directory, 'pictures')
  mkdirSync(join(pictures, 'more'), { recursive: true })
  known = await sceneJpeg(1)
  writeFileSync(join(pictures, 'a.jpg'), known)
  writeFileSync(join(pictures, 'more', 'b.jpg'), await sceneJpeg(2))
  writeFileSync(join(pictures, 'more', 'notes.txt'), 'no picture at all')
})
afterAll(() => home.dispose())

interface Row {
  readonly input: string
  readonly answer?: unknown
  readonly error?: { readonly code: string }
}

function rows(ndjson: string): readonly Row[] {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}

describe('register and verify', () => {
  const items: Item[] = []

  it('proposes every file below a directory; one that is no picture stops nothing', async () => {
    const args = ['register', pictures, '--classification', 'Baseline', '--reference', 'H-1']
    const { code, stdout, stderr } = await home.run([...args, '--json'], { key: key.analyst })
    const [a, b, notes] = rows(stdout)
    expect(a?.input).toBe(join(pictures, 'a.jpg'))
    expect(a?.answer).toMatchObject({
      status: 'proposed',
      kind: 'image',
      entries: [{ reference: 'H-1' }],
    })
    expect(b?.answer).toMatchObject({ status: 'proposed' })
    expect(notes).toMatchObject({ error: { code: 'MEDIA_UNSUPPORTED' } })
    expect(code).toBe(7)
    expect(stderr).toContain('2 proposed, 1 failed')
    items.push(a?.answer as Item, b?.answer as Item)
  })

  it('keeps four eyes: the proposer cannot verify, whatever else they may do', async () => {
    const own = await home.run(['verify', items[0]?.id ?? ''], { key: key.analyst })
    expect(own.code).toBe(3)
    const people = (await home.json(['people'])) as { id: string; pseudonym: string }[]
    const anna = people.find(({ pseudonym }) => pseudonym === 'ANNA')?.id ?? ''
    await home.json(['people', 'roles', anna, '--role', 'analyst', '--role', 'verifier'])
    const both = await home.run(['verify', items[0]?.id ?? ''], { key: key.analyst })
    expect(both.code).toBe(3)
    expect(both.stderr).toMatch(/^SAME_PERSON: /)
    await home.json(['people', 'roles', anna, '--role', 'analyst'])
  })

  it('another person verifies all that wait and that they have seen', async () => {
    const args = ['verify', '--all-proposed', '--reason', 'seen']
    const unseen = await home.run([...args, '--dry-run'], { key: key.verifier })
    expect(unseen.stdout).toContain('NOT_LOOKED_AT')
    expect(unseen.stdout).toContain('2 found: 0 would be verified, 2 left out')
    for (const { id } of items) await home.run(['items', 'show', id], { key: key.verifier })
    const { code, stdout } = await home.run([...args, '--count', '2'], { key: key.verifier })
    expect(code).toBe(0)
    expect(stdout).toContain('2 of 2 verified, 0 left out')
    const verified = await home.json(['items', '--status', 'verified'], { key: key.verifier })
    expect(verified).toHaveLength(2)
  })

  it('shows the register without a hash', async () => {
    const { stdout } = await home.run(['items', 'show', items[0]?.id ?? ''], { key: key.analyst })
    expect(stdout).toContain('verified')
    expect(stdout).not.toMatch(/[0-9a-f]{32}/)
  })

  it('disputes and retracts with a reason', async () => {
    const id = items[1]?.id ?? ''
    const doubt = ['dispute', id, '--reason', 'wrong class', '--json']
    expect(rows((await home.run(doubt, { key: key.verifier })).stdout)[0]?.answer).toMatchObject({
      status: 'disputed',
    })
    const withdraw = ['retract', id, 'no-such-item', '--reason', 'not illegal', '--json']
    const retracted = await home.run(withdraw, { key: key.officer })
    expect(rows(retracted.stdout)).toMatchObject([
      { answer: { status: 'retracted' } },
      { input: 'no-such-item', error: { code: 'NOT_FOUND' } },
    ])
    expect(retracted.code).toBe(4)
  })
})

describe('scan', () => {
  it('says which files are known, and opens no case', async () => {
    const { code, stdout, stderr } = await home.run(['scan', pictures, '--json'], {
      key: key.analyst,
    })
    const found = rows(stdout)
    expect(found).toMatchObject([
      { input: join(pictures, 'a.jpg'), answer: { verdict: 'exact' } },
      { input: join(pictures, 'more', 'b.jpg'), answer: { verdict: 'none' } },
      { input: join(pictures, 'more', 'notes.txt') },
    ])
    expect(stderr).toContain('1 exact')
    expect(code).toBe(7)
    expect(await home.json(['cases'], { key: key.analyst })).toEqual([])
  })

  const url = 'https://host.example/seen.jpg'

  it('submits a feed, tells the bad lines by their numbers, and opens cases', async () => {
    const media = known.toString('base64')
    const feed = [JSON.stringify({ url, media }), '', 'no json', JSON.stringify({ media })]
    const { stdout, code } = await home.run(['scan', '-', '--open-cases', '--json'], {
      key: key.analyst,
      stdin: feed.join('\n'),
    })
    expect(rows(stdout)).toMatchObject([
      { input: '-:1', answer: { verdict: 'exact' } },
      { input: '-:3', error: { code: 'INVALID_INPUT' } },
      { input: '-:4', error: { code: 'INVALID_INPUT', field: 'url' } },
    ])
    expect(code).toBe(2)
    expect(await home.json(['cases'], { key: key.analyst })).toHaveLength(1)
  })

  it('reads feed files, and fetches URLs only where that is allowed', async () => {
    const file = join(home.directory, 'seen.ndjson')
    writeFileSync(file, `${JSON.stringify({ url, media: known.toString('base64') })}\n`)
    const { stdout } = await home.run(['scan', file, 'http://127.0.0.1:80/x.jpg', '--json'], {
      key: key.analyst,
    })
    expect(rows(stdout)).toMatchObject([
      { input: `${file}:1`, answer: { verdict: 'exact' } },
      { input: 'http://127.0.0.1:80/x.jpg', error: { code: 'FETCH_REFUSED' } },
    ])
  })

  it('shows URLs so that they cannot be clicked by accident', async () => {
    const cases = (await home.json(['cases'], { key: key.analyst })) as Case[]
    const id = cases[0]?.id ?? ''
    const shown = await home.run(['cases', 'show', id], { key: key.analyst })
    expect(shown.stdout).toContain('hxxps://host[.]example/seen.jpg')
    expect(shown.stdout).not.toContain(url)
    const raw = await home.run(['cases', 'show', id, '--raw-urls'], { key: key.analyst })
    expect(raw.stdout).toContain(url)
    const failed = await home.run(['scan', 'http://127.0.0.1/x.jpg'], { key: key.analyst })
    expect(failed.stderr).toContain('hxxp://127[.]0[.]0[.]1/x.jpg')
  })
})

describe('cases and tips', () => {
  it('closes a case with a reason', async () => {
    const [open] = (await home.json(['cases'], { key: key.officer })) as Case[]
    const args = ['cases', 'close', open?.id ?? '', '--reason', 'handed to the police']
    expect(await home.json(args, { key: key.officer })).toMatchObject({ status: 'closed' })
    expect((await home.run(['cases', 'show', 'nothing'], { key: key.officer })).code).toBe(4)
  })

  it('takes a tip, a list of tips, and an assessment of one', async () => {
    const url = 'https://other.example/new.jpg'
    const tip = (await home.json(['tip', url, '--source', 'police', '--priority', '1'], {
      key: key.intake,
    })) as { id: string }
    expect(tip).toMatchObject({ status: 'new', source: 'police', priority: 1 })

    const csv = join(home.directory, 'tips.csv')
    writeFileSync(
      csv,
      [
        'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE',
        'https://third.example/x;;;S-1;hotline;',
        'nonsense;;;S-2;hotline;',
      ].join('\n'),
    )
    const imported = await home.run(['tip', '--import', csv, '--json'], { key: key.intake })
    expect(JSON.parse(imported.stdout)).toMatchObject({ accepted: 1, refused: [{ line: 3 }] })
    expect(imported.code).toBe(2)

    const judged = ['assess', url, '--classification', 'National', '--reason', 'seen']
    expect(await home.json([...judged, '--tip', tip.id], { key: key.analyst })).toMatchObject({
      verdict: 'assessed',
      classification: 'National',
    })
    const tips = await home.json(['tips', '--status', 'assessed'], { key: key.intake })
    expect(tips).toMatchObject([{ id: tip.id }])
  })

  it('refuses what the role does not allow, naming who may', async () => {
    const refused = await home.run(['cases'], { key: key.intake })
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    expect(refused.stderr).toMatch(/^FORBIDDEN: case:read needs .*analyst/)
  })
})

describe('what else a day needs', () => {
  it('answers with tables for people and JSON for programs', async () => {
    for (const [args, as] of [
      [['alerts'], undefined],
      [['notices'], key.officer],
      [['recheck'], key.officer],
      [['stats', '--quarter', '2026-Q4'], key.officer],
      [['keys'], key.admin],
    ] as const) {
      const person = as ?? (await home.person('Pia', 'pipeline')).key
      expect((await home.run(args, { key: person })).code).toBe(0)
      expect(await home.json(args, { key: person })).toBeTypeOf('object')
    }
  })

  it('sends what is due, and says what stands in the way', async () => {
    const sent = await home.run(['notices', 'send', '--json'], { key: key.officer })
    // The assessed case: nobody is known who runs its host.
    expect(JSON.parse(sent.stdout)).toMatchObject({
      noticesSent: 0,
      isQuiet: false,
      problems: [expect.any(String)],
    })
    expect(sent.code).toBe(1)
    expect(sent.stderr).not.toContain('other.example')
  })

  it('writes down who did what', async () => {
    const auditor = await home.person('Aud', 'auditor')
    const entries = (await home.json(['audit'], { key: auditor.key })) as { action: string }[]
    const actions = new Set(entries.map(({ action }) => action))
    for (const action of ['person.add', 'key.create']) expect(actions).toContain(action)
  })

  it('ends a key at once', async () => {
    const { id, key: secret } = await home.person('Tom', 'statistics')
    expect((await home.run(['stats'], { key: secret })).code).toBe(0)
    const keys = (await home.json(['keys'])) as { id: string; personId: string }[]
    const keyId = keys.find(({ personId }) => personId === id)?.id ?? ''
    await home.json(['keys', 'revoke', keyId])
    expect((await home.run(['stats'], { key: secret })).code).toBe(3)
  })
})
