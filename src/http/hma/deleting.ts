import { assertTwoPersons, type Principal } from '../../access/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import type { Parts } from '../../operations/index.ts'
import { FOR_GOOD, type ListedEntry, type ListView, OWN_LIST } from '../../register/index.ts'
import { banksOf, type Registering } from './bank.ts'

type Deleting = Registering & Pick<Parts, 'audit' | 'config' | 'exchanging'>

const PAGE_ENTRIES = 100
const DONE = { message: 'Done' } as const
const WAITS = 'another officer has to delete this bank, too: until then it matches'

/**
 * Takes all that a bank holds out of matching, and the bank out of the banks. The list stays with what it holds, which is
 * evidence, and in which nothing was wrong: nobody who was told of it is told otherwise. A verifier may enable each
 * entry again. One officer does where the list does without four eyes, or holds a small share of what banks hold. Throws
 * FORBIDDEN for the own list, CONFLICT where an exchange fills it, SAME_PERSON where a second officer is waited for.
 */
export async function deleteBank(
  parts: Deleting,
  by: Principal,
  list: ListView,
): Promise<typeof DONE> {
  const { store, register, audit, exchanging } = parts
  const { name } = list
  if (name === OWN_LIST) {
    throw new HindraError('FORBIDDEN', 'this is the house’s own list, which every register has')
  }
  await exchanging.sources.assertNone(name)
  const needsTwo = list.fourEyes && (await isLargeShare(parts, list))
  const isFirst = await store.transact(async (tx) => {
    const asked = await register.banks.deletion(tx, name)
    if (asked === undefined) {
      register.banks.noteDeletion(tx, name, { askedBy: by.id, isDone: false })
      const detail = { fourEyes: needsTwo }
      audit.append(tx, { by: by.id, action: 'bank.delete', subject: name, detail })
    } else if (needsTwo) {
      const acted = { first: asked.askedBy, second: by.id }
      await assertTwoPersons(tx, register.behind, acted, WAITS)
    }
    return asked === undefined
  })
  if (needsTwo && isFirst) throw new HindraError('SAME_PERSON', WAITS)
  await disableAll(parts, by, name)
  await store.transact((tx) => {
    register.banks.noteDeletion(tx, name, { askedBy: by.id, isDone: true })
    audit.append(tx, { by: by.id, action: 'bank.deleted', subject: name })
    return Promise.resolve()
  })
  return DONE
}

/** Of what matches: what only waits for a second person is nobody's loss. */
async function isLargeShare(parts: Deleting, { entries }: ListView): Promise<boolean> {
  const { withdrawPercentMax } = parts.config.exchange
  const all = (await banksOf(parts)).reduce((sum, bank) => sum + bank.entries.verified, 0)
  return 100 * entries.verified > withdrawPercentMax * all
}

/** Some at a time: what was done stays done where it breaks off, and whoever asks again goes on with it. */
async function disableAll(
  { store, register }: Registering,
  by: Principal,
  list: string,
): Promise<void> {
  let page: readonly ListedEntry[] = []
  do {
    const last = page.at(-1)?.id
    page = await store.transact(async (tx) => {
      const next = { ...defined({ after: last }), limit: PAGE_ENTRIES }
      const entries = await register.entriesIn(tx, list, next)
      for (const { id: entryId, itemId, status, disabledUntil } of entries) {
        if (status === 'retracted' || disabledUntil === FOR_GOOD) continue
        await register.disable(tx, by, { itemId, entryId }, FOR_GOOD, 'its bank was deleted')
      }
      return entries
    })
  } while (page.length === PAGE_ENTRIES)
}
