import { allows, assertApart, type People, type Principal } from '../access/index.ts'
import {
  type AssessmentInput,
  type Case,
  type Cases,
  circumstancesOf,
  isWaiting,
  type Panel,
  type PanelWord,
} from '../cases/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Tip, Tips } from '../intake/index.ts'
import { type Context, type Transaction, unlessGone } from '../store/index.ts'
import type { BlindSamples } from './blind-samples.ts'
import type { EntryAssessments } from './entry-assessments.ts'
import type { AssessmentView, PanelDetail, PanelView } from './assessment.ts'
import type { Questions } from './questions.ts'

const PAGE_ROWS = 100
const SAME =
  'the second and the third assessment are of other people than those before, and not of whom one of them made a principal'

/** What one assessment came to: a case, of one person or of several, or what several said that opens none, or not yet. */
export type PanelStep =
  | (Following & { readonly entry: Case; readonly panel?: Panel })
  | (Following & { readonly entry?: never; readonly panel: Panel })

interface Following {
  /** Items that two equal assessments verified; absent where there are none. */
  readonly verified?: readonly string[]
}

/** Where what is assessed waits for another person. Nobody learns what was said before all have said theirs. */
export interface PanelDesk {
  /**
   * One assessment of a URL: opens the case where one person is enough, where the second is equal, where it is the third,
   * or a child is in danger now. Throws SAME_PERSON, and as `Cases.openFromAssessment`.
   *
   * @param panelId Which is meant to wait there; throws CONFLICT where it does not wait any more
   */
  give(tx: Transaction, by: Principal, input: AssessmentInput, panelId?: string): Promise<PanelStep>
  /** What waits for an assessment that this person may give, oldest first; `mine`: what waits for others after theirs. */
  waiting(
    by: Principal,
    page: { readonly after?: string; readonly limit?: number; readonly mine?: boolean },
  ): Promise<readonly PanelView[]>
  /** The panel as whoever asks may see it. Throws NOT_FOUND. */
  panel(by: Principal, panelId: string): Promise<PanelDetail>
  view(panel: Panel): Promise<PanelView>
  /** The first author's word is as if never given; it stays on record. Throws NOT_FOUND, CONFLICT. */
  withdraw(by: Principal, panelId: string, reason: string): Promise<PanelView>
  /** Throws CONFLICT where an assessment of the tip's URL waits: one person would end what takes two. */
  refuseDismissal(tx: Transaction, tip: Pick<Tip, 'url'>): Promise<void>
  /** Whether this person has assessed already what waits for another at the tip's URL. */
  hasAssessed(tx: Transaction, by: Principal, tip: Pick<Tip, 'url'>): Promise<boolean>
}

export function createPanelDesk({
  store,
  clock,
  cases,
  access,
  tips,
  questions,
  entryAssessments,
  blindSamples,
}: Pick<Context, 'store' | 'clock'> & {
  readonly cases: Pick<Cases, 'panels' | 'samples' | 'openFromAssessment' | 'checkAssessment'>
  readonly access: Pick<People, 'pseudonyms' | 'behind' | 'addedBy'>
  readonly tips: Pick<Tips, 'read' | 'dismiss' | 'release' | 'markAssessed'>
  readonly questions: Pick<Questions, 'second'>
  readonly entryAssessments: Pick<EntryAssessments, 'afterPanel'>
  readonly blindSamples: BlindSamples
}): PanelDesk {
  const { panels } = cases
  const rules = questions.second

  async function give(
    tx: Transaction,
    by: Principal,
    input: AssessmentInput,
    panelId?: string,
  ): Promise<PanelStep> {
    const { classification, circumstances = {} } = input
    const before = await panels.at(tx, input.url)
    if (panelId !== undefined && before?.id !== panelId) {
      throw new HindraError(
        'CONFLICT',
        { says: 'second-none' },
        {
          field: 'panelId',
        },
      )
    }
    const isUrgent = circumstances.inDangerNow === true && classification !== 'Ignore'
    if (before === undefined && (isUrgent || rules.cases[classification] === 'one')) {
      const entry = await cases.openFromAssessment(tx, by.id, input)
      const said = { by: by.id, said: classification, reason: input.reason }
      const drawn = { kind: 'assessment', caseId: entry.id, ...said } as const
      await cases.samples.draw(tx, drawn, blindSamples.assessment)
      return { entry }
    }
    if (!isUrgent) await assertOther(tx, by, before)
    await cases.checkAssessment(tx, input)
    const panel = await panels.give(tx, by.id, input, rules, isUrgent)
    if (!isWaiting(panel)) {
      const step = await ended(tx, by, input, panel)
      const verified = await entryAssessments.afterPanel(tx, step.panel ?? panel)
      return verified.length === 0 ? step : { ...step, verified }
    }
    for (const url of [input.url, input.pageUrl]) {
      if (url !== undefined) await tips.release(tx, by, url)
    }
    return { panel }
  }

  /** All has been said: what the last one says follows at once. */
  async function ended(
    tx: Transaction,
    by: Principal,
    input: AssessmentInput,
    panel: Panel,
  ): Promise<PanelStep> {
    if (input.classification === 'Ignore') {
      for (const tip of await tipsAt(tx, panel)) {
        const isDone = tip.status === 'new' && !(await isAwaited(tx, tip))
        if (isDone) await tips.dismiss(tx, by, tip.id, input.reason, 'not-illegal')
      }
      return { panel: await panels.settle(tx, by.id, panel.id, null) }
    }
    const { pageUrl = panel.pageUrl } = input
    const entry = await cases.openFromAssessment(
      ...([tx, by.id] as const),
      {
        ...input,
        ...(pageUrl === null ? {} : { pageUrl }),
        circumstances: circumstancesOf(panel.words),
      },
      panel,
    )
    for (const { id, status, caseId, caseIds = [] } of await tipsAt(tx, panel)) {
      // Of a page that somebody told of, each media has a case of its own.
      const others = status === 'assessed' ? [caseId ?? [], caseIds].flat() : []
      await tips.markAssessed(tx, by, id, [...new Set([...others, entry.id])])
    }
    return { entry, panel: await panels.settle(tx, by.id, panel.id, entry.id) }
  }

  /** Retention may have erased one while it waited. */
  async function tipsAt(tx: Transaction, panel: Panel): Promise<readonly Tip[]> {
    const found: Tip[] = []
    for (const id of tipsOf(panel))
      found.push(...[(await unlessGone(tips.read(tx, id))) ?? []].flat())
    return found
  }

  /** Whether something else that the tip tells of waits for another person. */
  async function isAwaited(tx: Transaction, { id }: Tip): Promise<boolean> {
    for await (const panel of panels.waiting(tx)) if (tipsOf(panel).includes(id)) return true
    return false
  }

  /** Throws SAME_PERSON. */
  async function assertOther(tx: Transaction, by: Principal, before: Panel | undefined) {
    // Of a machine that nobody owns nobody knows who would be another person.
    if (before === undefined && (await access.behind(tx, by.id)).length === 0) {
      throw new HindraError('SAME_PERSON', `${SAME}: nobody answers for the machine that assesses`)
    }
    for (const word of before?.words ?? []) {
      await assertApart(tx, access, { first: word.by, second: by.id }, SAME)
    }
  }

  async function mayGive(tx: Transaction, by: Principal, panel: Panel): Promise<boolean> {
    try {
      await assertOther(tx, by, panel)
      return true
    } catch (error) {
      if (error instanceof HindraError && error.code === 'SAME_PERSON') return false
      throw error
    }
  }

  async function view(panel: Panel): Promise<PanelView> {
    const { id, state, url, pageUrl, caseId, openedAt, endedAt } = panel
    const openedMs = Date.parse(openedAt)
    const untilMs = endedAt === null ? clock.now() : Date.parse(endedAt)
    return {
      id,
      state,
      url,
      pageUrl,
      caseId,
      tipIds: tipsOf(panel),
      since: isoTime(openedMs - (openedMs % HOUR_MS)),
      hours: Math.floor((untilMs - openedMs) / HOUR_MS),
      assessments: isWaiting(panel) ? [] : await wordsOf(panel),
    }
  }

  async function wordsOf({ id: panelId, caseId, words }: Panel): Promise<AssessmentView[]> {
    const authors = words.map(({ by }) => by)
    const pseudonyms = await store.transact((tx) => access.pseudonyms(tx, authors))
    return words.map(({ id, by, at, tipId, classification, reason, answers }, index) => ({
      id,
      caseId,
      tipId,
      classification,
      reason,
      by,
      at,
      answers,
      panel: { id: panelId, number: index + 1 },
      assessor: pseudonyms.get(by) ?? null,
    }))
  }

  async function waitingFor(
    by: Principal,
    { after, limit = PAGE_ROWS, mine = false }: Parameters<PanelDesk['waiting']>[1],
  ): Promise<readonly Panel[]> {
    return store.transact(async (tx) => {
      const found: Panel[] = []
      for await (const panel of panels.waiting(tx, after)) {
        if (found.length >= limit) break
        const isMeant = mine ? isOf(by, panel.words) : await mayGive(tx, by, panel)
        if (isMeant) found.push(panel)
      }
      return found
    })
  }

  return {
    give,
    view,
    waiting: async (by, page) => Promise.all((await waitingFor(by, page)).map(view)),
    async panel(by, panelId) {
      const { panel, ...may } = await store.transact(async (tx) => {
        const found = await panels.read(tx, panelId)
        const isAllowed = isWaiting(found) && allows(by, 'assess')
        return {
          panel: found,
          given: isOf(by, found.words),
          mayGive: isAllowed && (await mayGive(tx, by, found)),
        }
      })
      return { ...(await view(panel)), ...may }
    },
    withdraw: async (by, panelId, reason) =>
      view(await store.transact((tx) => panels.withdraw(tx, by.id, panelId, reason))),
    async refuseDismissal(tx, { url }) {
      if (url === undefined || (await panels.at(tx, url)) === undefined) return
      const message = { says: 'second-waits' } as const
      throw new HindraError('CONFLICT', message)
    },
    async hasAssessed(tx, by, { url }) {
      const panel = url === undefined ? undefined : await panels.at(tx, url)
      return panel !== undefined && !(await mayGive(tx, by, panel))
    },
  }
}

function tipsOf({ words }: Panel): readonly string[] {
  return [...new Set(words.flatMap(({ tipId }) => tipId ?? []))]
}

function isOf({ id }: Principal, words: readonly PanelWord[]): boolean {
  return words.some(({ by }) => by === id)
}
