import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createAudit } from '../../src/audit/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { openKnownSet } from '../../src/known/index.ts'
import { createRegister } from '../../src/register/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { systemContext } from '../context.ts'
import { person, pictureOf } from '../register/material.ts'

/**
 * Proposes pictures from FIRST on, retracts every third, and saves the known set as often as it can
 * meanwhile. Prints `+SEED ID` and `-SEED` for what the store acknowledged, and `started` with what
 * was warned of.
 */
const [directory = '', first = '0'] = process.argv.slice(2)
const store = await openLevelStore({ directory: join(directory, 'store') })
const context = systemContext(store)
const register = createRegister(context, createAudit(context))
await openKnownSet(context, register, {
  indexes: indexSource('exact'),
  snapshot: {
    file: join(directory, 'known.sealed'),
    snapshotChanges: 1,
    snapshotMinutes: 0.0001,
    erasureSeconds: 0.001,
  },
  warn: (message) => writeSync(1, `warned ${message}\n`),
})
writeSync(1, 'started\n')
for (let seed = Number(first); ; seed += 1) {
  const proposal = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
  const { id } = await register.propose(person('anna'), proposal)
  writeSync(1, `+${seed} ${id}\n`)
  if (seed % 3 !== 0) continue
  await store.transact((tx) => register.retract(tx, person('bo'), { itemId: id }, 'a mistake'))
  writeSync(1, `-${seed} ${id}\n`)
}
