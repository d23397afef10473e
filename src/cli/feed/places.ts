import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { HindraError } from '../../errors.ts'

/** How far a file was answered. */
export interface FilePosition {
  /** Bytes from its start. */
  readonly position: number
  /** Lines in them, or records of a crawl. */
  readonly line: number
  /** Records that were answered of the gzip member that begins there, where it has more. */
  readonly inside?: number
  /**
   * 16 bits of a checksum of what stands before the position: enough to notice that the file was
   * written anew, far too little to recognise a URL by.
   */
  readonly check: number
}

/** Places of files, by their identity; nothing of what they hold, nor their names. */
export interface Places {
  get(id: string): FilePosition | undefined
  set(id: string, place: FilePosition): void
  /** Forgets the files that are not among these. */
  keep(ids: ReadonlySet<string>): void
  /** Whole or not at all, also where the machine stops in between. */
  save(): void
}

const VERSION = 1

/** Throws INVALID_INPUT for a file that is no such state. */
export function openPlaces(path: string): Places {
  const places = new Map(Object.entries(read(path)))
  let isSaved = true
  return {
    get: (id) => places.get(id),
    set(id, place) {
      places.set(id, place)
      isSaved = false
    },
    keep(ids) {
      for (const id of places.keys()) {
        if (ids.has(id)) continue
        places.delete(id)
        isSaved = false
      }
    },
    save() {
      if (isSaved) return
      replace(path, JSON.stringify({ version: VERSION, files: Object.fromEntries(places) }))
      isSaved = true
    },
  }
}

function read(path: string): Readonly<Record<string, FilePosition>> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw notState(path, cause)
  }
  try {
    const { version, files } = JSON.parse(text) as {
      version: number
      files: Record<string, FilePosition>
    }
    const isPlace = ({ position, line, check, inside = 0 }: FilePosition) =>
      [position, line, check, inside].every((number) => Number.isSafeInteger(number) && number >= 0)
    if (version === VERSION && Object.values(files).every(isPlace)) return files
  } catch (cause) {
    throw notState(path, cause)
  }
  throw notState(path, undefined)
}

function notState(path: string, cause: unknown): HindraError {
  const message = `${path} is no state of hindra feed; without it, everything is read again`
  return new HindraError('INVALID_INPUT', message, { cause })
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.new`
  const file = openSync(beside, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
}
