import { createHash } from 'node:crypto'
import { readCounter, type Store, VERSIONSTAMP_ZERO } from '../../src/store/index.ts'
import { changesOf, list } from '../contract/store-helpers.ts'

/** One page of the ledger is one transaction over several keys, each of which can be checked. */
export async function writePage(store: Store, page: number): Promise<void> {
  const parts = 1 + (page % 7)
  await store.transact(async (tx) => {
    await tx.get(['page', page])
    for (let part = 0; part < parts; part++) tx.put(['part', page, part], content(page, part))
    tx.put(['page', page], Buffer.from(String(parts)))
    tx.add(['pages'], 1)
    tx.putWithVersionstamp(['log'], Buffer.from(String(page)))
  })
}

/** The pages that are wholly there. Throws when anything is there by half. */
export async function readLedger(store: Store): Promise<Set<number>> {
  const { pages, parts, log, counter } = await store.transact(async (tx) => ({
    pages: await list(tx, { prefix: ['page'] }),
    parts: await list(tx, { prefix: ['part'] }),
    log: await list(tx, { prefix: ['log'] }),
    counter: readCounter(await tx.get(['pages'])),
  }))
  const expected = pages.flatMap(([[, page], count]) =>
    Array.from({ length: Number(count) }, (_, part) => `${Number(page)}/${part}`),
  )
  const found = new Set(parts.map(([[, page, part]]) => `${Number(page)}/${Number(part)}`))
  const whole = parts.every(
    ([[, page, part], text]) => text === content(Number(page), Number(part)).toString(),
  )
  const numbers = new Set(pages.map(([[, page]]) => Number(page)))
  const logged = new Set(log.map(([, page]) => Number(page)))
  const changes = await changesOf(store, ['page'], VERSIONSTAMP_ZERO)
  const changed = new Set(changes.map(({ key }) => Number(key[1])))
  const problems = [
    whole ? [] : ['a part is damaged'],
    same(found, new Set(expected)) ? [] : ['parts are missing or left over'],
    same(numbers, logged) && log.length === pages.length ? [] : ['the log differs'],
    same(numbers, changed) && changes.length === pages.length ? [] : ['the changes differ'],
    counter === pages.length ? [] : [`${counter} counted, ${pages.length} there`],
  ].flat()
  if (problems.length > 0) throw new Error(problems.join('; '))
  return numbers
}

/** Long enough that a batch spans blocks of the database's log, and different everywhere. */
function content(page: number, part: number): Buffer {
  const digest = createHash('sha256').update(`${page}/${part}`).digest('hex')
  return Buffer.from(digest.repeat(1 + ((page * 31 + part) % 60)))
}

function same<T>(left: ReadonlySet<T>, right: ReadonlySet<T>): boolean {
  return left.size === right.size && [...left].every((element) => right.has(element))
}
