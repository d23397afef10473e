import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHindraError } from '../../src/errors.ts'
import { openPostgresStore } from '../../src/store/index.ts'

/** Reads what others change all the time, slowly, until it has its turn alone; says in the end what came of it. */
const [url = ''] = process.argv.slice(2)
const store = await openPostgresStore({ url })
try {
  await store.transact(async (tx) => {
    await tx.get(['contended'])
    await sleep(500)
    tx.put(['taken'], Buffer.from('x'))
  })
  writeSync(1, 'committed\n')
} catch (error) {
  writeSync(1, `${toHindraError(error).code}\n`)
}
await store.close()
