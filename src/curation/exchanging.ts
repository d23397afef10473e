import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { defined, type PageQuery } from '../core/index.ts'
import {
  createExports,
  createImports,
  createSources,
  type Delta,
  type ImportStart,
  type Imports,
  type ImportView,
  type ListExports,
  type SourceSettled,
  type Sources,
  SYSTEM,
  type VoteView,
} from '../exchange/index.ts'
import type { Resolver } from '../intake/index.ts'
import type { Gates, KnownSet } from '../known/index.ts'
import type { GivenFeedback, NewFeedback, Register, StepTarget } from '../register/index.ts'
import type { Context } from '../store/index.ts'
import type { Curation } from './curation.ts'
import type { ImportTouched, TouchedItem } from './touched.ts'

const PAGE_ROWS = 1_000

/** How lists come in, and what their lines do to cases. See the stage `exchange` for what each throws. */
export interface Importing extends Pick<Imports, 'get' | 'recent' | 'before' | 'erase'> {
  begin(by: Principal, start: ImportStart): Promise<ImportView>
  /** Lines from a position on; what was done before is not done again. */
  takeLines(by: Principal, id: string, from: number, lines: readonly Delta[]): Promise<ImportView>
  /** Some of what a complete list does not name, once its lines are done. */
  withdraw(by: Principal, id: string, confirmed?: number): Promise<ImportView>
  finish(by: Principal, id: string): Promise<ImportView>
  /** Ends what cannot be read to its end; what its lines did stays. */
  fail(by: Principal, id: string, fault: string): Promise<ImportView>
  /** The items with cases among those that lost an entry by it; `after` is an item, `limit` of items looked at. */
  touched(id: string, page: PageQuery): Promise<ImportTouched>
}

/** How lists come in and go out, with what that changes elsewhere. */
export interface Exchanging {
  readonly imports: Importing
  readonly exports: ListExports
  readonly sources: Sources
  /** What a person thinks of an entry; goes back to the source of its list, where that takes it. */
  giveFeedback(
    by: Principal,
    target: StepTarget,
    feedback: NewFeedback,
  ): Promise<GivenFeedback & { readonly vote: VoteView | null }>
  /** Ends what a crash has left half done. */
  resume(): Promise<void>
}

export function createExchanging(
  context: Context,
  audit: Audit,
  parts: {
    readonly register: Register
    readonly gates: Gates
    readonly known: Pick<KnownSet, 'catchUp'>
    readonly config: Config
    readonly resolver: Resolver
    readonly curation: Pick<Curation, 'carryChange' | 'touched'>
  },
): Exchanging {
  const { register, gates, known, config, resolver, curation } = parts
  const imports = createImports(context, audit, register, gates, config.exchange)
  const carry = (by: Principal) =>
    register.unreached.reachAll((itemId) => curation.carryChange(by, itemId))
  const settled: SourceSettled = async (by) => {
    await carry(by)
    await known.catchUp()
  }
  const sources = createSources(context, audit, {
    register,
    imports,
    resolver,
    settings: { ...config.exchange, userAgent: config.fetch.userAgent },
    settled,
  })

  return {
    sources,
    exports: createExports(context, audit, register),
    imports: {
      ...imports,
      async begin(by, start) {
        // What a file withdrew the exchange would not say again.
        if (start.complete === true) await sources.assertNone(start.list)
        return imports.begin(by, start)
      },
      async takeLines(by, id, from, lines) {
        const view = await imports.lines(by, id, from, lines)
        await carry(by)
        return view
      },
      async withdraw(by, id, confirmed) {
        const view = await imports.withdraw(by, id, confirmed)
        await carry(by)
        return view
      },
      async finish(by, id) {
        const view = await imports.finish(by, id)
        await known.catchUp()
        return view
      },
      async fail(by, id, fault) {
        const view = await imports.fail(by, id, fault)
        await known.catchUp()
        return view
      },
      async touched(id, { after, limit = PAGE_ROWS }) {
        const lost = await imports.lost(id, { ...defined({ after }), limit })
        const items: TouchedItem[] = []
        for (const itemId of lost) {
          const cases = await curation.touched(itemId)
          if (cases.length > 0) items.push({ itemId, cases })
        }
        return { items, next: lost.length < limit ? null : (lost.at(-1) ?? null) }
      },
    },
    giveFeedback: (by, target, feedback) =>
      context.store.transact(async (tx) => {
        const given = await register.giveFeedback(tx, by, target, feedback)
        await sources.queueFeedback(tx, given)
        const vote = await sources.voteOf(tx, given.list, given.entryId)
        return { ...given, vote: vote ?? null }
      }),
    resume: () => carry(SYSTEM),
  }
}
