import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Collection, keySpace } from '../../src/store/index.ts'
import { HOTLINE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

let directory: string
let world: TakedownWorld
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-exports-'))
  const flags = { 'hotlineExports.directory': directory, 'hotlineExports.interpol': 'daily' }
  world = await openTakedownWorld({}, { rules: HOTLINE_FIRST, flags })
  await world.assessed('http://beta.example/a.jpg')
  await world.run()
})
afterEach(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true, force: true })
})

/** What somebody finds who collects what is to be carried. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.'))
}

describe('a directory of exports that is another one', () => {
  /** Where another machine that dispatches looks. */
  let other: string
  beforeEach(() => {
    other = mkdtempSync(join(tmpdir(), 'hindra-exports-'))
  })
  afterEach(() => {
    rmSync(other, { recursive: true, force: true })
  })

  const toCarry = async () => {
    const waiting = await world.takedown.errands.list({})
    return waiting.filter(({ kind }) => kind === 'export').length
  }

  /** As the rows were before there were marks. */
  async function forgetMarks(): Promise<void> {
    const rows = new Collection<{ writtenInto?: string }, object>(
      keySpace('export'),
      world.context.sealer,
    )
    await world.transact(async (tx) => {
      for (const { id, clear, sealed } of await rows.page(tx, {})) {
        const { writtenInto, ...before } = clear
        expect(writtenInto).toBeDefined()
        rows.put(tx, id, before, sealed)
      }
    })
  }

  /** The machine's directory is another one from now on. */
  function turnTo(folder: string): void {
    renameSync(directory, `${directory}-away`)
    renameSync(folder, directory)
    renameSync(`${directory}-away`, folder)
  }

  it('says nothing of what was carried: a file waits until it is gone from where it was written', async () => {
    const { exports } = world.takedown
    expect(await exports.runDue('hindra')).toMatchObject({ written: 1, problems: [] })
    const [name = ''] = filesIn(directory)
    expect(statSync(join(directory, '.hindra-directory')).mode & 0o777).toBe(0o600)
    turnTo(other)
    const { problems } = await exports.runDue('hindra')
    expect(problems).toEqual([expect.stringMatching(/^EXPORT_ELSEWHERE: iccam-NL-.* not written/)])
    expect(await toCarry()).toBe(1)
    turnTo(other)
    expect(await exports.runDue('hindra')).toMatchObject({ problems: [] })
    expect(await toCarry()).toBe(1)
    rmSync(join(directory, name))
    expect(await exports.runDue('hindra')).toMatchObject({ problems: [] })
    expect(await toCarry()).toBe(0)
  })

  it('does not hold up what is to be written, each in its own', async () => {
    const { exports } = world.takedown
    await exports.runDue('hindra')
    turnTo(other)
    await world.assessed('http://beta.example/b.jpg')
    await world.run()
    const report = await exports.runDue('hindra')
    expect(report).toMatchObject({ written: 1, problems: [expect.stringContaining('ELSEWHERE')] })
    const [name = ''] = filesIn(directory)
    rmSync(join(directory, name))
    await exports.runDue('hindra')
    expect(await toCarry()).toBe(1)
  })

  it('does not make the house forget that a file tells of what was erased', async () => {
    const { exports } = world.takedown
    await exports.runDue('hindra')
    turnTo(other)
    const [found] = await world.cases.list({})
    await world.transact((tx) => world.takedown.eraseForCase(tx, found?.id ?? ''))
    expect((await exports.runDue('hindra')).problems[0]).toMatch(/EXPORT_ELSEWHERE/)
    expect(filesIn(other)).toHaveLength(1)
    turnTo(other)
    expect(await exports.runDue('hindra')).toMatchObject({ problems: [] })
    expect(filesIn(directory)).toEqual([])
  })

  it('of a file that was written before there were marks is believed, as it was then', async () => {
    const { exports } = world.takedown
    await exports.runDue('hindra')
    await forgetMarks()
    turnTo(other)
    expect(await exports.runDue('hindra')).toMatchObject({ problems: [] })
    expect(await toCarry()).toBe(0)
  })
})
