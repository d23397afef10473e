import { allows, type Permission, type Principal } from '../access/index.ts'
import { type RefusalSentence, refusalText } from '../errors.ts'
import {
  type Entry,
  type Eyes,
  type Item,
  type ItemAction,
  type List,
  obstacleToRetract,
  obstacleToVerify,
  type RetractionPolicy,
  stepsFrom,
} from '../register/index.ts'

/** Something that can be done with an item now, by whoever may. */
export interface PossibleAction {
  readonly action: Exclude<ItemAction, 'propose' | 'quarantine' | 'feedback' | 'refresh'>
  /** Null where it concerns the whole item. */
  readonly entryId: string | null
  readonly list: string | null
  /** Why whoever asks cannot do it; null for who can. */
  readonly butNotYou: string | null
  /** The same in no language. */
  readonly said: RefusalSentence | null
  /** The code that they would be refused with; null for who can. */
  readonly code: 'FORBIDDEN' | 'SAME_PERSON' | 'ASSESSMENTS_MISSING' | null
}

/** What keeps somebody from an act: its code, and what that says of it. */
interface Kept {
  readonly code: NonNullable<PossibleAction['code']>
  readonly message: RefusalSentence
}

const NEEDS: Readonly<Record<PossibleAction['action'], Permission>> = {
  verify: 'item:verify',
  dispute: 'item:verify',
  retract: 'item:retract',
  disable: 'item:verify',
  enable: 'item:verify',
  release: 'item:verify',
  join: 'item:verify',
  part: 'item:verify',
  group: 'item:propose',
}

/** The rules that say who may do what alone. */
export interface PossibleUnder {
  readonly lists: ReadonlyMap<string, Pick<List, 'fourEyes'>>
  readonly retraction: RetractionPolicy
  /** The eyes of who asks, of who proposed and of who disputed. */
  readonly eyes: ReadonlyMap<string, Eyes>
  /** What assessments are missing that the house demands, by the ids of entries. */
  readonly missing: ReadonlyMap<string, RefusalSentence>
}

/** What can become of the item, and what keeps the asking person from it. */
export function possibleActions(
  by: Principal,
  item: Item,
  { lists, retraction, eyes, missing }: PossibleUnder,
  now: string,
): readonly PossibleAction[] {
  const ofEntries = item.entries
    .filter(({ status }) => status !== 'retracted')
    .flatMap((entry) => actionsOf(entry).map((action) => possible(action, entry)))
  if (ofEntries.length === 0) return []
  const whole: readonly PossibleAction['action'][] = [
    ...(item.quarantinedAt === null ? [] : (['release'] as const)),
    'join',
    ...(item.joined.length === 0 ? [] : (['part'] as const)),
    'group',
  ]
  return [...ofEntries, ...whole.map((action) => possible(action))]

  function actionsOf({ status, disabledUntil }: Entry): readonly PossibleAction['action'][] {
    const isDisabled = disabledUntil !== null && disabledUntil > now
    return [...stepsFrom(status), isDisabled ? 'enable' : 'disable']
  }

  function possible(action: PossibleAction['action'], entry?: Entry): PossibleAction {
    const place = { entryId: entry?.id ?? null, list: entry?.list ?? null }
    const kept = obstacle(action, entry)
    if (kept === undefined) return { action, ...place, butNotYou: null, said: null, code: null }
    const { code, message } = kept
    return { action, ...place, butNotYou: refusalText(message), said: message, code }
  }

  function obstacle(action: PossibleAction['action'], entry?: Entry): Kept | undefined {
    const permission = NEEDS[action]
    if (!allows(by, permission)) {
      return { code: 'FORBIDDEN', message: { says: 'needs-permission', permission } }
    }
    if (entry === undefined) return undefined
    if (action === 'retract') {
      const { status, disputedBy = null } = entry
      const disputing = disputedBy === null ? [] : [disputedBy, ...eyesOf(disputedBy)]
      const retracting = { id: by.id, eyes: eyesOf(by.id) }
      return obstacleToRetract(retraction, retracting, { status, disputedBy: disputing })
    }
    if (action !== 'verify') return undefined
    const list = lists.get(entry.list) ?? { fourEyes: true }
    const { proposedBy, confirmedBy = null } = entry
    const proposed = { proposedBy: eyesOf(proposedBy), confirmedBy }
    const lacking = missing.get(entry.id)
    const unassessed =
      lacking === undefined
        ? undefined
        : ({ code: 'ASSESSMENTS_MISSING', message: lacking } as const)
    return obstacleToVerify(by, proposed, list) ?? unassessed
  }

  function eyesOf(id: string): Eyes {
    return eyes.get(id) ?? [id]
  }
}
