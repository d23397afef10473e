import { setTimeout as sleep } from 'node:timers/promises'
import { type CandidateFile, createCandidates } from './candidates.ts'
import type { Places } from './places.ts'
import { type TrackedLine, TrackedFile } from './tracked-file.ts'

const POLL_MS = 300

export interface FileSetOptions {
  readonly follow: boolean
  readonly lineBytesMax: number
  readonly signal: AbortSignal
}

/** A file or a directory that is read, rotated files included. */
export interface FileSet {
  /** The lines, once to the end, or on and on until the signal. */
  lines(): AsyncGenerator<TrackedLine>
  /** Writes down how far the answers came. */
  save(): Promise<void>
  close(): Promise<void>
}

/** Throws INVALID_INPUT where nothing is at `path`. */
export function openFileSet(
  path: string,
  places: Places,
  { follow, lineBytesMax, signal }: FileSetOptions,
): FileSet {
  const candidates = createCandidates(path)
  const files = new Map<string, TrackedFile>()
  const gone = new Set<TrackedFile>()
  let saved = Promise.resolve()

  async function fileOf(candidate: CandidateFile): Promise<TrackedFile | undefined> {
    const known = files.get(candidate.id)
    if (known !== undefined) return known
    const place = places.get(candidate.id)
    const file = await TrackedFile.open(candidate, place)
    if (file === undefined) return undefined
    if (place === undefined) {
      for (const other of files.values()) {
        if (!(await file.isCopyOf(other, candidate.size))) continue
        file.continueFrom(other)
        break
      }
    }
    files.set(candidate.id, file)
    return file
  }

  async function* look(): AsyncGenerator<TrackedLine> {
    const found = candidates()
    const ids = new Set(found.map(({ id }) => id))
    for (const [id, file] of files) {
      // Renamed to what is no feed, or deleted: what is still in it is read, since it is open.
      if (ids.has(id)) continue
      files.delete(id)
      gone.add(file)
      yield* file.lines(lineBytesMax, true, undefined)
    }
    // All are opened before one is read: a copy is told by what it is a copy of.
    const isNew = ({ id }: CandidateFile) => places.get(id) === undefined
    for (const candidate of found) if (!isNew(candidate)) await fileOf(candidate)
    for (const candidate of found) if (isNew(candidate)) await fileOf(candidate)
    for (const candidate of found) {
      yield* files.get(candidate.id)?.lines(lineBytesMax, !follow, candidate) ?? []
    }
    places.keep(ids)
  }

  async function save(): Promise<void> {
    for (const file of files.values()) {
      const place = await file.place()
      if (place !== undefined) places.set(file.id, place)
    }
    places.save()
    for (const file of gone) {
      if (!file.isAnswered) continue
      gone.delete(file)
      await file.close()
    }
  }

  return {
    async *lines() {
      while (!signal.aborted) {
        yield* look()
        if (!follow) return
        await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    save() {
      // One after the other, or an older place could be written over a newer one.
      saved = saved.catch(() => undefined).then(save)
      return saved
    },
    async close() {
      await Promise.all([...files.values(), ...gone].map((file) => file.close()))
    },
  }
}
