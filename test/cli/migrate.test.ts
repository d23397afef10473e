import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../src/store/index.ts'
import { type OldDirectory, unpackOld } from '../store/old/unpack.ts'
import { createHome, type Home } from './hindra.ts'

let old: OldDirectory
let home: Home
let env: Readonly<Record<string, string>>

beforeEach(() => {
  old = unpackOld('162ef42')
  home = createHome()
  cpSync(old.data, home.data, { recursive: true })
  env = { HINDRA_DATA_KEY_FILE: old.keyFile, HINDRA_FEATURES_STORE: 'true' }
})
afterEach(async () => {
  await home.dispose()
  old.remove()
})

const run = (...args: readonly string[]) => home.run(args, { env })
const asAnna = (...args: readonly string[]) =>
  home.run(args, { env, key: old.about.secrets['anna'] ?? '' })
const backups = () => readdirSync(home.data).filter((name) => name.endsWith('.backup'))

async function marked(): Promise<string> {
  const store = await openLevelStore({ directory: join(home.data, 'store') })
  const mark = await store.transact((tx) => tx.get(['system', 'format']))
  await store.close()
  return Buffer.from(mark ?? []).toString()
}
async function mark(format: string): Promise<void> {
  const store = await openLevelStore({ directory: join(home.data, 'store') })
  await store.transact((tx) => {
    tx.put(['system', 'format'], Buffer.from(format))
    return Promise.resolve()
  })
  await store.close()
}
async function killedAt(when: string): Promise<void> {
  const script = join(import.meta.dirname, '..', 'store', 'old', 'migrate-and-die.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, home.data, old.keyFile, when], {
    stdio: 'inherit',
  })
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
}
async function evidence(list: string): Promise<unknown> {
  const { code, stdout } = await asAnna('lists', 'show', list, '--json')
  expect(code).toBe(0)
  return (JSON.parse(stdout) as { evidence: unknown }).evidence
}

const OWN = { features: 3, picture: 6, film: 1, bits: 0, bytes: 0, weak: 0 }

describe('hindra migrate', { timeout: 300_000 }, () => {
  it('is what every command asks for; a rehearsal changes nothing; then all of it works', async () => {
    for (const args of [['serve'], ['lists'], ['doctor']]) {
      const { code, stdout, stderr } = await run(...args)
      expect(code).toBe(1)
      expect(stdout + stderr).toMatch(/format 3, this Hindra reads 4/)
      expect(stdout + stderr).toContain('hindra migrate')
    }
    const dry = await run('migrate', '--dry-run')
    expect(dry).toMatchObject({ code: 0 })
    expect(dry.stdout).toMatch(/from format 3 to 4:\ncounting .*: 22 records\nnothing was changed/)
    expect(await marked()).toBe('3')
    expect(backups()).toEqual([])

    const done = await run('migrate')
    expect(done).toMatchObject({ code: 0 })
    expect(done.stdout).toMatch(/format 4 now, it was 3/)
    expect(backups()).toHaveLength(1)
    expect(await evidence('own')).toEqual(OWN)
    expect((await run('migrate')).stdout).toMatch(/nothing is to be done/)

    const item = await asAnna('item', 'show', old.about.ids['bits-only'] ?? '')
    expect(item.stdout).toContain('bits only: a review at most, unless two persons vet the list')
    const lists = await asAnna('lists', 'show', 'own')
    expect(lists.stdout).toContain('6 pictures without features (crops are not found)')
    expect((await run('doctor')).stdout).toContain('hindra register --refresh FILES')
    const files = ['without-features.jpg', 'unmatched.jpg'].map((name) =>
      join(old.keyFile, '..', 'media', name),
    )
    const refreshed = await asAnna('register', '--refresh', ...files)
    expect(refreshed.stdout).toContain('added: features')
    expect(refreshed.stderr).toContain('NOT_FOUND')
    const listed = await asAnna('cases', 'rejudge', '--dry-run')
    expect(listed.stdout).toMatch(/0 cases would not be confirmed/)
  })

  it('goes on after it was killed, with the backup that was whole, and counts nothing twice', async () => {
    await killedAt('backup to')
    expect(await marked()).toBe('3')
    await killedAt('counting')
    expect(await marked()).toBe('3 to 4')
    const [backup = ''] = backups()
    const half = await run('serve')
    expect(half.code).toBe(1)
    expect(half.stderr).toMatch(/STORE_MIGRATE.*on the way/)
    const again = await run('migrate')
    expect(again).toMatchObject({ code: 0 })
    expect(again.stdout).toContain(backup)
    expect(backups()).toEqual([backup])
    expect(await evidence('own')).toEqual(OWN)
    expect((await asAnna('audit', 'verify')).code).toBe(3)
    const ola = await home.run(['audit', 'verify'], { env, key: old.about.secrets['ola'] ?? '' })
    expect(ola).toMatchObject({ code: 0 })

    // The backup is the store as it was: the older version opens what comes of it.
    const elsewhere = join(home.directory, 'before')
    const restored = await home.run(['restore', join(home.data, backup)], {
      env: { ...env, HINDRA_DATA: elsewhere },
    })
    expect(restored.code).toBe(0)
    rmSync(home.data, { recursive: true })
    cpSync(elsewhere, home.data, { recursive: true })
    expect(await marked()).toBe('3')
  })

  it('leaves what a newer Hindra wrote alone, and says so', async () => {
    await mark('5')
    for (const args of [['serve'], ['migrate'], ['lists']]) {
      const { code, stderr } = await run(...args)
      expect(code).toBe(1)
      expect(stderr).toMatch(/STORE_FORMAT.*format 5, this Hindra reads 4: a newer Hindra wrote it/)
      expect(stderr).toMatch(/Install the version that wrote it, or a newer one/)
    }
    expect(await marked()).toBe('5')
    expect(existsSync(join(home.data, 'hindra.sock'))).toBe(false)
  })

  it('names the file that a backup cannot be written to, and changes nothing', async () => {
    const nowhere = join(home.data, 'no', 'such', 'folder', 'before.backup')
    const { code, stderr } = await run('migrate', '--backup', nowhere)
    expect(code).toBe(2)
    expect(stderr).toContain(nowhere)
    expect(await marked()).toBe('3')
  })
})
