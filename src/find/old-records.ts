import { type Context, keySpace, type MigrationStep, type Transaction } from '../store/index.ts'

const PLACE = keySpace('system', 'find-old')()
/** What finds records is of this form; what finds them in another one is written anew. */
const FORM = 1

/** How far it has come, in the store itself: a process that was killed goes on. */
interface TakenIn {
  readonly form: number
  readonly step: number
  readonly after: string | null
}

export interface OldRecords {
  /** Whether some, of a step or of any, may still lack what finds them. */
  areLeft(step?: number): boolean
  /** Takes in what was written before records could be found, batch after batch, until that is done. */
  takeIn(onFailure: (error: unknown) => void): Promise<void>
  close(): Promise<void>
}

/** In the background, so that no start waits for it; what is written meanwhile is found at once. */
export async function openOldRecords(
  { store }: Pick<Context, 'store'>,
  steps: readonly MigrationStep[],
): Promise<OldRecords> {
  const stop = new AbortController()
  let running = Promise.resolve()
  let now = await store.transact(async (tx): Promise<TakenIn> => {
    const kept = await tx.get(PLACE)
    const last = kept && (JSON.parse(Buffer.from(kept).toString()) as TakenIn)
    return last?.form === FORM ? last : { form: FORM, step: 0, after: null }
  })
  // A new store has none, and need not say that some may be left.
  if (now.step === 0 && now.after === null) await turn()

  return {
    areLeft,
    takeIn(onFailure) {
      running = goOn().catch(onFailure)
      return running
    },
    close() {
      stop.abort()
      return running
    },
  }

  function areLeft(step = steps.length - 1): boolean {
    return now.step <= step
  }

  async function goOn(): Promise<void> {
    while (areLeft() && !stop.signal.aborted) await turn()
  }

  /** As many steps as are done in one batch each, and one batch of the next. */
  async function turn(): Promise<void> {
    const from = now
    now = await store.transact(async (tx) => {
      const next = await behind(tx, from)
      tx.put(PLACE, Buffer.from(JSON.stringify(next)))
      return next
    })
  }

  async function behind(tx: Transaction, from: TakenIn): Promise<TakenIn> {
    let next = from
    for (let step = steps[next.step]; step !== undefined; step = steps[next.step]) {
      const { after } = await step.batch(tx, next.after ?? undefined)
      if (after !== undefined) return { ...next, after }
      next = { ...next, step: next.step + 1, after: null }
    }
    return next
  }
}
