import { HOUR_MS, type SeededRandom } from '../../src/core/index.ts'
import { copiesOf, likeOf, ORIGINAL, type Picture, subjectsOf } from './gallery/gallery.ts'
import { BARRIERS, CLOAKS, type Page, type Shown } from './page.ts'

/** What a host does once it has been told. */
export const MANNERS = [
  'removes-after-reminder',
  'removes-fast',
  'removes-slowly',
  'never',
  'placeholder',
  'soft-404',
  'moves',
  're-uploads',
  're-encodes',
  'walls',
  'cloaks',
  'flaky',
  'bounces',
  'changes-provider',
  'owner-acts',
  'registrar-acts',
  'upstream-acts',
  'regulator-acts',
  'alters',
  'swaps',
  'swaps-alike',
] as const
export type Manners = (typeof MANNERS)[number]

/** Whom a host leaves it to: somebody further up the ladder. */
const ACTS_AT: Partial<Record<Manners, string>> = {
  'owner-acts': 'site-owner',
  'registrar-acts': 'registrar',
  'upstream-acts': 'upstream',
  'regulator-acts': 'regulator',
}

/** Plans what becomes of a page after its host was told (again), by the manners of the host. */
export function react(
  page: Page,
  manners: Manners,
  step: string,
  nowMs: number,
  random: SeededRandom,
): void {
  const at = (low: number, high: number) => nowMs + random.between(low, high) * HOUR_MS
  const one = <T>(from: readonly [T, ...T[]]) => from[random.integer(0, from.length - 1)] ?? from[0]
  const { picture } = page
  const shown = (what: Picture | undefined): Shown =>
    what === undefined ? { kind: 'account' } : { kind: 'media', picture: what }
  /** The wanted copy, or any where there is none. */
  const asCopy = (wanted?: string): Shown => {
    if (picture === undefined) return shown(undefined)
    const copies = copiesOf(picture.subject)
    const drawn = copies[random.integer(0, copies.length - 1)] ?? picture
    return shown(copies.find(({ copy }) => copy === wanted) ?? drawn)
  }
  /** Something else; as like it as may be, where that is wanted. */
  const other = (isLike: boolean): Shown => {
    const innocent = subjectsOf('innocent')
    const subject = innocent[random.integer(0, innocent.length - 1)] ?? ''
    const like = isLike && picture !== undefined ? likeOf(picture.subject) : undefined
    return shown(like ?? { subject, copy: ORIGINAL })
  }
  const isReminded = step !== 'notice'
  switch (manners) {
    case 'removes-fast':
    case 'changes-provider':
    case 'moves':
      page.change(at(0.1, 3), { kind: 'gone' })
      return
    case 'removes-slowly':
      page.change(at(10, 90), { kind: 'gone' })
      return
    case 'removes-after-reminder':
      if (isReminded) page.change(at(1, 24), { kind: 'gone' })
      return
    case 'placeholder':
      page.change(at(0.5, 12), { kind: 'placeholder' })
      return
    case 'soft-404':
      page.change(at(0.5, 12), { kind: 'removal-page' })
      return
    case 're-uploads': {
      const back = at(100, 1_200)
      page.change(at(0.5, 6), { kind: 'gone' })
      // Many a filter looks for the same picture the same way round.
      page.change(back, asCopy('mirrored'))
      return
    }
    case 're-encodes':
    case 'alters':
      page.change(at(0.5, 6), asCopy(manners === 'alters' ? undefined : 're-encoded'))
      if (isReminded) page.change(at(8, 30), { kind: 'gone' })
      return
    case 'swaps':
    case 'swaps-alike':
      page.change(
        at(0.5, 12),
        picture === undefined
          ? { kind: 'gone' }
          : other(manners === 'swaps-alike' || random.next() < 0.5),
      )
      return
    case 'walls':
      page.change(at(0.5, 6), { kind: one(BARRIERS) })
      if (isReminded) page.change(at(30, 60), { kind: 'gone' })
      return
    case 'cloaks': {
      if (picture !== undefined) {
        page.change(at(0.5, 6), { kind: 'media', picture, cloak: one(CLOAKS) })
      }
      if (isReminded) page.change(at(30, 60), { kind: 'gone' })
      return
    }
    case 'flaky': {
      // Away for us a few times, which is no removal.
      if (isReminded) {
        page.change(at(20, 65), { kind: 'gone' })
        return
      }
      const kinds = ['broken', 'dead', 'blip', 'dead', 'broken'] as const
      for (const [number, kind] of kinds.entries()) {
        page.change(nowMs + (2 + 4 * number) * HOUR_MS, { kind })
        page.change(nowMs + (3.5 + 4 * number) * HOUR_MS, shown(picture))
      }
      return
    }
    case 'owner-acts':
    case 'registrar-acts':
    case 'upstream-acts':
    case 'regulator-acts':
      if (step === ACTS_AT[manners]) page.change(at(0.5, 12), { kind: 'gone' })
      return
    case 'never':
    case 'bounces':
      return
  }
}
