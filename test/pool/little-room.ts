import { writeSync } from 'node:fs'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { toHindraError } from '../../src/errors.ts'
import { createPool } from '../../src/pool/index.ts'

/** Hashes a picture that has room in the memory that is handed over, one that has none, and the first again. */
const { decode: limits, pool: settings } = configWith({ 'pool.threads': 1, 'pool.apart': true })
const pool = createPool({ settings, limits })
const picture = await sceneJpeg(5)
const large = Buffer.concat([picture, Buffer.alloc(600_000)])
for (const bytes of [picture, large, picture]) {
  const said = await pool.fingerprint(Uint8Array.from(bytes)).then(
    () => 'done',
    (error: unknown) => toHindraError(error).code,
  )
  writeSync(1, `${said}\n`)
}
await pool.close()
