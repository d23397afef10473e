import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { prebuiltFor } from './prebuilt.ts'

/** Debian 12. */
const GLIBC_NEWEST = [2, 36] as const

describe.each(['x64', 'arm64'] as const)('the prebuilt native core for linux %s', (arch) => {
  const binary = prebuiltFor(arch)
  const read = (...args: readonly string[]) =>
    execFileSync('readelf', ['--wide', ...args, binary ?? ''], { encoding: 'utf8' })

  it.runIf(binary !== undefined)('asks for no glibc above 2.36', () => {
    const versions = [...read('--version-info').matchAll(/\bGLIBC_(\d+)\.(\d+)/g)].map(
      ([, major, minor]) => [Number(major), Number(minor)] as const,
    )
    expect(versions.length).toBeGreaterThan(0)
    const [newestMajor, newestMinor] = GLIBC_NEWEST
    const above = versions.filter(
      ([major, minor]) => major > newestMajor || (major === newestMajor && minor > newestMinor),
    )
    expect(above).toEqual([])
  })

  it.runIf(binary !== undefined)('needs no libstdc++, and gives away nothing of its own', () => {
    const needed = [...read('--dynamic').matchAll(/NEEDED\).*\[(.+)\]/g)].map(([, name]) => name)
    expect(needed).toContain('libc.so.6')
    expect(
      needed.filter((name) => !/^(?:libc|libm|ld-linux-[\w-]+)\.so\.\d$/.test(name ?? '')),
    ).toEqual([])
    const symbols = read('--dyn-syms').split('\n')
    // Calls of its own libstdc++ stay within it, whatever Node has loaded.
    expect(read('--dynamic')).toMatch(/FLAGS\).*SYMBOLIC/)
    expect(symbols.filter((line) => /GLOBAL +DEFAULT +\d+ (?!n(?:ode_)?api_)/.test(line))).toEqual(
      [],
    )
  })
})
