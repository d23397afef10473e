import { writeSync } from 'node:fs'
import { toHindraError } from '../../src/errors.ts'
import { openLevelStore } from '../../src/store/index.ts'

/** Opens a store, says how that went in one line, and holds it until its input ends. */
const [directory = ''] = process.argv.slice(2)
try {
  const store = await openLevelStore({ directory })
  writeSync(1, 'opened\n')
  process.stdin.resume().once('end', () => void store.close())
} catch (error) {
  const { code, message } = toHindraError(error)
  writeSync(1, `${code} ${message}\n`)
}
