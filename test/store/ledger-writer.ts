import { writeSync } from 'node:fs'
import { toHindraError } from '../../src/errors.ts'
import { openLevelStore, openPostgresStore } from '../../src/store/index.ts'
import { writePage } from './ledger.ts'

/** Writes pages into the store at PLACE from FIRST on, 8 at a time, and prints each one that it acknowledged. */
const [place = '', first = '0', patience] = process.argv.slice(2)
const store = place.startsWith('postgres:')
  ? await openPostgresStore({
      url: place,
      ...(patience !== undefined && { patienceMs: Number(patience) }),
    })
  : await openLevelStore({ directory: place })
let next = Number(first)

async function writeOn(): Promise<void> {
  for (;;) {
    const page = next++
    try {
      await writePage(store, page)
    } catch (error) {
      writeSync(1, `failed ${toHindraError(error).code}\n`)
      return
    }
    writeSync(1, `${page}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, writeOn))
await writeOn()
await store.close()
writeSync(1, 'closed\n')
