import type { Holding, Hosting } from './content.ts'
import type { Spoken, IccamEntry, Saying } from './entries.ts'
import { type ActionName, type ClassName, CLOSING } from './terms.ts'

/** What became of the cases of a content, as far as ICCAM has words for it. */
export interface ContentFacts {
  /** Null while nobody has decided. */
  readonly classification: ClassName | null
  /** Null while it is not traced. */
  readonly hosting: Hosting | null
  /** Who was told. */
  readonly told: readonly ('police' | 'provider')[]
  readonly end: Exclude<ActionName, 'police' | 'provider'> | null
}

/**
 * What is to be said of a content next: null where that is nothing. One at a time, in the order that ICCAM demands:
 * the report, the assessment, general fields, actions. What ICCAM would refuse is not said: an assessment after an
 * action, another one of what is Baseline, an action of a country that it is not assigned to, an action twice.
 *
 * @param home Our country, ISO 3166-1 alpha-2
 */
export function nextSaying(
  { id, clear, sealed }: Pick<IccamEntry, 'id' | 'clear' | 'sealed'>,
  facts: ContentFacts,
  home: string,
): Saying | null {
  const acts = sealed.acts.filter(({ state }) => state !== 'dropped')
  const { held } = sealed
  if (held === null) {
    const isReported = acts.some(({ kind }) => kind === 'report')
    return clear.noticeId !== null && !isReported ? { kind: 'report' } : null
  }
  const assessment = assessmentOf(held, acts, facts)
  if (assessment !== null) return assessment
  if (!held.isAssessed || held.assigned !== home) return null
  if (held.actions.length === 0) {
    const field = fieldOf(held, acts, facts, id)
    if (field !== null) return field
  }
  return actionOf(held, acts, facts, home)
}

/** Ours stands once: what other people make of it afterwards is theirs, for the last assessment counts. */
function assessmentOf(
  held: Holding,
  acts: readonly Spoken[],
  { classification }: ContentFacts,
): Saying | null {
  if (classification === null || held.actions.length > 0) return null
  if (held.isAssessed && held.classification !== 'national') return null
  const last = acts.findLast(({ kind }) => kind === 'assessment')
  if (held.classification === classification) return null
  if (last?.kind === 'assessment' && last.value === classification) return null
  return { kind: 'assessment', value: classification }
}

function fieldOf(
  held: Holding,
  acts: readonly Spoken[],
  { hosting }: ContentFacts,
  id: string,
): Saying | null {
  const has = (saying: Saying) => acts.some((act) => isSame(act, saying))
  const { country = null } = hosting ?? {}
  if (hosting !== null && country !== null) {
    const placed = { kind: 'hosting', value: hosting } as const
    if (!isHostedThere(held.hosting, hosting) && !has(placed)) return placed
    const assigned = { kind: 'assigned-country', value: country } as const
    if (held.assigned !== country && !has(assigned)) return assigned
  }
  const named = { kind: 'reference', value: id } as const
  return held.reference === null && !has(named) ? named : null
}

function actionOf(
  held: Holding,
  acts: readonly Spoken[],
  { told, end, hosting }: ContentFacts,
  home: string,
): Saying | null {
  const done = held.actions.filter(({ country }) => country === home).map(({ name }) => name)
  if (CLOSING.some((name) => done.includes(name))) return null
  const isOpen = (name: ActionName) =>
    !done.includes(name) && !acts.some((act) => act.kind === 'action' && act.value === name)
  for (const name of ['police', 'provider'] as const) {
    if (told.includes(name) && isOpen(name)) return { kind: 'action', value: name }
  }
  const isElsewhere =
    hosting !== null &&
    hosting.country !== null &&
    hosting.country !== home &&
    (hosting.address !== null || hosting.provider !== null)
  const closing = end === 'moved' || (end === null && isElsewhere) ? 'moved' : end
  if (closing === null || !isOpen(closing)) return null
  if (closing !== 'moved') return { kind: 'action', value: closing }
  // Moved is new hosting in a new country, or it is not said.
  return isElsewhere ? { kind: 'action', value: closing, hosting } : null
}

/** Providers have many names: what tells one place from another is the country and the address. */
export function isHostedThere(held: Hosting, ours: Hosting): boolean {
  if (held.country !== ours.country) return false
  return ours.address === null || held.address === ours.address
}

export function isSame(one: Saying, other: Saying): boolean {
  if (one.kind === 'report' || other.kind === 'report') return one.kind === other.kind
  if (one.kind === 'hosting' && other.kind === 'hosting') {
    return isHostedThere(one.value, other.value)
  }
  return one.kind === other.kind && one.value === other.value
}

/**
 * Whether what was handed over is there, by what ICCAM shows; `unknown` where it does not show the content any more, or
 * shows what a colleague may have made of it since: to say it again would undo that. A report that it does not show has
 * not arrived: were it there after all, its reference, which is unique, has the repetition refused.
 */
export function arrivalOf(
  saying: Saying,
  shown: Holding | undefined,
  home: string,
): 'there' | 'not-there' | 'unknown' {
  if (shown === undefined) return saying.kind === 'report' ? 'not-there' : 'unknown'
  if (isThere(saying, shown, home)) return 'there'
  return canHaveGivenWay(saying, shown) ? 'unknown' : 'not-there'
}

/** Whether others can have replaced it by what is shown. An action stays, and nothing follows a Baseline. */
function canHaveGivenWay(saying: Saying, shown: Holding): boolean {
  switch (saying.kind) {
    case 'hosting':
    case 'assigned-country':
      return true
    case 'assessment':
      return shown.isAssessed && saying.value !== 'baseline'
    case 'report':
    case 'reference':
    case 'action':
      return false
  }
}

function isThere(saying: Saying, shown: Holding, home: string): boolean {
  switch (saying.kind) {
    case 'report':
      return true
    case 'assessment':
      return shown.classification === saying.value
    case 'hosting':
      return isHostedThere(shown.hosting, saying.value)
    case 'assigned-country':
      return shown.assigned === saying.value
    case 'reference':
      return shown.reference === saying.value
    case 'action':
      return shown.actions.some(({ name, country }) => name === saying.value && country === home)
  }
}

/** What ICCAM holds once it has taken that. */
export function after(held: Holding, saying: Saying, home: string): Holding {
  switch (saying.kind) {
    case 'report':
      return held
    case 'assessment':
      return { ...held, isAssessed: true, classification: saying.value }
    case 'hosting':
      return { ...held, hosting: saying.value }
    case 'assigned-country':
      return { ...held, assigned: saying.value }
    case 'reference':
      return { ...held, reference: saying.value }
    case 'action': {
      const actions = [...held.actions, { name: saying.value, country: home }]
      if (saying.hosting === undefined) return { ...held, actions }
      return { ...held, actions, hosting: saying.hosting, assigned: saying.hosting.country }
    }
  }
}
