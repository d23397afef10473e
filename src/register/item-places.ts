import {
  fewest,
  type IndexPlace,
  keySpace,
  type MigrationStep,
  type ReadTransaction,
  stepThrough,
  unlessDamaged,
} from '../store/index.ts'
import type { ItemRow, ItemTable } from './item-records.ts'
import type { ItemFilter } from './register-types.ts'

const BATCH_ITEMS = 500
/** How far the items of each filter are counted to see which has the fewest. */
const PEEKED_MAX = 1_000
/** Stands where every item is found by how it stands, those of older versions included. */
const ALL_PLACED = keySpace('system', 'items-placed')()

/** Finds items by how and in which list they stand, so that few are found among a million without a reading of all. */
export interface ItemPlaces {
  /** Those that an index finds, be some of them not meant; all where none can. */
  rows(
    tx: ReadTransaction,
    filter: ItemFilter,
    after: string | undefined,
  ): AsyncIterable<Pick<ItemRow, 'id' | 'clear'>>
  /** How many are meant, where the keys of one index are just these; undefined where rows have to tell. */
  count(tx: ReadTransaction, filter: ItemFilter, max: number): Promise<number | undefined>
  /** Writes how items of older versions stand. */
  readonly step: MigrationStep
}

/** A place of an index. */
interface Found {
  readonly index: Pick<ItemTable['by']['status'], 'ids' | 'count'>
  readonly at: IndexPlace
}

export function createItemPlaces(items: ItemTable): ItemPlaces {
  const { by } = items
  const all: Found = { index: by.status, at: [] }

  return {
    async *rows(tx, filter, after) {
      const found = (await areAllPlaced(tx)) ? indexesOf(filter) : []
      if (found.length === 0) {
        yield* items.clearRows(tx, { after })
        return
      }
      const idsOf = ({ index, at }: Found) => index.ids(tx, at, { after })
      const lead = await fewest(
        found.map((one) => () => idsOf(one)),
        PEEKED_MAX,
      )
      for await (const id of idsOf(found[lead] ?? all)) {
        const clear = await unlessDamaged(items.getClear(tx, id))
        if (clear !== undefined) yield { id, clear }
      }
    },

    async count(tx, filter, max) {
      if (filter.classification !== undefined || !(await areAllPlaced(tx))) return undefined
      const [found = all, ...others] = indexesOf(filter)
      return others.length > 0 ? undefined : found.index.count(tx, found.at, max)
    },

    step: stepThrough(items, {
      name: 'finding each item by how it stands',
      limit: BATCH_ITEMS,
      work(tx, row) {
        for (const name of ['status', 'waiting', 'list'] as const) items.place(tx, name, row)
      },
      end(tx) {
        tx.put(ALL_PLACED, new Uint8Array())
      },
    }),
  }

  /** Each of which finds all that are meant. */
  function indexesOf({ waiting = false, status, list }: ItemFilter): readonly Found[] {
    return [
      ...(waiting ? [{ index: by.waiting, at: [] }] : []),
      ...(status === undefined ? [] : [{ index: by.status, at: [status] }]),
      ...(list === undefined ? [] : [{ index: by.list, at: [list] }]),
    ]
  }
}

async function areAllPlaced(tx: ReadTransaction): Promise<boolean> {
  return (await tx.get(ALL_PLACED)) !== undefined
}
