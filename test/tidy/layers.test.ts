import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkLayers } from './layers.ts'

const root = resolve(import.meta.dirname, '../..')
/** A thousand files are read and parsed: a busy machine takes its time. */
const PATIENCE_MS = 300_000
const made: string[] = []

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
})

/** A project that holds only these files. */
function planted(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-layers-'))
  made.push(directory)
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  symlinkSync(join(root, 'tsconfig.json'), join(directory, 'tsconfig.json'))
  symlinkSync(join(root, 'package.json'), join(directory, 'package.json'))
  for (const name of ['src', 'native', 'bin', 'bench']) mkdirSync(join(directory, name))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

describe('layering rules', () => {
  it('hold in this project', { timeout: PATIENCE_MS }, async () => {
    const report = await checkLayers(root)
    expect(report.violations).toEqual([])
    expect(report.modules).toBeGreaterThan(40)
  })

  it('see a stage that imports a later one', async () => {
    const directory = planted({
      'src/cases/index.ts': 'export const cases = 1\n',
      'src/store/index.ts': "import { cases } from '../cases/index.ts'\nexport const all = cases\n",
    })
    const { violations } = await checkLayers(directory)
    expect(violations).toContain('upstream-only-store: src/store/index.ts -> src/cases/index.ts')
  })

  it('see a folder entered by a side door, a cycle, a package away from home and an orphan', async () => {
    const directory = planted({
      'src/core/index.ts': "export * from './inner.ts'\n",
      'src/core/inner.ts':
        "import { a } from './index.ts'\nexport const inner = [a]\nexport const a = 1\n",
      'src/store/index.ts': "import { inner } from '../core/inner.ts'\nexport const x = inner\n",
      'src/match/index.ts':
        "import sharp from 'sharp'\nimport '../store/index.ts'\nexport const y = sharp\n",
      'src/match/alone.ts': 'export const alone = 1\n',
    })
    const rules = (await checkLayers(directory)).violations.map((text) => text.split(':')[0])
    expect(rules).toEqual(
      expect.arrayContaining(['front-door', 'no-cycles', 'home-of-sharp', 'no-orphans']),
    )
  })

  it('see a page of a stranger that is parsed beside the keys', async () => {
    const directory = planted({
      'src/intake/page-media.ts': 'export const mediaOnPage = 1\n',
      'src/intake/page-worker.ts': "import { mediaOnPage } from './page-media.ts'\nmediaOnPage\n",
      'src/intake/index.ts': "export { mediaOnPage } from './page-media.ts'\n",
    })
    const found = (await checkLayers(directory)).violations.filter((text) => text.includes('room'))
    expect(found).toEqual([
      'foreign-text-is-read-in-a-room: src/intake/index.ts -> src/intake/page-media.ts',
    ])
  })

  it('see a caller of the native core that has no portable version beside it', async () => {
    const directory = planted({
      'native/binding.ts': 'export const core = 1\n',
      'src/cases/index.ts': "export { core } from '../../native/binding.ts'\n",
      'src/index/index.ts': "export { core } from '../../native/binding.ts'\n",
    })
    const { violations } = await checkLayers(directory)
    expect(violations).toContain('native-has-few-callers: src/cases/index.ts -> native/binding.ts')
    expect(violations.join()).not.toContain('src/index/index.ts -> native')
  })

  it('do not pass where no module is seen', async () => {
    const { violations } = await checkLayers(planted({ 'fixtures/index.ts': '' }))
    expect(violations).toEqual(['no-modules: the check saw nothing'])
  })
})
