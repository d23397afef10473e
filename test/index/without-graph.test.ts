import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { packageFile } from '../../src/core/index.ts'

const LEFT_OUT = 'hnswlib-node'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-without-graph-'))
  cpSync(packageFile('dist'), join(directory, 'dist'), { recursive: true })
  cpSync(packageFile('package.json'), join(directory, 'package.json'))
  cpSync(packageFile('native/binary.js'), join(directory, 'native', 'binary.js'))
  const packages = join(directory, 'node_modules')
  mkdirSync(packages)
  for (const name of readdirSync(packageFile('node_modules'))) {
    if (name !== LEFT_OUT) symlinkSync(packageFile(`node_modules/${name}`), join(packages, name))
  }
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

it.skipIf(!existsSync(packageFile('dist/src/index/index.js')))(
  'where npm left hnswlib-node out, what needs it says so, and nothing else needs it',
  () => {
    const index = pathToFileURL(join(directory, 'dist/src/index/index.js')).href
    const script = `
      const { createHnswIndex, indexSource, openNeighbours, openVectors } = await import('${index}')
      const hash = new Uint8Array(32)
      const entries = { labels: Uint32Array.of(7), hashes: hash }
      const said = async (name, work) => {
        console.log(name, await Promise.resolve().then(work).catch(({ code }) => code))
      }
      const neighbours = openNeighbours()
      await said('hnsw', () => createHnswIndex())
      await said('source', () => indexSource('hnsw').open())
      await said('vectors', () => openVectors(3))
      await said('neighbours', () => neighbours.add(entries))
      await said('close', () => neighbours.close())
      for (const kind of ['exact', 'linear']) {
        const index = await indexSource(kind).open()
        await index.add(entries)
        await said(kind, async () => (await index.search(hash, 0)).labels[0])
        await index.close()
      }`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout.trim().split('\n')).toEqual([
      'hnsw GRAPH_UNAVAILABLE',
      'source GRAPH_UNAVAILABLE',
      'vectors GRAPH_UNAVAILABLE',
      'neighbours GRAPH_UNAVAILABLE',
      'close undefined',
      'exact 7',
      'linear 7',
    ])
  },
)
