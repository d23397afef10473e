import { relative, resolve } from 'node:path'
import type { Plugin } from 'vitest/config'

const ROOT = resolve(import.meta.dirname, '../..')
/** Node loads it itself. */
export const BUILT_CODE = /\/dist\/(?:src|native)\//
const SOURCE = /^((?:src|native)\/.+)\.ts$/

/**
 * Tests that import a source get what it was built to, as users do: Node loads that in a quarter of the time, and
 * worker threads need no loader of TypeScript, which takes a second each.
 */
export function builtCode(): Plugin {
  return {
    name: 'built-code',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (importer === undefined || !specifier.startsWith('.')) return undefined
      const [, name] = SOURCE.exec(relative(ROOT, resolve(importer, '..', specifier))) ?? []
      if (name === undefined) return undefined
      return resolve(ROOT, `dist/${name}.js`)
    },
  }
}
