import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const isRoot = process.getuid?.() === 0
let programs: string

beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'hindra-path-'))
})
afterEach(() => {
  rmSync(programs, { recursive: true })
})

function addProgram(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** Runs the check unattended, with nothing in PATH but `programs`. */
function requireFfmpeg(env: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['test/require-ffmpeg.js'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { PATH: programs, ...env },
    input: '',
    encoding: 'utf8',
  })
}

describe('the check for ffmpeg', () => {
  it('is silent where ffmpeg and ffprobe are', () => {
    addProgram('ffmpeg', 'exit 0')
    addProgram('ffprobe', 'exit 0')
    const { status, stdout, stderr } = requireFfmpeg()
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it('stops with the line to type where it cannot install', () => {
    const { status, stderr } = requireFfmpeg()
    expect(status).toBe(1)
    expect(stderr).toContain('ffmpeg is not installed')
    expect(stderr).toMatch(
      /^Install it, then run this again: {2}(sudo )?apt-get install -y ffmpeg$/m,
    )
  })

  it.runIf(isRoot)('installs it for root', () => {
    const make = ['ffmpeg', 'ffprobe'].map((name) => `/bin/ln -s /bin/true ${join(programs, name)}`)
    addProgram('apt-get', `echo "$*"\nif [ "$1" = install ]; then ${make.join('; ')}; fi`)
    const { status, stdout, stderr } = requireFfmpeg()
    expect(status).toBe(0)
    // The first is the look whether apt-get is there, whose output is not shown.
    expect(stdout).toBe('update\ninstall -y ffmpeg\n')
    expect(stderr).toContain('ffmpeg is not installed')
  })

  it.runIf(isRoot)('stops where the installation fails', () => {
    addProgram('apt-get', 'if [ "$1" = update ]; then exit 100; fi')
    expect(requireFfmpeg().status).toBe(1)
  })

  it('does not install where HINDRA_FFMPEG names another one', () => {
    addProgram('apt-get', 'echo installed')
    const { status, stdout, stderr } = requireFfmpeg({ HINDRA_FFMPEG: '/no/such/ffmpeg' })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('HINDRA_FFMPEG names /no/such/ffmpeg, which does not run.')
  })
})
