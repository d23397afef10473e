// Runs in a browser and nowhere else: bundled by scripts/hasher. It has no connection of its own (the server sends it
// with a policy that allows none): a file goes in, and hashes come out.
import { md5 } from '@noble/hashes/legacy.js'
import type { ClientHash } from '../../intake/index.ts'
import { pdqHash } from '../pdq.ts'
import { BROWSER_HASHER } from '../terms.ts'
import { rasterOfFile, readsTruly } from './pixels.ts'
import { answer, listen } from './surroundings.ts'
import type { Unhashed } from './undressed.ts'

interface AskedFile {
  /** Names the file among those that were asked for. */
  readonly id: number
  readonly file: Blob
  /** Whether other lists are to know the file by its digests, too: the SHA-256 is always there. */
  readonly isForLists?: boolean
}

/** What the page is answered. */
type HashedFile =
  | { readonly id: number; readonly hashes: readonly ClientHash[] }
  | { readonly id: number; readonly unhashed: Unhashed }

let reading: Promise<boolean> | undefined
/** One picture at a time is in memory. */
let turn = Promise.resolve()

listen('message', ({ data }) => {
  // Only our own page has this worker.
  const { id, file, isForLists = false } = data as AskedFile
  turn = turn.then(async () => {
    const hashed: HashedFile = await hashesOf(file, isForLists).then(
      (found) => (typeof found === 'string' ? { id, unhashed: found } : { id, hashes: found }),
      () => ({ id, unhashed: 'unable' }),
    )
    answer(hashed)
  })
})

async function hashesOf(
  file: Blob,
  isForLists: boolean,
): Promise<readonly ClientHash[] | Unhashed> {
  reading ??= readsTruly()
  if (!(await reading)) return 'falsified'
  const bytes = new Uint8Array(await file.arrayBuffer())
  const raster = await rasterOfFile(bytes)
  if (typeof raster === 'string') return raster
  const { pdq, quality } = pdqHash(raster)
  return [
    { type: 'sha256', value: await digestOf('SHA-256', bytes), hasher: BROWSER_HASHER },
    { type: 'pdq', value: hexOf(pdq), quality, hasher: BROWSER_HASHER },
    ...(isForLists ? await otherDigests(bytes) : []),
  ]
}

/** Browsers make no MD5, and lists of others know files by it. Nothing is believed for its sake. */
async function otherDigests(bytes: Uint8Array<ArrayBuffer>): Promise<readonly ClientHash[]> {
  return [
    { type: 'sha1', value: await digestOf('SHA-1', bytes), hasher: BROWSER_HASHER },
    { type: 'md5', value: hexOf(md5(bytes)), hasher: BROWSER_HASHER },
  ]
}

async function digestOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest(name, bytes)))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
