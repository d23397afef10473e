import type { Level } from 'level'
import { PAGE_BYTES_MAX, pageSizes, type StoredRow, type Rows, type RowsAtOnce } from '../rows.ts'

/** LevelDB, or what behaves as it does: bytes to bytes. */
export type Database = Level<Buffer, Buffer>

const NOTHING = Buffer.alloc(0)

/** What the database holds at this moment, however long it is read. */
export function levelSnapshot(db: Database): RowsAtOnce {
  const snapshot = db.snapshot()
  return { ...rowsAt(db, snapshot), close: () => snapshot.close() }
}

/** What the database holds now. */
export function levelRows(db: Database): Rows {
  return rowsAt(db, undefined)
}

function rowsAt(db: Database, snapshot: ReturnType<Database['snapshot']> | undefined): Rows {
  return {
    async get(key) {
      // Its types leave out that there may be nothing.
      const value: Buffer | undefined = await db.get(key, { snapshot })
      return value
    },
    getMany: (keys) => db.getMany([...keys], { snapshot }),
    async *pages({ limit, ...range }) {
      const highWaterMarkBytes = PAGE_BYTES_MAX
      const stored = db.iterator({ ...range, snapshot, highWaterMarkBytes })
      try {
        for (const size of pageSizes(limit)) {
          const page = await stored.nextv(size)
          if (page.length === 0) return
          yield range.values === false ? page.map(keyOnly) : page
        }
      } finally {
        await stored.close()
      }
    },
  }
}

function keyOnly([key]: readonly [Buffer, Buffer | undefined]): StoredRow {
  return [key, NOTHING]
}
