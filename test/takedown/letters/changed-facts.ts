import { defined } from '../../../src/core/index.ts'
import type { CurrentHold } from '../../../src/takedown/index.ts'
import type { Showing } from '../../../src/match/index.ts'
import {
  type HostTold,
  type LetterFacts,
  picturesAmong,
} from '../../../src/takedown/letters/facts.ts'
import { UNCONFIRMED } from '../../../src/takedown/letters/samples.ts'
import type { LetterWriter } from '../../../src/takedown/letters/writer.ts'

/** The facts as Hindra ships: no lawyer has put a name to anything that letters could cite. */
export function asShipped(facts: LetterFacts): LetterFacts {
  return { ...facts, ...UNCONFIRMED }
}

export function nameOf({ role, matter, step, language }: LetterFacts): string {
  return `${language} ${role} ${matter} ${step}`
}

/** One letter below a title, as it stands in `rendered`. */
export function shownAs(writer: LetterWriter, title: string, facts: LetterFacts): string {
  const { subject, body } = writer.write(facts)
  return `${'='.repeat(76)}\n${title}\n${'='.repeat(76)}\nSubject: ${subject}\n\n${body}`
}

/** Facts that choose a letter, or how it is written, and are not said as such. */
export const SILENT = [
  ...['role', 'step', 'rung', 'language', 'timeZone', 'composedAt', 'urlForm', 'policeAgreedAt'],
  ...['notices', 'notices.caseId', 'notices.step', 'notices.reminds', 'notices.correction'],
  // What is shown says whether it was known.
  'notices.basis',
  ...['notices.account', 'notices.judgedBy', 'notices.hostToldAt', 'notices.noticeId'],
]

/** The sample, and what else its kind may say. */
export function variantsOf(facts: LetterFacts): readonly { title: string; facts: LetterFacts }[] {
  const title = `${facts.matter}, ${facts.step}`
  const variants = [{ title, facts }]
  const add = (what: string, change: Partial<LetterFacts>) =>
    variants.push({ title: `${title}; ${what}`, facts: { ...facts, ...change } })
  const isFirst = facts.step === 'first'
  const asShowing = (...shown: readonly Showing[]) => ({
    pictures: picturesAmong(shown),
    notices: shown.flatMap((one) =>
      facts.notices.slice(0, 1).map((line) => ({ ...line, shown: one })),
    ),
  })
  const tellsOfMedia = ['first', 'reminder', 'came-back', 'escalation'].includes(facts.step)
  if (facts.matter === 'media' && tellsOfMedia) {
    add('a picture from a film', asShowing({ extent: 'frame', moments: [] }))
  }
  if (facts.role === 'host' && facts.matter === 'media' && isFirst) {
    add(
      'of films',
      asShowing(
        {
          extent: 'piece',
          moments: [
            { from: 3, to: 8.4 },
            { from: 71.6, to: 3_605 },
          ],
        },
        { extent: 'piece', moments: [] },
        { extent: 'still', moments: [{ from: 12, to: 12 }] },
        { extent: 'frame', moments: [{ from: 0, to: 0 }] },
      ),
    )
  }
  if (facts.role === 'objector' && facts.matter === 'media') {
    add('of a picture from a film', { pictures: 'all' })
  }
  if (isFirst) add('own request', { ownRequest: true })
  if (facts.tip !== null) {
    add('in danger now, little is known', {
      childInDanger: true,
      municipality: null,
      telephone: null,
      tip: { ...facts.tip, seenIn: null, country: null, earlierAt: null, lines: ['X'] },
    })
  }
  if (isFirst && facts.matter === 'account') add('in danger now', { childInDanger: true })
  if (isFirst && ['police', 'social-services'].includes(facts.role) && facts.matter === 'media') {
    add('in danger now', { childInDanger: true })
  }
  if (isFirst && facts.role === 'social-services') {
    add('no telephone, police not told', { telephone: null, policeToldAt: null })
  }
  if (isFirst && facts.role === 'police' && facts.matter === 'media') {
    add('nothing waits', {
      hold: null,
      telephone: null,
      notices: facts.notices.map((line) => ({ ...line, hostTold: null })),
    })
    add('host told, no word', {
      hold: {
        hostToldAt: '2026-11-28T09:12:44.318Z',
        timeZone: 'Europe/Stockholm',
        replyWord: null,
      },
      notices: facts.notices.map((line, n) => ({
        ...line,
        hostTold: {
          name: line.host,
          when: n === 0 ? 'told' : 'later',
          at: '2026-11-25T09:00:00.000Z',
        },
      })),
    })
  }
  if (
    ['host', 'platform', 'proxy'].includes(facts.role) &&
    facts.matter === 'media' &&
    ['first', 'reminder', 'came-back'].includes(facts.step)
  ) {
    add('class National abroad, no XARF', {
      unlawfulThere: false,
      laws: [],
      attached: ['ARF'],
      notices: facts.notices.map((line) => ({ ...line, classification: 'National' })),
    })
  }
  if (isFirst && facts.role === 'host' && facts.matter === 'media') {
    add('no machine-readable part', { attached: [] })
    add('a film in another file', {
      notices: facts.notices.map((line) => ({ ...line, samePictures: true })),
    })
    add('by form', { byForm: true })
    add('notifier not named', { organisation: null, contact: null, telephone: null })
    add('addresses on request', { urlForm: 'portal', attached: [] })
  }
  if (facts.step === 'correction') {
    for (const why of ['not-illegal', 'wrong-address', 'item-retracted'] as const) {
      add(why, { takenBack: why, othersTold: why === 'not-illegal' ? 1 : 0 })
    }
  }
  if (facts.step === 'confirmation') {
    const now = (holdNow: Partial<CurrentHold>, hostTold: HostTold | null = null) => ({
      notices: facts.notices.map((line) => ({
        ...line,
        hostTold,
        holdNow: line.holdNow && { ...line.holdNow, theirNumber: null, ...holdNow },
      })),
    })
    const asked = { until: '2026-11-29T09:12:44.318Z', askedUntil: '2026-11-30T09:12:44.318Z' }
    const told = { name: 'X', when: 'told', at: '2026-11-25T09:00:00.000Z' } as const
    add('let go', now({ state: 'free', until: null }))
    add('let go and told, no telephone', {
      ...now({ state: 'free', until: null }, told),
      telephone: null,
    })
    add('longer than one person may, asked for', now({ ...asked, asked: 'wait' }))
    add('forbidden, asked for', now({ asked: 'forbid' }))
    add('forbidden', now({ state: 'forbidden', until: null }))
    add('forbidden, to be lifted', now({ state: 'forbidden', until: null, asked: 'release' }))
  }
  const { objection } = facts
  if (objection !== null && facts.matter === 'media') {
    add('a host objects, to no letter', {
      objection: { ...objection, by: 'host', noticeReference: null, noticeSentAt: null },
    })
    add('nobody was told, the answer goes by hand', {
      byForm: true,
      objection: { ...objection, wasTold: false, reasons: ['One.', 'Two.'] },
    })
  }
  if (facts.step === 'escalation' && facts.role !== 'site-owner') {
    add('host could not be reached', {
      table: facts.table.map((row) => ({ ...row, lastRemindedAt: null, answers: 2 })),
      notices: facts.notices.map((line) => ({
        ...line,
        hostInformedAt: null,
        hostRemindedAt: null,
      })),
    })
  }
  return variants
}

export function lines({ notices }: LetterFacts): LetterFacts['notices'] {
  return notices.map((line) => ({ ...line, host: 'X' }))
}

export function timesOf(language: string): { time: string } {
  return {
    time:
      language === 'sv'
        ? '26 november 2026 kl. 10.12 svensk tid'
        : '26 November 2026 at 10:12 Swedish time',
  }
}

export function count(text: string, part: string): number {
  return text.replace(/\s+/g, ' ').split(part).length - 1
}

/**
 * The letter with one of its facts changed: turned, taken away, or another. `gone` is what may stand less often
 * then. Undefined where the fact only holds others.
 */
export function flipped(
  facts: LetterFacts,
  path: string,
): { facts: LetterFacts; gone?: string } | undefined {
  const [name = '', ...inner] = path.split('.')
  if (name === 'notices' && inner.length > 0) {
    const [field = ''] = inner
    if (inner.length > 1 || field === 'number') return undefined
    const lines = facts.notices.map((line) => change(line, field))
    const gone = lines[0]?.gone
    return {
      facts: { ...facts, notices: lines.map(({ value }) => value) },
      ...defined({ gone }),
    }
  }
  if (inner.length > 0) return undefined
  if (['role', 'matter', 'step', 'language', 'notices', 'count'].includes(name)) return undefined
  if (!(name in facts)) return undefined
  const { value, gone } = change(facts, name)
  return { facts: value, ...defined({ gone }) }
}

function change<Data extends object>(data: Data, name: string): { value: Data; gone?: string } {
  const before = Reflect.get(data, name) as unknown
  const set = (value: unknown) => ({ ...data, [name]: value })
  if (before === null) return { value: set(exampleOf(name)) }
  if (typeof before === 'boolean') return { value: set(!before) }
  if (typeof before === 'number') return { value: set(before + 1) }
  if (Array.isArray(before)) return { value: set(before.length === 0 ? ['another'] : []) }
  if (name in OTHER) return { value: set(OTHER[name]) }
  const isNullable = NULLABLE.includes(name)
  if (typeof before === 'string' && isNullable) {
    const shown = /T\d\d:/.test(before) ? undefined : before
    return { value: set(null), ...defined({ gone: shown }) }
  }
  if (typeof before === 'object') return { value: set(null) }
  const isTime = typeof before === 'string' && /T\d\d:/.test(before)
  return { value: set(isTime ? '2026-11-20T01:02:03.000Z' : 'another-word') }
}

const NULLABLE = [
  ...['organisation', 'contact', 'telephone', 'dutyHours', 'actBy', 'nextLookBy', 'policeToldAt'],
  ...[
    'policeReference',
    'municipality',
    'answer',
    'pageUrl',
    'profileId',
    'profileName',
    'country',
  ],
  ...['digitalServicesAct', 'network'],
  ...['lookedUpAt', 'hostInformedAt', 'hostRemindedAt', 'seenAgainAt', 'goneSince', 'takenBack'],
]
const OTHER: Readonly<Record<string, unknown>> = {
  classification: 'National',
  seenAgainHow: 'sighting',
  home: 'NO',
  url: 'https://another.example/',
}

function exampleOf(name: string): unknown {
  if (name === 'shown') return { extent: 'frame', moments: [] }
  if (name === 'hostTold')
    return { name: 'Another Host', when: 'told', at: '2026-11-20T01:02:03.000Z' }
  if (name === 'hold')
    return { hostToldAt: '2026-11-20T01:02:03.000Z', timeZone: 'Europe/Stockholm', replyWord: null }
  if (name === 'trustedFlagger')
    return { by: 'A', since: '2026-01-01', area: 'B', link: 'https://c.example/' }
  if (name === 'next') return { step: 'regulator', at: '2026-11-20T01:02:03.000Z' }
  if (name === 'first')
    return { reference: 'X', sentAt: '2026-11-20T01:02:03.000Z', channel: 'mail', answers: [] }
  if (name === 'country') return 'NO'
  return /At$|By$|Since$/.test(name) ? '2026-11-20T01:02:03.000Z' : 'a new word'
}
