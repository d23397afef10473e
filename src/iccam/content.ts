import type { IccamNames } from './names.ts'
import { ACTION_NAMES, type ActionName, CLASS_NAMES, type ClassName } from './terms.ts'

const TEXT_CHARS_MAX = 10_000

export interface Hosting {
  /** ISO 3166-1 alpha-2; null where unknown. */
  readonly country: string | null
  readonly address: string | null
  readonly provider: string | null
}

/** A content as a queue of ICCAM showed it. */
export interface Holding {
  readonly id: string
  readonly url: string
  readonly reference: string | null
  readonly memo: string | null
  readonly assigned: string | null
  readonly reportedAt: string
  readonly hosting: Hosting
  /** The last assessment; null where there is none, or one of a class that the names do not know. */
  readonly classification: ClassName | null
  readonly isAssessed: boolean
  /** What was done, and by the hotline of which country. */
  readonly actions: readonly { readonly name: ActionName; readonly country: string | null }[]
}

/** Undefined for what is no content: without an id, a URL, or the time of its report. */
export function contentOf(value: unknown, names: IccamNames): Holding | undefined {
  const { content: named, assumed } = names
  const read = reader(value)
  const id = read(assumed.content.id)
  const url = text(read(named.url))
  const reportedAt = text(read(assumed.content.reportedAt))
  const isNamed = typeof id === 'number' || (typeof id === 'string' && id !== '')
  if (!isNamed || url === null || reportedAt === null || Number.isNaN(Date.parse(reportedAt))) {
    return undefined
  }
  const assessment = reader(read(named.assessment))
  const code = assessment(names.assessment.classification)
  const actions = read(named.actions)
  return {
    id: String(id),
    url,
    reference: text(read(named.reference)),
    memo: text(read(named.memo)),
    assigned: text(read(assumed.content.assigned)),
    reportedAt: new Date(reportedAt).toISOString(),
    hosting: {
      country: text(read(named.country)),
      address: text(read(named.address)),
      provider: text(read(named.provider)),
    },
    classification: CLASS_NAMES.find((name) => names.classifications[name] === code) ?? null,
    isAssessed: code !== undefined,
    actions: (Array.isArray(actions) ? actions : []).flatMap((action: unknown) => {
      const field = reader(action)
      const type = field(assumed.action.type)
      const name = ACTION_NAMES.find((one) => names.actions[one] === type)
      return name === undefined ? [] : [{ name, country: text(field(assumed.action.country)) }]
    }),
  }
}

export type FieldReader = (field: string) => unknown

/** Reads fields of what may be no object at all. */
export function reader(value: unknown): FieldReader {
  const fields = new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  )
  return (field) => fields.get(field)
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARS_MAX) : null
}
