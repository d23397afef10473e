import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const LINES_MAX = 400

/** Ambient time and randomness, which no import shows; `core` is where they are let in. */
const AMBIENT =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandom(?:Bytes|UUID|Int|FillSync)\(|getRandomValues/
const AMBIENT_HOMES = ['src/core/clock.ts', 'src/core/random.ts']

/** Hits before anybody has judged them. */
const RAW_SEARCH = /\bRawHit\b|\bknown\.search\(|\.(?:searchHashes|resembling|withOpaque)\(/

function sources(...folders: readonly string[]): readonly { name: string; text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|js|cc|h)$/.test(entry.name))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return { name: relative(root, path), text: readFileSync(path, 'utf8') }
      }),
  )
}

function filesWith(pattern: RegExp, ...folders: readonly string[]): readonly string[] {
  return sources(...folders)
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name)
}

describe('tidiness', () => {
  it('sees the sources at all', () => {
    expect(sources('src').length).toBeGreaterThan(40)
    expect(filesWith(AMBIENT, 'src/core')).toEqual(AMBIENT_HOMES)
  })

  it('lets time and randomness in at one place', () => {
    const elsewhere = filesWith(AMBIENT, 'src').filter((name) => !AMBIENT_HOMES.includes(name))
    expect(elsewhere).toEqual([])
  })

  it('lets `match` alone judge what the known set gives, so that the allow-list clears everywhere', () => {
    expect(filesWith(RAW_SEARCH, 'src/match').length).toBeGreaterThan(2)
    const homes = /^src\/(index|known|match)\//
    const elsewhere = filesWith(RAW_SEARCH, 'src').filter((name) => !homes.test(name))
    // Asks whether the index answers, and looks at no hit.
    expect(elsewhere).toEqual(['src/watch/watch.ts'])
  })

  it('gives the name of an exported type once, so that it means one thing', () => {
    const homes = new Map<string, string[]>()
    for (const { name, text } of sources('src')) {
      for (const [, type = ''] of text.matchAll(/^export (?:interface|type|class) (\w+)/gm)) {
        homes.set(type, [...(homes.get(type) ?? []), name])
      }
    }
    expect(homes.size).toBeGreaterThan(500)
    expect([...homes].filter(([, files]) => files.length > 1)).toEqual([])
  })

  it('has the ports that src/README.md names, each where it says, as the type of a function', () => {
    const readme = readFileSync(join(root, 'src/README.md'), 'utf8')
    const [told = ''] =
      /Where a stage needs one that comes later[^]*?`test\/tidy`/.exec(readme) ?? []
    let stage = ''
    const ports: string[] = []
    for (const [, name = ''] of told.matchAll(/`(\w+)`/g)) {
      if (/^[A-Z]/.test(name)) ports.push(`${stage} ${name}`)
      else stage = name
    }
    expect(ports.length).toBeGreaterThan(6)
    const missing = ports.filter((port) => {
      const [folder = '', name = ''] = port.split(' ')
      const declared = new RegExp(`export type ${name} = \\([^]*?\\) =>`)
      const exported = new RegExp(`export (?:type )?\\{[^}]*\\b${name}\\b`)
      const isExported = filesWith(exported, `src/${folder}`).some((file) =>
        file.endsWith('index.ts'),
      )
      return !isExported || filesWith(declared, `src/${folder}`).length !== 1
    })
    expect(missing).toEqual([])
  })

  it('keeps files small enough to hold one concept', () => {
    const long = sources('src', 'bench', 'fixtures', 'scripts', 'test').filter(
      ({ text }) => text.split('\n').length > LINES_MAX,
    )
    expect(long.map(({ name }) => name)).toEqual([])
  })

  it('names the instructions of a kernel set at one place, which asks the processor for them too', () => {
    const compiled = /target\(|BEGIN_COMPILED_FOR\(/
    const home = 'native/kernels/instructions.h'
    expect(filesWith(compiled, 'native').toSorted()).toEqual([
      ...['avx2', 'avx512'].map((set) => `native/kernels/hamming-${set}.cc`),
      home,
      ...['jpeg', 'pdq', 'plane'].flatMap((name) =>
        ['avx2', 'avx512'].map((set) => `native/kernels/${name}-${set}.cc`),
      ),
    ])
    expect(filesWith(/target\(/, 'native')).toEqual([home])
    const flag = /-m(?:avx|fma|popcnt|bmi|lzcnt|sse|arch|cpu|tune)/
    for (const file of ['native/binding.gyp', 'native/test/sanitize.sh']) {
      expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(flag)
    }
  })

  it('names tests for what SECURITY.md promises, and each of them is there', () => {
    const named = readFileSync(join(root, 'SECURITY.md'), 'utf8').match(/test\/[\w/.-]+\.ts/g) ?? []
    expect(named.length).toBeGreaterThan(8)
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('leaves no unfinished mark', () => {
    // Written apart, so that this file does not find itself.
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`)
    expect(filesWith(marks, 'src', 'bench', 'fixtures', 'scripts', 'test', 'bin')).toEqual([])
  })

  it('runs every test: none is focused or skipped without a condition', () => {
    const marks = new RegExp(`\\b(it|test|describe)\\.(${['on' + 'ly', 'sk' + 'ip\\('].join('|')})`)
    expect(filesWith(marks, 'test')).toEqual([])
  })
})
