import { writeSync } from 'node:fs'
import { systemRandom } from '../../src/core/index.ts'
import { toHindraError } from '../../src/errors.ts'
import { openDataKeys, openLevelStore, openPostgresStore } from '../../src/store/index.ts'
import { bytes, write } from '../contract/store-helpers.ts'
import { DATA_KEY } from './with-engine.ts'

/** Opens the store at a place as a server does, or without asking who has it, writes to it, and says how that went. */
const [place = '', how] = process.argv.slice(2)
try {
  const store = place.startsWith('postgres:')
    ? await openPostgresStore({ url: place, ...(how === 'shared' && { ownership: 'shared' }) })
    : await openLevelStore({ directory: place })
  await openDataKeys(store, DATA_KEY, systemRandom)
  await write(store, (tx) => {
    tx.put(['answered'], bytes('yes'))
  })
  await store.close()
  writeSync(1, 'written')
} catch (error) {
  const { code, message } = toHindraError(error)
  writeSync(1, `${code} ${message}`)
}
