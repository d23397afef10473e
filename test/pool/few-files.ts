import { closeSync, openSync, writeSync } from 'node:fs'
import { filmMp4 } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { toHindraError } from '../../src/errors.ts'
import { createPool } from '../../src/pool/index.ts'
import { allowFewFiles } from '../store/child.ts'

/** Hashes a film with ever more files to open, by workers that run and by new ones, and says how it went. */
const { decode: limits, pool: settings } = configWith({
  'pool.threads': 1,
  'pool.apart': process.argv[2] === 'apart',
})
const film = await filmMp4(1, { seconds: 1, fps: 5, width: 160, height: 120 })

allowFewFiles()

for (const isNew of [false, true]) {
  let pool = createPool({ settings, limits })
  await pool.fingerprint(Uint8Array.from(film))
  for (let left = 0; left < 12; left += isNew ? 4 : 1) {
    if (isNew) {
      await pool.close()
      pool = createPool({ settings, limits })
    }
    const held: number[] = []
    try {
      for (;;) held.push(openSync('/dev/null', 'r'))
    } catch {
      // Now there are none left.
    }
    for (const file of held.splice(0, left)) closeSync(file)
    const said = await pool.fingerprint(Uint8Array.from(film)).then(
      () => 'done',
      (error: unknown) => toHindraError(error).code,
    )
    for (const file of held) closeSync(file)
    writeSync(1, `${said}\n`)
  }
  await pool.close()
}
