import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatOf, proveFormat } from '../../src/store/index.ts'
import { openTestContext } from '../context.ts'
import { ROOT, textOf } from './page.ts'

const CHANGELOG = textOf('CHANGELOG.md')
const HEADINGS = ['Removed', 'Changed', 'Added', 'Fixed', 'Security']

describe('a release', () => {
  it('has its version in the changelog, behind what is not released yet', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string
    }
    const [next, newest = ''] = Array.from(CHANGELOG.matchAll(/^## (.*)$/gm), ([, title]) => title)
    expect(next).toBe('Unreleased')
    expect(newest).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} - \\d{4}-\\d\\d-\\d\\d$`))
  })

  it('tells each kind of change once', () => {
    for (const release of CHANGELOG.split(/^## /m).slice(1)) {
      const kinds = Array.from(release.matchAll(/^### (.*)$/gm), ([, kind = '']) => kind)
      expect(kinds).toEqual(HEADINGS.filter((kind) => kinds.includes(kind)))
    }
  })

  it('says which format of the store it writes', async () => {
    const context = await openTestContext()
    await proveFormat(context)
    const { format } = await formatOf(context)
    await context.dispose()
    expect(textOf('docs/releases.md')).toContain(`this version writes format ${String(format)}`)
  })
})
