import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSealer, DATA_KEY_BYTES, type Sealer, systemRandom } from '../../src/core/index.ts'
import { type NativeIndex, restoreNativeIndex } from '../../src/index/index.ts'
import type { Bench } from '../bench.ts'
import { countOf, hashAt, makeDataset } from './dataset.ts'
import { fillNative, hasNative } from './native.ts'
import { recordAgainst } from './report.ts'

const LENGTH_BYTES = 4
const RADIUS = 31

/**
 * The index to a file, each chunk sealed like a record of the store, and back from it to the first
 * answer, against building it anew. The file was just written: it is read from the system's cache.
 */
export async function benchSnapshot(bench: Bench, count: number): Promise<void> {
  if (!bench.wants('snapshot') || !hasNative(bench)) return
  const { hashes } = makeDataset('random', { count, queries: 0, radius: 0 }, bench.seed)
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  try {
    await measure(bench, hashes, join(folder, 'index'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(bench: Bench, hashes: Uint8Array, path: string): Promise<void> {
  const sealer = createSealer(new Uint8Array(DATA_KEY_BYTES), systemRandom)
  const record = (metric: string, value: number, unit: string) => {
    bench.record({ case: 'snapshot', metric, value, unit })
  }
  const { index, buildSeconds } = await fillNative(hashes)
  const write = await seconds(() => save(index, path, sealer))
  index.close()
  record('write, sealed and synced', write.seconds, 's')
  record('file', write.value / countOf(hashes), 'bytes/hash')

  const opening = await seconds(() => drain(load(path, sealer)))
  const loading = await seconds(async () => {
    const restored = await restoreNativeIndex(load(path, sealer))
    const label = countOf(hashes) - 1
    const [hit] = restored.search({ hash: hashAt(hashes, label), radius: RADIUS })
    if (hit?.label !== label) throw new Error('the restored index does not find its hashes')
    return restored
  })
  recordAgainst(bench, 'snapshot', {
    metric: 'load to first answer',
    unit: 's',
    value: loading.seconds,
    peer: 'build anew',
    peerValue: buildSeconds,
  })
  record('of it, reading and opening', opening.seconds, 's')
  // Until then it answers by comparing every hash.
  const sorting = await seconds(() => loading.value.idle())
  record('from there to full speed', sorting.seconds, 's')
  loading.value.close()
}

/** Returns the size of the file in bytes. */
async function save(index: NativeIndex, path: string, sealer: Sealer): Promise<number> {
  const file = await open(path, 'w')
  let bytes = 0
  let position = 0
  for await (const chunk of index.chunks()) {
    const sealed = sealer.seal(chunk, aad(position))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(sealed.length)
    await file.writev([length, sealed])
    bytes += LENGTH_BYTES + sealed.length
    position += 1
  }
  await file.sync()
  await file.close()
  return bytes
}

async function* load(path: string, sealer: Sealer): AsyncGenerator<Uint8Array> {
  const file = await open(path)
  try {
    for (let position = 0; ; position += 1) {
      const length = await readExactly(file, LENGTH_BYTES)
      if (length === undefined) return
      const sealed = await readExactly(file, length.readUInt32LE())
      if (sealed === undefined) throw new Error('the file of the snapshot is cut off')
      yield sealer.open(sealed, aad(position))
    }
  } finally {
    await file.close()
  }
}

function aad(position: number): string {
  return `bench snapshot ${position}`
}

/** undefined at the end of the file. */
async function readExactly(file: FileHandle, bytes: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(bytes)
  const { bytesRead } = await file.read(buffer, 0, bytes)
  return bytesRead === bytes ? buffer : undefined
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) if (chunk.length === 0) throw new Error('a chunk is empty')
}

async function seconds<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const start = performance.now()
  const value = await work()
  return { seconds: (performance.now() - start) / 1e3, value }
}
