import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageFile } from '../../src/core/index.ts'
import { createLaidDown, policyFiles } from '../../src/policy/index.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-policy-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const write = (name: string, text: string) => {
  writeFileSync(join(directory, name), text)
}
const fileIn = (laidDown: ReturnType<typeof createLaidDown>, name: string) =>
  laidDown.list().find((file) => file.name === name)
const lineIn = (laidDown: ReturnType<typeof createLaidDown>, name: string, at: string) =>
  laidDown.lines(name)?.find((line) => line.at === at)?.says

describe('what the house laid down', () => {
  it('names every shipped file with its version, and the lines of each', () => {
    const laidDown = createLaidDown(policyFiles(directory))
    const files = laidDown.list()
    expect(files.length).toBeGreaterThan(12)
    expect(files.every(({ isOwn, isRead }) => !isOwn && isRead)).toBe(true)
    expect(new Set(files.map(({ version }) => version)).size).toBe(files.length)
    expect(fileIn(laidDown, 'second-assessments.yaml')?.version).toMatch(/^2026-11\+[0-9a-f]{8}$/)
    expect(fileIn(laidDown, 'dossiers.yaml')?.version).toMatch(/^[0-9a-f]{8}$/)
    for (const { name } of files) expect(laidDown.lines(name)?.length).toBeGreaterThan(0)
    expect(lineIn(laidDown, 'routes.yaml', 'rules.onion-service.tell')).toBe('police')
    expect(lineIn(laidDown, 'reports.yaml', 'independence.sv')).toBeNull()
    expect(lineIn(laidDown, 'dossiers.yaml', 'perPersonDay')).toBe('10')
  })

  it('says which files are the house’s own, and which nothing reads', () => {
    const shipped = readFileSync(packageFile('policy/dossiers.yaml'), 'utf8')
    write('dossiers.yaml', shipped.replace('perPersonDay: 10', 'perPersonDay: 3'))
    write('route.yaml', 'rules: []')
    mkdirSync(join(directory, 'jurisdictions'))
    write('jurisdictions/FI.yaml', 'language: fi\nlaw: []\nregulator: null')
    const laidDown = createLaidDown(policyFiles(directory))
    expect(fileIn(laidDown, 'dossiers.yaml')).toMatchObject({ isOwn: true, isRead: true })
    expect(lineIn(laidDown, 'dossiers.yaml', 'perPersonDay')).toBe('3')
    expect(fileIn(laidDown, 'route.yaml')).toMatchObject({ isRead: false, version: null })
    expect(laidDown.lines('route.yaml')).toBeUndefined()
    expect(fileIn(laidDown, 'jurisdictions/FI.yaml')).toMatchObject({ isOwn: true, isRead: true })
    expect(fileIn(laidDown, 'objections.yaml')?.isOwn).toBe(false)
  })

  it('says what was read, whatever is written or added since', () => {
    write('dossiers.yaml', 'release: one-person\nperPersonDay: 3')
    const files = policyFiles(directory)
    const inForce = files.read('dossiers.yaml')
    const laidDown = createLaidDown(files)
    write('dossiers.yaml', 'release: one-person\nperPersonDay: 99')
    write('other.yaml', 'x: 1')
    expect(lineIn(laidDown, 'dossiers.yaml', 'perPersonDay')).toBe('3')
    expect(files.read('dossiers.yaml')).toBe(inForce)
    expect(fileIn(laidDown, 'other.yaml')).toBeUndefined()
    expect(laidDown.lines('other.yaml')).toBeUndefined()
    const started = createLaidDown(policyFiles(directory))
    expect(lineIn(started, 'dossiers.yaml', 'perPersonDay')).toBe('99')
    expect(fileIn(started, 'dossiers.yaml')?.version).not.toBe(
      fileIn(laidDown, 'dossiers.yaml')?.version,
    )
  })

  it('lists what is no YAML and that nobody has needed, and refuses to show it', () => {
    write('iccam.yaml', 'version: [')
    const laidDown = createLaidDown(policyFiles(directory))
    expect(fileIn(laidDown, 'iccam.yaml')).toMatchObject({ isOwn: true, version: null })
    expect(() => laidDown.lines('iccam.yaml')).toThrow(/iccam\.yaml is not readable YAML/)
    expect(laidDown.lines('../package.json')).toBeUndefined()
    expect(laidDown.lines('rdap/asn.json')).toBeUndefined()
  })
})
