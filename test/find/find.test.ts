import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FindAnswer } from '../../src/find/index.ts'
import { referenceOf } from '../../src/takedown/index.ts'
import { storedText } from '../stored-text.ts'
import { reply } from '../takedown/mails-back.ts'
import { ANALYST, type FindWorld, openFindWorld, personOf } from './world.ts'

let world: FindWorld
beforeEach(async () => {
  world = await openFindWorld()
})
afterEach(() => world.dispose())

async function ask(words: string, by = ANALYST, limit = 20, after?: string): Promise<FindAnswer> {
  return (await world.finder()).find(by, { words, limit, after })
}

const found = async (words: string, by = ANALYST) =>
  (await ask(words, by)).rows.map(({ kind, id }) => `${kind} ${id}`)

describe('when a host rings', () => {
  it('its case is found by URL, host, domain and part of the path, with who was told and what follows', async () => {
    const id = await world.assessed(
      'http://cdn.alpha.example/Album%20Ett/IMG_0017-holiday.jpg?v=8812',
    )
    await world.run()
    const [notice] = await world.takedown.list()
    const url = 'hxxp://cdn[.]alpha[.]example/Album%20Ett/IMG_0017-holiday.jpg?v=8812'
    const { words, rows, next, isCutOff, isTakingIn } = await ask(url)
    expect({ words, next, isCutOff, isTakingIn }).toEqual({
      words: [{ word: url, takenFor: ['url'] }],
      next: null,
      isCutOff: false,
      isTakingIn: false,
    })
    expect(rows).toMatchObject([
      {
        kind: 'case',
        id,
        as: ['url'],
        host: 'Alpha Hosting',
        notice: { id: notice?.id, state: 'sent', recipient: 'abuse@alpha.example' },
      },
    ])
    expect(rows[0]?.notice?.nextStep).not.toBeNull()
    for (const word of [
      ...['cdn.alpha.example', 'CDN.Alpha.Example.', 'alpha[.]example', 'IMG_0017', 'holiday'],
      ...['album%20ett', 'img_0017-HOLIDAY.jpg', '8812', id, id.slice(0, 8)],
      ...[
        'cdn.alpha.example holiday',
        'alpha.example 8812',
        'cdn.alpha.example/img_0017-holiday.jpg',
      ],
      ...['http://cdn.alpha.example/other.jpg', 'HTTP://CDN.ALPHA.EXAMPLE:80/#x'],
    ]) {
      expect([word, await found(word)]).toEqual([word, expect.arrayContaining([`case ${id}`])])
    }
    for (const word of [
      'other.example',
      'alpha.example nothing',
      'example',
      'holida',
      'evil.alpha.example',
    ]) {
      expect([word, await found(word)]).toEqual([word, []])
    }
  })

  it('a URL that is unknown is its host, and that is said', async () => {
    await world.assessed('http://alpha.example/a.jpg')
    const { words, rows } = await ask('http://alpha.example/b.jpg')
    expect(words).toEqual([{ word: 'http://alpha.example/b.jpg', takenFor: ['host'] }])
    expect(rows).toHaveLength(1)
  })

  it('its notice is found by our reference, its ticket number, its address and its domain', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const mail = world.server.received.at(-1)
    world.deliver(
      reply(
        mail?.from ?? '',
        [],
        ['Thank you.', 'Your ticket number is [#ABC-2024/77]. We look at it.'],
      ),
    )
    await world.takedown.collect('hindra')
    const [notice] = await world.takedown.list()
    const id = notice?.id ?? ''
    for (const [word, as] of [
      [referenceOf(id), 'ours'],
      [referenceOf(id).toLowerCase().replace('-', ''), 'ours'],
      ['ABC-2024/77', 'ticket'],
      ['[#abc-2024/77]', 'ticket'],
      ['Abuse@ALPHA.example', 'mail'],
      ['@alpha.example', 'at'],
      ['Hosting', 'provider'],
    ] as const) {
      const { rows } = await ask(word)
      expect([word, rows.filter(({ kind }) => kind === 'notice')]).toMatchObject([
        word,
        [
          {
            kind: 'notice',
            id,
            as: [as],
            url: 'http://alpha.example/1.jpg',
            caseId: notice?.caseId,
          },
        ],
      ])
    }
  })
})

describe('when whoever objected rings', () => {
  it('the objection is found by the reference of its answer, their address and their ticket', async () => {
    const caseId = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const mail = world.server.received.at(-1)
    const said = ['We object: it is a family picture.', 'Our case number is LEGAL-4711.']
    world.deliver(reply(mail?.from ?? '', [], said))
    await world.takedown.collect('hindra')
    const [notice] = await world.takedown.list()
    const noticeId = notice?.id ?? ''
    const replies = await world.takedown.replies(noticeId)
    const replyId = replies[0]?.id ?? ''
    const objection = await world.transact((tx) =>
      world.takedown.objections.add(tx, 'ann', { noticeId, replyId, objector: 'host' }),
    )
    const byPhone = await world.transact((tx) =>
      world.takedown.objections.add(tx, 'ann', {
        caseId,
        objector: 'uploader',
        way: 'phone',
        contact: 'eva@home.example',
        words: 'It is my own child. The police know of it, reference K-882201-26.',
      }),
    )
    const of = async (words: string, by = ANALYST) =>
      (await ask(words, by)).rows.filter(({ kind }) => kind === 'objection')
    for (const word of ['eva@home.example', '@home.example', 'K-882201-26']) {
      expect([word, await of(word)]).toMatchObject([
        word,
        [
          {
            id: byPhone.id,
            state: 'open',
            caseId,
            notice: null,
            objection: { decideBy: byPhone.decideBy, isOverdue: false, answer: null },
          },
        ],
      ])
    }
    expect(await of('LEGAL-4711')).toMatchObject([
      { id: objection.id, as: ['ticket'], notice: { id: noticeId } },
    ])
    const reference = referenceOf(byPhone.id)
    expect(await of(reference)).toMatchObject([{ id: byPhone.id, as: ['ours'] }])
    await world.transact((tx) =>
      world.takedown.objections.decide(
        ...([
          tx,
          'bo',
          byPhone.id,
          { decision: 'rejected', reason: 'It shows abuse.' },
          true,
        ] as const),
      ),
    )
    for (const word of [reference, reference.toLowerCase().replace('-', ''), 'EVA@home.example']) {
      expect([word, await of(word)]).toMatchObject([
        word,
        [
          {
            id: byPhone.id,
            state: 'rejected',
            objection: { answer: { reference, state: 'queued' } },
          },
        ],
      ])
    }
    for (const word of [reference, 'eva@home.example', 'K-882201-26']) {
      expect(await of(word, personOf('verifier'))).toEqual([])
    }
  })
})

describe('who may not see notices or tips', () => {
  it('does not learn of them', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    await world.tip({ url: 'http://alpha.example/1.jpg', reference: 'NL-17' })
    const verifier = personOf('verifier')
    const { rows, words } = await ask('alpha.example', verifier)
    expect(rows.map(({ kind, notice }) => [kind, notice])).toEqual([['case', null]])
    expect(words[0]?.takenFor).not.toContain('at')
    for (const word of ['abuse@alpha.example', '@alpha.example', 'NL-17']) {
      expect(await found(word, verifier)).toEqual([])
    }
    const asked = ask('alpha.example', personOf('crawler'))
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('what the world writes', () => {
  it.each([
    [
      'https://räksmörgås.example/å',
      ['räksmörgås.example', 'RÄKSMÖRGÅS.example.', 'xn--rksmrgs-5wao1o.example'],
    ],
    ['https://host.example/b%C3%A5t/p%C3%A5sk.jpg', ['båt', 'B%C3%85T', 'påsk.jpg', 'påsk']],
    ['https://host.example/%E5%/x', ['%E5%']],
    ['http://192.0.2.7/u', ['192.0.2.7', '192[.]0[.]2[.]7']],
    ['http://[2001:db8::1]/u', ['http://[2001:db8::1]/u', 'http://[2001:db8::1]/']],
  ])('%s is found however it is written', async (url, words) => {
    const id = await world.tip({ url })
    for (const word of words) expect([word, await found(word)]).toEqual([word, [`tip ${id}`]])
  })

  it('a reference is found by its words, with the letters that it has', async () => {
    const id = await world.tip({
      url: 'https://host.example/1',
      reference: 'Ärende 2026/ÅÄÖ-7 (bråd)',
    })
    for (const words of ['ärende', 'ÄRENDE 2026/åäö-7', '(bråd)', 'ärende bråd host.example']) {
      expect([words, await found(words)]).toEqual([words, [`tip ${id}`]])
    }
    expect(await found('ärende annan')).toEqual([])
  })

  it('an address keeps its plus', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    const [notice] = await world.takedown.list()
    await world.transact((tx) =>
      world.takedown.setAside(tx, 'p', notice?.id ?? '', 'test').catch(() => undefined),
    )
    expect(await found('abuse+x@alpha.example')).toEqual([])
  })
})

describe('an enemy', () => {
  it('who reads the disk finds no host, path, reference or address in what finds records', async () => {
    await world.assessed('http://alpha.example/veryspecialpath/q.jpg')
    await world.run()
    await world.tip({ url: 'https://secrethost.example/otherpath', reference: 'REF-SPECIAL-9' })
    await world.finder()
    const keys: string[] = []
    await world.transact(async (tx) => {
      for (const kind of ['case', 'notice', 'tip', 'item']) {
        for await (const { key, value } of tx.range({ prefix: [`${kind}-found`] })) {
          keys.push(key.map(String).join(' '))
          expect(value).toHaveLength(0)
        }
      }
    })
    expect(keys.length).toBeGreaterThan(10)
    for (const key of keys) expect(key).toMatch(/^[a-z]+-found [0-9a-f]{32} [0-9a-f-]{36}$/)
    const text = storedText(world.context.directory).toLowerCase()
    for (const word of ['veryspecialpath', 'secrethost', 'ref-special-9', 'abuse@alpha']) {
      expect(text).not.toContain(word)
    }
  })

  it('is told what is wrong with too much', async () => {
    const refused = { code: 'INVALID_INPUT', field: 'words' }
    await expect(ask('a'.repeat(9_000))).rejects.toMatchObject(refused)
    await expect(ask('a b c d e f g h i')).rejects.toMatchObject(refused)
    await expect(ask(' \t ')).rejects.toMatchObject(refused)
    for (const word of [
      '['.repeat(8_000),
      '%'.repeat(8_000),
      '@'.repeat(8_000),
      '/'.repeat(8_000),
    ]) {
      expect(await found(word)).toEqual([])
    }
    await expect(ask(`http://a:b@host.example/`)).rejects.toMatchObject({ code: 'URL_INVALID' })
  })

  it('who asks after what everything has gets pages, newest first, and each row once', async () => {
    const ids: string[] = []
    for (let place = 0; place < 7; place += 1) {
      ids.push(await world.tip({ url: `https://host.example/common/${place}` }))
    }
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const { rows, next } = await ask('host.example common', ANALYST, 3, after)
      seen.push(...rows.map(({ id }) => id))
      if (next === null) break
      after = next
    }
    expect(seen).toEqual(ids.reverse())
  })
})

describe('what was there before it could be found', () => {
  it('is taken in, by the numbers of those who answered too, and said to be missing until then', async () => {
    const caseId = await world.assessed('http://alpha.example/old.jpg')
    await world.run()
    const mail = world.server.received.at(-1)
    world.deliver(reply(mail?.from ?? '', [], ['Ärendenummer: DNR-5511']))
    await world.takedown.collect('hindra')
    const tipId = await world.tip({ url: 'http://alpha.example/old.jpg' })
    await world.transact(async (tx) => {
      for (const kind of ['case', 'notice', 'tip', 'item']) {
        for await (const { key } of tx.range({ prefix: [`${kind}-found`] })) tx.delete(key)
      }
      for await (const { key } of tx.range({ prefix: ['system', 'find-old'] })) tx.delete(key)
      tx.delete(['system', 'find-old'])
    })
    const finder = await world.finder()
    await finder.takeIn()
    expect(finder.areLeft()).toBe(false)
    const [notice] = await world.takedown.list()
    expect((await found('old.jpg')).sort()).toEqual([`case ${caseId}`, `tip ${tipId}`])
    expect(await found('dnr-5511')).toEqual([`notice ${notice?.id ?? ''}`])
  })

  it('and what is erased is found no more', async () => {
    const id = await world.assessed('http://alpha.example/gone.jpg')
    await world.run()
    await world.transact(async (tx) => {
      await world.takedown.eraseForCase(tx, id)
      await world.cases.erase(tx, id)
    })
    for (const word of ['gone.jpg', 'alpha.example', 'abuse@alpha.example']) {
      expect(await found(word)).toEqual([])
    }
    await world.transact(async (tx) => {
      for (const kind of ['case', 'notice']) {
        for await (const { key } of tx.range({ prefix: [`${kind}-found`] })) {
          throw new Error(`${key.join(' ')} is left`)
        }
      }
    })
  })
})
