import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../../src/core/index.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import { broken, DEPLOY, deployed, hasTool, told } from './tools.ts'

const UNITS = join(DEPLOY, 'systemd')
const SHARED = 'hindra-.service.d/confinement.conf'
/** Exposure of each service as `systemd-analyze security` counts it, from 0 to 10; docs/deploy.md tells them. */
const EXPOSURE = { 'hindra-serve': 1.2, 'hindra-backup': 0.5, 'hindra-restore': 0.5 } as const

function verified(folder: string) {
  const names = readdirSync(folder).filter((name) => /\.(service|timer)$/.test(name))
  return told(['systemd-analyze', 'verify', ...names.map((name) => join(folder, name))])
}

function exposure(folder: string, unit: string): number {
  const file = join(folder, `${unit}.service`)
  const { text } = told(['systemd-analyze', 'security', '--offline=yes', '--no-pager', file])
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(text)?.[1])
}

describe.runIf(hasTool('systemd-analyze', 'systemd'))('the units', () => {
  it('are what systemd understands', () => {
    expect(verified(UNITS)).toEqual({ ok: true, text: '' })
    const misspelt = broken('systemd', SHARED, 'ProtectSystem=', 'ProtectSytem=')
    expect(verified(misspelt).text).toContain("Unknown key 'ProtectSytem'")
  })

  it.each(Object.entries(EXPOSURE))('leave %s an exposure of %d at most', (unit, most) => {
    expect(exposure(UNITS, unit)).toBeLessThanOrEqual(most)
  })

  it.each([
    'ProtectSystem=strict',
    'PrivateUsers=yes',
    'CapabilityBoundingSet=',
    'RestrictNamespaces=yes',
    'SystemCallFilter=~@privileged',
  ])('are over it without %s', (directive) => {
    const weakened = broken('systemd', SHARED, `\n${directive}`, `\n# ${directive}`)
    expect(exposure(weakened, 'hindra-serve')).toBeGreaterThan(EXPOSURE['hindra-serve'])
  })

  it('take no word of the environment by which Node writes its memory, or tells of requests', () => {
    expect(deployed(`systemd/${SHARED}`)).toMatch(/^UnsetEnvironment=NODE_DEBUG NODE_OPTIONS$/m)
  })

  it('let setpriv confine decoders, which asks for more than a service does', () => {
    const allowed = (folder: string) => {
      const calls = new Set<string>()
      const lines = readFileSync(join(folder, SHARED), 'utf8').matchAll(
        /^SystemCallFilter=(~?)(.*)$/gm,
      )
      for (const [, denies, names = ''] of lines) {
        for (const call of names.split(' ').flatMap(callsOf)) {
          if (denies === '~') calls.delete(call)
          else calls.add(call)
        }
      }
      return calls
    }
    const needed = [
      'capset',
      'landlock_create_ruleset',
      'landlock_restrict_self',
      'seccomp',
      'prctl',
      'prlimit64',
    ]
    expect(needed.filter((call) => !allowed(UNITS).has(call))).toEqual([])
    const without = broken('systemd', SHARED, 'SystemCallFilter=capset', '')
    expect(needed.filter((call) => !allowed(without).has(call))).toEqual(['capset'])
    expect(deployed(`systemd/${SHARED}`)).not.toMatch(/^MemoryDenyWriteExecute/m)
  })
})

/** Of a name, or of a set of names that may hold sets. */
function callsOf(name: string): readonly string[] {
  if (!name.startsWith('@')) return [name]
  const { text } = told(['systemd-analyze', 'syscall-filter', '--no-pager', name])
  const members = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
  return members.filter((member) => member !== '' && !member.startsWith('#')).flatMap(callsOf)
}

describe('what the units for backups run', () => {
  let home: Home
  const folders = () => ({
    '/var/backups/hindra': join(home.directory, 'backups'),
    '/tmp/newest': join(home.directory, 'newest'),
    '/var/tmp/restored': join(home.directory, 'restored'),
  })

  beforeAll(async () => {
    home = createHome()
    await home.json(['init'])
    for (const folder of ['bin', 'backups']) mkdirSync(join(home.directory, folder))
    const hindra = join(home.directory, 'bin/hindra')
    const command = `exec ${process.execPath} ${packageFile('bin/hindra.js')} "$@"`
    writeFileSync(hindra, `#!/bin/sh\n${command}\n`)
    chmodSync(hindra, 0o755)
  })
  afterAll(() => home.dispose())

  /**
   * Runs the commands of a unit one after the other, as systemd does, until one fails.
   *
   * @param shared What else a drop-in for all units says of the environment
   */
  function started(unit: string, shared: Readonly<Record<string, string>> = {}) {
    const text = deployed(`systemd/${unit}.service`).replaceAll('\\\n', '').replaceAll('%%', '%')
    const commands = Array.from(text.matchAll(/^ExecStart=(.*)$/gm), ([, command = '']) => command)
    expect(commands.length).toBeGreaterThan(1)
    const moved = Object.entries(folders()).reduce(
      (script, [from, to]) => script.replaceAll(from, to),
      // Words of systemd are not expanded as a shell does: its `*` reaches find as it is.
      ['set -f', ...commands].join('\n'),
    )
    const { directory, data } = home
    const unset = /^UnsetEnvironment=(.*)$/m.exec(text)?.[1]?.split(' ') ?? []
    const named = {
      PATH: `${join(directory, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      HINDRA_DATA: data,
      HINDRA_DATA_KEY_FILE: join(data, 'data.key'),
      ...shared,
    }
    const env = Object.fromEntries(Object.entries(named).filter(([name]) => !unset.includes(name)))
    for (const made of ['newest', 'restored'])
      rmSync(join(directory, made), { force: true, recursive: true })
    return told(['sh', '-euc', moved], { cwd: directory, env })
  }
  const kept = () => readdirSync(folders()['/var/backups/hindra'])
  const backup = (name: string) => join(folders()['/var/backups/hindra'], name)
  const days = (count: number) => new Date(Date.now() - count * 24 * 3_600_000)

  it('takes one, restores it and reads all of it; old ones go once there is a new one', () => {
    expect(started('hindra-restore').text).toContain('no backup of the last two days')
    writeFileSync(backup('2020-01-01.backup'), 'an old one')
    utimesSync(backup('2020-01-01.backup'), days(36), days(36))
    writeFileSync(backup('2020-02-01.backup'), 'a younger one')
    utimesSync(backup('2020-02-01.backup'), days(34), days(34))
    expect(started('hindra-backup')).toMatchObject({ ok: true })
    expect(kept()).toHaveLength(2)
    expect(kept()).not.toContain('2020-01-01.backup')

    const { ok, text } = started('hindra-restore')
    expect({ ok, text }).toMatchObject({ ok: true })
    expect(text).toContain('the data key opens them all')
  })

  it('restores into a directory where the house has its store in PostgreSQL', () => {
    const database = 'postgres://127.0.0.1:1/house'
    const settings = join(home.directory, 'house.yaml')
    writeFileSync(settings, `store:\n  url: ${database}\n`)
    for (const shared of [{ HINDRA_STORE: database }, { HINDRA_CONFIG: settings }]) {
      const { ok, text } = started('hindra-restore', shared)
      expect({ ok, text }).toMatchObject({ ok: true })
      expect(text).toContain('the data key opens them all')
    }
  })

  it('fails where the newest is old, or damaged', () => {
    const newest = backup(kept().toSorted().at(-1) ?? '')
    const bytes = readFileSync(newest)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(newest, bytes)
    expect(started('hindra-restore')).toMatchObject({ ok: false })
    expect(started('hindra-restore').text).toContain('BACKUP_DAMAGED')
    utimesSync(newest, days(3), days(3))
    expect(started('hindra-restore')).toMatchObject({ ok: false })
  })

  it('keeps the old ones where a new one cannot be taken', () => {
    utimesSync(backup('2020-02-01.backup'), days(40), days(40))
    const key = join(home.data, 'data.key')
    const right = readFileSync(key)
    writeFileSync(key, `${Buffer.alloc(32).toString('base64')}\n`)
    expect(started('hindra-backup')).toMatchObject({ ok: false })
    expect(kept()).toContain('2020-02-01.backup')
    writeFileSync(key, right)
  })
})
