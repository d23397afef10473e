import type { IccamView } from '../../src/iccam/index.ts'
import { ACTIONS, CLASSES, type HeldContent } from '../simulation/iccam/holdings.ts'
import type { IccamWorld } from './world.ts'

/** A case of ours, and what it ever was. */
export interface PlayedCase {
  readonly id: string
  everRemoved: boolean
  everLegal: boolean
}

const ACTION_OF = Object.fromEntries(
  Object.entries(ACTIONS).map(([name, code]) => [name, code]),
) as Readonly<Record<string, number>>
const CLASS_OF: Readonly<Record<string, number>> = CLASSES
/** Which kind of act a path is of, by its end. */
const KINDS: Readonly<Record<string, string>> = {
  assessment: 'assessment',
  hosting: 'hosting',
  'assigned-country': 'assigned-country',
  'hotline-reference': 'reference',
  actions: 'action',
  reports: 'report',
}

function contentOf(entry: IccamView, contents: readonly HeldContent[]): HeldContent | undefined {
  return contents.find(
    ({ id, hotlineReference, reportedBy }) =>
      String(id) === entry.contentId ||
      (entry.noticeId !== null && reportedBy === 'SE' && hotlineReference === entry.noticeId),
  )
}

/** Whether ICCAM holds, or held, what an act says. */
export function isHeld(entry: IccamView, words: string, contents: readonly HeldContent[]): boolean {
  const content = contentOf(entry, contents)
  if (content === undefined) return false
  const [kind = '', value = ''] = words.split(' ')
  switch (kind) {
    case 'report':
      return true
    case 'assessment':
      return content.assessments.some(({ classification }) => classification === CLASS_OF[value])
    case 'action':
      return content.actions.some(
        ({ actionType, country }) => actionType === ACTION_OF[value] && country === 'SE',
      )
    case 'reference':
      return content.hotlineReference === entry.id
    case 'assigned-country':
      return content.assignedCountryCode === value
    default:
      return content.hostingCountryCode === value
  }
}

/** Whether ICCAM took it of us, by its own log: for a place, which others may have changed since. */
export function isTaken(
  { contentId, acts }: IccamView,
  words: string,
  writes: readonly { readonly id: number | null; readonly path: string }[],
): boolean {
  const [kind = ''] = words.split(' ')
  const taken = writes.filter(({ id, path }) => {
    return String(id) === contentId && KINDS[path.split('/').at(-1) ?? ''] === kind
  })
  const known = acts.filter(({ said, state }) => state === 'done' && said.split(' ')[0] === kind)
  return taken.length > known.length
}

/** What our record says that ICCAM took, and what it says that ICCAM holds. */
function compare(entries: readonly IccamView[], contents: readonly HeldContent[]): string[] {
  const found: string[] = []
  for (const entry of entries) {
    const content = contentOf(entry, contents)
    for (const act of entry.acts) {
      const isPlace = act.said.startsWith('hosting') || act.said.startsWith('assigned')
      // Others may have changed a place since.
      if (act.state === 'done' && !isPlace && !isHeld(entry, act.said, contents)) {
        found.push(`${entry.id}: ${act.said} is said to be done, and ICCAM does not hold it`)
      }
    }
    if (['unsure', 'asks'].includes(entry.state)) found.push(`${entry.id} is ${entry.state}`)
    if (entry.held === null || content === undefined || !isShown(content)) continue
    const ours = [
      entry.held.assigned,
      entry.held.classification,
      entry.held.hostingCountry,
      [...entry.held.actions].sort().join(','),
    ].join('; ')
    const theirs = [
      content.assignedCountryCode,
      nameOf(CLASS_OF, content.assessments.at(-1)?.classification),
      content.hostingCountryCode,
      content.actions
        .map(({ actionType }) => nameOf(ACTION_OF, actionType) ?? '')
        .sort()
        .join(','),
    ].join('; ')
    if (ours !== theirs) found.push(`${entry.id}: we hold ${ours}, and ICCAM ${theirs}`)
  }
  return found
}

function isShown({ actions, assessments, assignedCountryCode, reportedBy }: HeldContent): boolean {
  if (assignedCountryCode !== 'SE' && reportedBy !== 'SE') return false
  const last = actions.filter(({ country }) => country === assignedCountryCode)
  const isClosed = last.some(({ actionType }) => actionType === 0 || actionType === 6)
  return assessments.length === 0 || !isClosed
}

function nameOf(codes: Readonly<Record<string, number>>, code: number | undefined): string | null {
  return Object.entries(codes).find(([, one]) => one === code)?.[0] ?? null
}

/** What ICCAM took of our program, and our record does not know. */
function unknownWrites(world: IccamWorld, entries: readonly IccamView[]): string[] {
  const known = new Map<string, number>()
  for (const { contentId, acts } of entries) {
    for (const { said, state } of acts) {
      if (state !== 'done') continue
      const kind = said.split(' ')[0] ?? ''
      const key = kind === 'report' ? kind : `${contentId ?? ''} ${kind}`
      known.set(key, (known.get(key) ?? 0) + 1)
    }
  }
  const found: string[] = []
  for (const { path } of world.fake.writes()) {
    const parts = path.split('/')
    const kind = KINDS[parts.at(-1) ?? ''] ?? ''
    const key = kind === 'report' ? kind : `${parts[2] ?? ''} ${kind}`
    const left = (known.get(key) ?? 0) - 1
    known.set(key, left)
    if (left < 0) found.push(`ICCAM took ${path}, and our record does not know it`)
  }
  return found
}

/** What our program said that was never so. */
async function untrue(
  world: IccamWorld,
  entries: readonly IccamView[],
  cases: readonly PlayedCase[],
): Promise<string[]> {
  const found: string[] = []
  const references = new Set<string>()
  for (const { method, path, body, id } of world.fake.writes()) {
    const said = JSON.parse(body) as { actionType?: number; hotlineReference?: string }
    if (method === 'POST' && path.endsWith('reports')) {
      const reference = said.hotlineReference ?? ''
      if (references.has(reference)) found.push(`reported twice: ${reference}`)
      references.add(reference)
    }
    if (!path.endsWith('actions')) continue
    const entry = entries.find(({ contentId }) => contentId === String(id))
    const known = cases.filter((one) => entry?.caseIds.includes(one.id))
    if (said.actionType === ACTIONS.removed && !known.some(({ everRemoved }) => everRemoved)) {
      found.push(`${path}: removed is said of what never was`)
    }
    if (said.actionType === ACTIONS.notIllegal && !known.some(({ everLegal }) => everLegal)) {
      found.push(`${path}: not illegal is said of what never was assessed so`)
    }
  }
  for (const { noticeId, acts } of entries) {
    if (noticeId === null) continue
    const isDone = acts.some(({ said, state }) => said === 'report' && state === 'done')
    const { sentAt } = await world.takedown.get(noticeId)
    if (isDone !== (sentAt !== null))
      found.push(`notice ${noticeId}: its state is not the report’s`)
  }
  return found
}

/** Where what we hold of ICCAM is not what it holds, or something was said that was never so. */
export async function differencesOf(
  world: IccamWorld,
  entries: readonly IccamView[],
  cases: readonly PlayedCase[],
): Promise<readonly string[]> {
  return [
    ...compare(entries, world.fake.holdings.contents()),
    ...unknownWrites(world, entries),
    ...(await untrue(world, entries, cases)),
  ]
}
