import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'

const built = new URL('../../dist/src/pool/index.js', import.meta.url)

/** Hashes the picture of its argument and ends by itself once the pool is closed. */
const SCRIPT = `
const [, picture] = process.argv
const { createPool } = await import(${JSON.stringify(built.href)})
const { configWith } = await import(${JSON.stringify(new URL('../config.js', built).href)})
const { pool: settings, decode: limits } = configWith({})
const pool = createPool({ settings, limits })
console.log(JSON.stringify(await pool.fingerprint(Buffer.from(picture, 'base64'))))
await pool.close()
`

describe.runIf(existsSync(built))('built pool (dist, made by npm test)', () => {
  it('runs its workers as plain JavaScript and leaves no thread behind', async () => {
    const picture = await sceneJpeg(27, { width: 160, height: 120 })
    const args = ['--input-type=module', '-e', SCRIPT, picture.toString('base64')]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const expected = await fingerprintMedia(picture, configWith({}).decode)
    expect(JSON.parse(stdout)).toEqual(expected)
  })
})
