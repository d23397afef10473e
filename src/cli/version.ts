import { readFileSync } from 'node:fs'

/** The version of this package. */
export function version(): string {
  // Beside src in the sources, beside dist/src when built.
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(place, import.meta.url), 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      continue
    }
  }
  return 'unknown'
}
