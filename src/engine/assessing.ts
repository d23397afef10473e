import type { Principal } from '../access/index.ts'
import type { AssessmentInput, Case, Cases, Circumstances } from '../cases/index.ts'
import type { Municipalities } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Tip, Tips } from '../intake/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Danger } from './danger.ts'
import { guarded } from './guard.ts'
import type { Pages } from './pages.ts'
import type { PageAssessment } from './pages-types.ts'
import type { Engine } from './types.ts'

/** The calls by which a person says what something is, and whom it concerns. */
export function assessingCalls(parts: {
  readonly store: Store
  readonly cases: Pick<Cases, 'openFromAssessment' | 'setCircumstances' | 'read' | 'atWork'>
  readonly tips: Pick<Tips, 'read' | 'markAssessed'>
  readonly municipalities: Municipalities
  readonly danger: Pick<Danger, 'ofCase'>
  readonly pages: Pages
  /** Looks at what is there now. */
  readonly remember: (by: string, caseId: string) => Promise<boolean>
}): Pick<Engine, 'assess' | 'assessPage' | 'lookAtPage' | 'setCircumstances'> {
  const { store, cases, tips, municipalities, danger, pages, remember } = parts

  async function assess(
    by: Principal,
    { pageItself = false, ...input }: AssessmentInput & { pageItself?: boolean },
  ): Promise<Case> {
    // A case of a page would never be seen again: rechecks look for media.
    if (!pageItself && input.circumstances?.account !== true) await pages.refusePage(input.url)
    const told = placed(municipalities, input.circumstances)
    const assessed = await store.transact(async (tx) => {
      const tip = await tipOf(tx, input)
      const circumstances = { ...(tip && saidBy(tip)), ...told }
      const opened = await cases.openFromAssessment(tx, by.id, { ...input, circumstances })
      if (tip !== undefined) await tips.markAssessed(tx, by, tip.id, [opened.id])
      if (opened.circumstances.inDangerNow) await danger.ofCase(tx, by.id, opened, tip)
      return opened
    })
    // Rechecks compare with what is there now; else any media at the URL would count as present.
    await remember(by.id, assessed.id)
    return assessed
  }

  async function assessPage(
    by: Principal,
    { media, ...input }: PageAssessment,
  ): Promise<readonly Case[]> {
    const urls = media === 'all' ? (await pages.mediaOn(input.url)).map(({ url }) => url) : media
    if (urls.length === 0) {
      throw new HindraError('INVALID_INPUT', 'the page shows no media that can be read', {
        field: 'media',
      })
    }
    const told = placed(municipalities, input.circumstances)
    const { opened, all } = await store.transact(async (tx) => {
      const tip = await tipOf(tx, input)
      const circumstances = { ...(tip && saidBy(tip)), ...told }
      const found: { readonly entry: Case; readonly isNew: boolean }[] = []
      for (const url of new Set(urls)) {
        const covering = await cases.atWork(tx, url)
        const assessed = { ...input, url, pageUrl: input.url, circumstances }
        const entry = covering ?? (await cases.openFromAssessment(tx, by.id, assessed))
        found.push({ entry, isNew: covering === undefined })
        const isNews = covering === undefined && entry.circumstances.inDangerNow
        if (isNews) await danger.ofCase(tx, by.id, entry, tip)
      }
      const every = found.map(({ entry }) => entry)
      if (tip !== undefined) {
        await tips.markAssessed(
          ...([tx, by, tip.id] as const),
          every.map(({ id }) => id),
        )
      }
      return { all: every, opened: found.filter(({ isNew }) => isNew) }
    })
    for (const { entry } of opened) await remember(by.id, entry.id)
    return all
  }

  async function tipOf(
    tx: Transaction,
    { tipId }: Pick<AssessmentInput, 'tipId'>,
  ): Promise<Tip | undefined> {
    return tipId === undefined ? undefined : tips.read(tx, tipId)
  }

  return {
    assess: guarded('assess', assess),
    assessPage: guarded('assess', assessPage),
    lookAtPage: guarded('assess', (by, url) => pages.look(by, url)),
    setCircumstances: guarded('case:circumstances', (by, caseId, change, reason) => {
      const told = placed(municipalities, change)
      return store.transact(async (tx) => {
        const before = await cases.read(tx, caseId)
        const after = await cases.setCircumstances(tx, by.id, caseId, told, reason)
        const isNews = after.circumstances.inDangerNow && !before.circumstances.inDangerNow
        if (isNews) await danger.ofCase(tx, by.id, after)
        return after
      })
    }),
  }
}

/** With the code of a municipality in place of its name. Throws INVALID_INPUT naming the field. */
export function placed(
  municipalities: Municipalities,
  said: Partial<Circumstances> = {},
): Partial<Circumstances> {
  const { childMunicipality: place = null } = said
  if (place === null) return said
  const { code } = municipalities.find(place, 'circumstances.childMunicipality')
  return { ...said, childMunicipality: code }
}

/** What a tip says goes on to hold for the case, unless the analyst says otherwise. */
function saidBy(tip: Tip): Partial<Circumstances> {
  const { inDangerNow, ownRequest = false, childMunicipality } = tip
  return {
    ...(ownRequest ? { ownRequest } : {}),
    ...(inDangerNow ? { inDangerNow } : {}),
    ...(childMunicipality === undefined ? {} : { childMunicipality }),
  }
}
