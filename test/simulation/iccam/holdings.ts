import { isoTime } from '../../../src/core/index.ts'

/**
 * What ICCAM holds and the rules of it, written from one page alone (FIELD.md, "ICCAM v3, as a public client speaks
 * it") and never compared with the real one. Where that page is silent, this is the stricter: general fields are
 * refused before an assessment and after an action, whoever is neither assigned nor the reporter may nothing, and a
 * queue shows a hotline what is assigned to its country and what it reported itself.
 */
export const ACTIONS = {
  moved: 0,
  police: 1,
  provider: 2,
  removed: 3,
  unavailable: 4,
  notIllegal: 6,
} as const
export const CLASSES = { baseline: 1, national: 2, ignore: 4 } as const

export const QUEUES = [
  'unassessed',
  'unactioned',
  'unassigned-to-hotline',
  'orphaned',
  'offline',
  'no-reference',
] as const
export type Queue = (typeof QUEUES)[number]

export interface HeldAssessment {
  readonly assessingAnalystName: string
  readonly classification: number
}

export interface HeldAction {
  readonly actionType: number
  readonly analystName: string
  readonly reasonId?: number
  readonly country: string
}

export interface HeldHosting {
  readonly hostingCountryCode: string | null
  readonly hostingIpAddress: string | null
  readonly hostingIsp: string | null
}

export interface HeldContent extends HeldHosting {
  readonly id: number
  readonly reportId: number
  readonly urlString: string
  readonly isSourceUrl: boolean
  readonly contentType: number
  readonly memo: string | null
  readonly hotlineReference: string | null
  readonly assignedCountryCode: string | null
  /** The country of the hotline that reported it. */
  readonly reportedBy: string
  readonly reportedDate: string
  /** In order; the last one counts. */
  readonly assessments: readonly HeldAssessment[]
  readonly actions: readonly HeldAction[]
}

/** A write that is refused: the status, and the rule as the page has it. */
export class Refusal extends Error {
  readonly status: 400 | 403

  constructor(status: 400 | 403, rule: string) {
    super(rule)
    this.status = status
  }
}

const CLOSING: readonly number[] = [
  ACTIONS.moved,
  ACTIONS.removed,
  ACTIONS.unavailable,
  ACTIONS.notIllegal,
]
const GONE: readonly number[] = [ACTIONS.removed, ACTIONS.unavailable]
const ORDER = 'assess, then general fields, then actions, else errors'

type Body = Readonly<Record<string, unknown>>

export function createHoldings(now: () => number, hotlines: readonly string[]) {
  const contents = new Map<number, HeldContent>()
  const references = new Set<string>()
  let lastId = 1_000

  function need(id: number): HeldContent {
    const found = contents.get(id)
    if (found === undefined) throw new Refusal(400, 'no such content')
    return found
  }

  function change(content: HeldContent, changes: Partial<HeldContent>): HeldContent {
    const after = { ...content, ...changes }
    contents.set(content.id, after)
    return after
  }

  /** Whoever is assigned, or told of it. */
  function concerns(country: string, content: HeldContent): boolean {
    return content.assignedCountryCode === country || content.reportedBy === country
  }

  function mayWrite(country: string, content: HeldContent): void {
    if (!concerns(country, content)) throw new Refusal(403, 'neither assigned nor the reporter')
  }

  function general(country: string, id: number): HeldContent {
    const content = need(id)
    mayWrite(country, content)
    if (content.assessments.length === 0 || content.actions.length > 0)
      throw new Refusal(400, ORDER)
    return content
  }

  function assess(country: string, id: number, body: Body): void {
    const content = need(id)
    mayWrite(country, content)
    const classification = number(body, 'classification')
    if (!Object.values<number>(CLASSES).includes(classification)) {
      throw new Refusal(400, 'classification (1 baseline, 2 national, 4 ignore)')
    }
    if (content.actions.length > 0) throw new Refusal(400, 'no assessment after an action')
    if (content.assessments.at(-1)?.classification === CLASSES.baseline) {
      throw new Refusal(400, 'Baseline cannot be assessed again, national can')
    }
    const assessingAnalystName = text(body, 'assessingAnalystName')
    change(content, {
      assessments: [...content.assessments, { assessingAnalystName, classification }],
    })
  }

  function act(country: string, id: number, body: Body): void {
    const content = need(id)
    const actionType = number(body, 'actionType')
    if (!Object.values<number>(ACTIONS).includes(actionType)) throw new Refusal(400, 'actionType')
    if (content.assignedCountryCode !== country) {
      throw new Refusal(403, 'only the assigned country acts')
    }
    if (content.assessments.length === 0) throw new Refusal(400, ORDER)
    const isDone = content.actions.some(
      (done) => done.actionType === actionType && done.country === country,
    )
    if (isDone) throw new Refusal(400, 'the same action twice is refused')
    const { reasonId } = body
    if (reasonId !== undefined && !isReason(reasonId)) throw new Refusal(400, 'reasonId 1 to 21')
    const action: HeldAction = {
      actionType,
      analystName: text(body, 'analystName'),
      country,
      ...(isReason(reasonId) ? { reasonId } : {}),
    }
    const actions = [...content.actions, action]
    if (actionType !== ACTIONS.moved) {
      change(content, { actions })
      return
    }
    const hosting = hostingIn(body)
    const isElsewhere =
      hosting.hostingCountryCode !== null &&
      hosting.hostingCountryCode !== content.hostingCountryCode &&
      (hosting.hostingIpAddress !== null || hosting.hostingIsp !== null)
    if (!isElsewhere) throw new Refusal(400, 'moved = new hosting and new country')
    change(content, { actions, ...hosting, assignedCountryCode: hosting.hostingCountryCode })
  }

  return {
    contents: (): readonly HeldContent[] => [...contents.values()],
    content: (id: number): HeldContent => need(id),

    report(country: string, body: Body): { reportId: number; contents: readonly object[] } {
      text(body, 'reportingAnalystName')
      text(body, 'hotlineReceivedDate')
      const urls = list(body, 'urls')
      if (urls.length === 0) throw new Refusal(400, 'urls')
      const all = [body, ...urls].map((part) => optional(part, 'hotlineReference'))
      const given = all.filter((reference) => reference !== null)
      const taken = given.some((reference) => references.has(`${country}/${reference}`))
      if (taken || optional(body, 'hotlineReference') === null) {
        throw new Refusal(400, 'hotlineReference (unique)')
      }
      const reportId = ++lastId
      const made: HeldContent[] = []
      // All of it or nothing: what is refused leaves nothing behind.
      try {
        for (const url of urls) {
          const hosting = hostingIn(url)
          const content: HeldContent = {
            ...hosting,
            id: ++lastId,
            reportId,
            urlString: text(url, 'urlString'),
            isSourceUrl: url['isSourceUrl'] === true,
            contentType: oneOf(url, 'contentType', [1, 2]),
            memo: optional(url, 'memo'),
            hotlineReference: optional(url, 'hotlineReference'),
            assignedCountryCode: hosting.hostingCountryCode,
            reportedBy: country,
            reportedDate: isoTime(now()),
            assessments: [],
            actions: [],
          }
          contents.set(content.id, content)
          made.push(content)
          const { assessment } = url
          if (isBody(assessment)) assess(country, content.id, assessment)
          for (const action of list(url, 'actions')) act(country, content.id, action)
        }
      } catch (error) {
        for (const { id } of made) contents.delete(id)
        throw error
      }
      for (const reference of given) references.add(`${country}/${reference}`)
      const named = made.map(({ id, hotlineReference }) => ({ contentId: id, hotlineReference }))
      return { reportId, contents: named }
    },

    assess,
    act,

    hosting(country: string, id: number, body: Body): void {
      change(general(country, id), hostingIn(body))
    },

    assignedCountry(country: string, id: number, body: Body): void {
      change(general(country, id), { assignedCountryCode: text(body, 'countryCode') })
    },

    reference(country: string, id: number, body: Body): void {
      const content = general(country, id)
      const hotlineReference = text(body, 'hotlineReference')
      if (references.has(`${country}/${hotlineReference}`)) {
        throw new Refusal(400, 'hotlineReference (unique)')
      }
      references.add(`${country}/${hotlineReference}`)
      change(content, { hotlineReference })
    },

    /** A field of the report's source URL: its contents' rules hold for it. */
    sourceField(country: string, reportId: number): void {
      const [content] = [...contents.values()].filter((one) => one.reportId === reportId)
      if (content === undefined) throw new Refusal(400, 'no such report')
      general(country, content.id)
    },

    /** The oldest first. Throws where more than 200 are asked for. */
    queue(
      country: string,
      name: Queue,
      { maxResults, startDate }: { readonly maxResults: number; readonly startDate: string },
    ): readonly HeldContent[] {
      if (!(maxResults >= 1 && maxResults <= 200))
        throw new Refusal(400, 'maxResults (at most 200)')
      if (Number.isNaN(Date.parse(startDate))) throw new Refusal(400, 'a start date')
      return [...contents.values()]
        .filter((content) => isIn(name, country, content))
        .filter(({ reportedDate }) => reportedDate >= startDate)
        .slice(0, maxResults)
    },
  }

  function isIn(name: Queue, country: string, content: HeldContent): boolean {
    const { assignedCountryCode: assigned, actions, assessments } = content
    if (name === 'orphaned') return assigned === null
    if (name === 'unassigned-to-hotline') return assigned !== null && !hotlines.includes(assigned)
    if (!concerns(country, content)) return false
    const last = actions.filter((action) => action.country === assigned)
    switch (name) {
      case 'unassessed':
        return assessments.length === 0
      case 'unactioned':
        return assessments.length > 0 && !last.some((one) => CLOSING.includes(one.actionType))
      case 'offline':
        return last.some((one) => GONE.includes(one.actionType))
      case 'no-reference':
        return content.hotlineReference === null
    }
  }
}

export type Holdings = ReturnType<typeof createHoldings>

function hostingIn(body: Body): HeldHosting {
  const hostingCountryCode = optional(body, 'hostingCountryCode')
  if (hostingCountryCode !== null && !/^[A-Z]{2}$/.test(hostingCountryCode)) {
    throw new Refusal(400, 'hostingCountryCode')
  }
  return {
    hostingCountryCode,
    hostingIpAddress: optional(body, 'hostingIpAddress'),
    hostingIsp: optional(body, 'hostingIsp'),
  }
}

function isReason(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 21
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(body: Body, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '') throw new Refusal(400, field)
  return value
}

function optional(body: Body, field: string): string | null {
  const value = body[field] ?? null
  if (value !== null && (typeof value !== 'string' || value === '')) throw new Refusal(400, field)
  return value
}

function number(body: Body, field: string): number {
  const value = body[field]
  if (typeof value !== 'number') throw new Refusal(400, field)
  return value
}

function oneOf(body: Body, field: string, allowed: readonly number[]): number {
  const value = number(body, field)
  if (!allowed.includes(value)) throw new Refusal(400, field)
  return value
}

function list(body: Body, field: string): readonly Body[] {
  const value = body[field] ?? []
  if (!Array.isArray(value) || !value.every(isBody)) throw new Refusal(400, field)
  return value
}
