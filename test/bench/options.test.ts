import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

describe('npm run bench', () => {
  it("gives V8 the options of the command: they decide how often a worker's memory is gone through", () => {
    const [first = ''] = read('bin/hindra.js').split('\n')
    const options = first.match(/--\S+/g) ?? []
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { bench: string } }
    expect(options).not.toEqual([])
    expect(scripts.bench.match(/--\S+/g)).toEqual(options)
  })
})

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
}
