import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../src/store/index.ts'
import { claimDirectory } from '../../src/store/level/lock.ts'
import { read, write } from '../contract/store-helpers.ts'
import { type Child, startChild } from './child.ts'

let root: string
let directory: string
const children: Child[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hindra-lock-'))
  directory = join(root, 'store')
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL')
    await child.ended
  }
  await rm(root, { recursive: true, force: true })
})

async function openInChild(): Promise<{ child: Child; said: string }> {
  const child = startChild(new URL('./open-and-wait.ts', import.meta.url), [directory])
  children.push(child)
  for await (const said of child.lines) return { child, said }
  throw new Error('the child said nothing')
}

describe('one directory, one process', () => {
  it('tells a second process which one owns the store', async () => {
    const store = await openLevelStore({ directory })
    const { said } = await openInChild()
    expect(said).toMatch(/^STORE_LOCKED /)
    expect(said).toContain(`process ${process.pid} `)
    await store.close()
    expect((await openInChild()).said).toBe('opened')
  })

  it('tells this process when another owns the store', async () => {
    const { child } = await openInChild()
    await expect(openLevelStore({ directory })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: expect.stringContaining(`process ${String(child.process.pid)} `) as string,
    })
  })

  it('still does when the owner has read the LOCK file, which drops its lock', async () => {
    const store = await openLevelStore({ directory })
    await readFile(join(directory, 'LOCK'))
    expect((await openInChild()).said).toContain(`process ${process.pid} `)
    await store.close()
  })

  it('opens again after the owner was killed, or left a pid that another has now', async () => {
    const { child } = await openInChild()
    child.process.kill('SIGKILL')
    await child.ended
    const pid = String(child.process.pid)
    expect(await readFile(join(directory, 'owner.pid'), 'utf8')).toMatch(new RegExp(`^${pid}\n`))
    await (await openLevelStore({ directory })).close()

    for (const stale of [`${process.pid}\nanother boot/1\n`, `${process.pid}\n`, '', 'not a pid']) {
      await writeFile(join(directory, 'owner.pid'), stale)
      await (await openLevelStore({ directory })).close()
    }
  })

  it('has another name for good before anybody else can own it', async () => {
    const claim = await claimDirectory(directory)
    await claim.announce()
    let said = ''
    const retired = await claim.retire('20261201', async () => {
      // LevelDB's lock is free.
      said = (await openInChild()).said
    })
    expect(said).toMatch(/^STORE_LOCKED /)
    expect(retired).toBe(`${directory}.moved-20261201`)
    expect(await readdir(root)).toEqual([basename(retired)])
    expect(await readdir(retired)).toEqual([])
  })

  it('keeps its name where more was written than is known of', async () => {
    const store = await openLevelStore({ directory })
    const before = store.version()
    await write(store, (tx) => {
      tx.put(['a'], Buffer.from('1'))
    })
    expect(await store.retire('1', before)).toBe(undefined)
    expect(await read(store, ['a'])).toBe('1')
    const retired = await store.retire('1', store.version())
    expect(await readdir(root)).toEqual(['store.moved-1'])
    await expect(read(store, ['a'])).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    const again = await openLevelStore({ directory: retired ?? '' })
    expect(await read(again, ['a'])).toBe('1')
    await again.close()
  })

  it('sees through other spellings of the path', async () => {
    const store = await openLevelStore({ directory })
    const link = join(root, 'link')
    await symlink(directory, link)
    const spellings = [
      directory,
      link,
      `${directory}/../store/`,
      relative(process.cwd(), directory),
    ]
    for (const spelling of spellings) {
      await expect(openLevelStore({ directory: spelling })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
      })
    }
    await write(store, (tx) => {
      tx.put(['a'], Buffer.from('1'))
    })
    await store.close()
    const again = await openLevelStore({ directory: link })
    expect(await read(again, ['a'])).toBe('1')
    await again.close()
  })
})

describe('the directory', () => {
  it('is for its owner alone, made or found', async () => {
    await mkdir(directory, { mode: 0o755 })
    for (const path of [directory, join(root, 'new', 'store')]) {
      const store = await openLevelStore({ directory: path })
      expect((await stat(path)).mode & 0o777).toBe(0o700)
      await store.close()
    }
    expect(await readdir(directory)).not.toContain('owner.pid')
  })

  it('is free again after a store in it could not be opened', async () => {
    await (await openLevelStore({ directory })).close()
    const current = join(directory, 'CURRENT')
    const good = await readFile(current)
    await writeFile(current, 'MANIFEST-999999\n')
    await expect(openLevelStore({ directory })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await writeFile(current, good)
    await (await openLevelStore({ directory })).close()
  })
})
