import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOTLINE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const ONE = 'http://beta.example/a.jpg'
const TWO = 'http://beta.example/b.jpg'

let directory: string
let world: TakedownWorld
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-interpol-'))
})
afterEach(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true, force: true })
})

/** One case abroad, queued for the hotline of its country and for INTERPOL. */
async function abroad(flags: Record<string, unknown>): Promise<void> {
  world = await openTakedownWorld({}, { rules: HOTLINE_FIRST, flags })
  await world.assessed(ONE)
  await world.run()
}

describe('a record for INTERPOL', () => {
  const carried = async () =>
    (await world.cases.alertFeed.read(undefined, 1_000)).filter(({ kind }) => kind === 'to-carry')
  const files = () => readdirSync(directory).filter((name) => name.startsWith('interpol'))
  const recordsIn = (name: string) =>
    (JSON.parse(readFileSync(join(directory, name), 'utf8')) as { records: { url: string }[] })
      .records
  const waiting = async () =>
    (await world.takedown.errands.list({})).map(({ kind, about }) => ({ kind, about }))

  it('leaves in a file of its own in the round of its notice, told to whoever carries it, once', async () => {
    await abroad({ 'hotlineExports.directory': directory })
    await world.assessed(TWO)
    await world.run()
    await world.takedown.exports.runDue('hindra')
    expect(files()).toHaveLength(2)
    expect(
      files()
        .flatMap((name) => recordsIn(name).map(({ url }) => url))
        .sort(),
    ).toEqual([ONE, TWO])
    const made = await world.takedown.exports.list()
    expect(made.map(({ kind, lines }) => `${kind} ${lines}`).sort()).toEqual([
      'iccam 2',
      'interpol 1',
      'interpol 1',
    ])
    expect(await waiting()).toEqual(made.map(({ id }) => ({ kind: 'export', about: id })))
    expect(await carried()).toHaveLength(3)
    expect(JSON.stringify(await carried())).not.toMatch(/beta\.example|interpol-2|iccam-NL/)
    await world.restart().exports.runDue('hindra')
    expect(files()).toHaveLength(2)
    expect(await carried()).toHaveLength(3)
  })

  it('waits no more once its file was moved away, or a person says so', async () => {
    await abroad({ 'hotlineExports.directory': directory })
    await world.takedown.exports.runDue('hindra')
    const [iccam, interpol] = await world.takedown.exports.list()
    rmSync(join(directory, `${interpol?.name ?? ''}.json`))
    await world.takedown.exports.runDue('hindra')
    expect(await waiting()).toEqual([{ kind: 'export', about: iccam?.id }])
    await world.takedown.errands.done('ola', `export-${iccam?.id ?? ''}`)
    await world.takedown.exports.runDue('hindra')
    expect(await waiting()).toEqual([])
    expect(await carried()).toHaveLength(2)
  })

  it('is not lost by a crash between the notice and its file, nor written twice', async () => {
    await abroad({ 'hotlineExports.directory': join(directory, 'file', 'below') })
    writeFileSync(join(directory, 'file'), '')
    // The notice is told in the transaction that makes the document; its file cannot be written.
    expect((await world.takedown.exports.runDue('hindra')).problems[0]).toMatch(/EXPORT_FAILED/)
    expect(await carried()).toEqual([])
    rmSync(join(directory, 'file'))
    const again = world.restart()
    expect(await again.exports.runDue('hindra')).toEqual({ made: 0, written: 2, problems: [] })
    expect(await again.exports.runDue('hindra')).toEqual({ made: 0, written: 0, problems: [] })
    expect(readdirSync(join(directory, 'file', 'below'))).toEqual([
      '.hindra-directory',
      expect.stringMatching(/^iccam-/),
      expect.stringMatching(/^interpol-/),
    ])
    expect(await carried()).toHaveLength(2)
  })

  it('leaves with others of its day where the house says so', async () => {
    await abroad({ 'hotlineExports.interpol': 'daily', 'hotlineExports.directory': directory })
    await world.assessed(TWO)
    await world.run()
    await world.takedown.exports.runDue('hindra')
    expect(files()).toEqual([])
    world.pass(24)
    await world.takedown.exports.runDue('hindra')
    expect(files()).toHaveLength(1)
    expect(recordsIn(files()[0] ?? '')).toHaveLength(2)
  })

  it('is announced to nobody where a machine carries it, and to a person where nobody writes files', async () => {
    const silent = { 'hotlineExports.announced': false }
    await abroad({ ...silent, 'hotlineExports.directory': directory })
    await world.takedown.exports.runDue('hindra')
    expect(files()).toHaveLength(1)
    expect(await waiting()).toEqual([])
    await world.dispose()
    await abroad({})
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['notice', 'notice'])
    await world.takedown.exports.take('ola', { kind: 'interpol', today: true })
    await world.takedown.exports.take('ola', { kind: 'iccam' })
    expect(await waiting()).toEqual([])
  })
})
