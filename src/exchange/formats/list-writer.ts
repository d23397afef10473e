import { HindraError } from '../../errors.ts'
import type { HashType } from '../../hashes/index.ts'
import type { Classification, Feedback, ListedEntry } from '../../register/index.ts'
import { exchangedHashesOf } from '../../register/terms.ts'
import type { FrameHash } from './frames.ts'

/** An entry as it may leave: what `readList` reads back. */
export type Exported = Pick<
  ListedEntry,
  | 'key'
  | 'classification'
  | 'status'
  | 'sourceReference'
  | 'jurisdiction'
  | 'victimIdentified'
  | 'selfGenerated'
  | 'note'
> & {
  readonly kind: ListedEntry['hashes']['kind']
  readonly hashes: ReturnType<typeof exchangedHashesOf>
  /** The newest opinion here; null where nobody gave one. */
  readonly feedback: Pick<Feedback, 'opinion' | 'reason' | 'at'> | null
}

export function exported(entry: ListedEntry): Exported {
  const { key, classification, status, hashes } = entry
  const { sourceReference, jurisdiction, victimIdentified, selfGenerated, note } = entry
  return {
    key,
    classification,
    status,
    kind: hashes.kind,
    hashes: exchangedHashesOf(hashes),
    sourceReference,
    jurisdiction,
    victimIdentified,
    selfGenerated,
    note,
    feedback: newestOpinion(entry),
  }
}

function newestOpinion({ feedback }: ListedEntry): Exported['feedback'] {
  const newest = feedback.at(-1)
  if (newest === undefined) return null
  const { opinion, reason, at } = newest
  return { opinion, reason, at }
}

/** What our classes are called in a format that has classes of its own. */
export type ClassNames = Readonly<Partial<Record<Classification, string>>>

export interface WriteOptions {
  readonly classes: ClassNames
  /** What is thought here of its entries, instead of the list itself. */
  readonly isFeedback?: boolean
}

/** One format, in pieces. */
export interface ListWriter {
  readonly head: string
  readonly separator: string
  readonly tail: string
  /** Nothing where the format has no room for the entry. Throws INVALID_INPUT (a class without a name). */
  pieces(entry: Exported): readonly string[]
}

/** How many entries were written, and how many the format has no room for. */
export interface WriteCounts {
  written: number
  leftOut: number
}

type Hashed = Pick<Exported, 'hashes'>

/** The hashes of a file or a picture: a frame's would pass for that of a picture where no time stands beside it. */
export function wholeHashes({ hashes }: Hashed): Exported['hashes'] {
  return hashes.filter(({ seconds }) => seconds === undefined)
}

/** The sampled frames of a film, in their order. */
export function framesIn({ hashes }: Hashed): readonly FrameHash[] {
  return hashes
    .flatMap(({ value, quality = 0, seconds }) =>
      seconds === undefined ? [] : [{ value, quality, seconds }],
    )
    .sort((a, b) => a.seconds - b.seconds)
}

/** The hash of a type that an entry has of the whole. */
export function hashIn(entry: Hashed, type: HashType) {
  return wholeHashes(entry).find((hash) => hash.type === type)
}

/** Throws INVALID_INPUT: what another list calls a class of ours is never guessed. */
export function classNameOf(classes: ClassNames, classification: Classification): string {
  const name = classes[classification]
  if (name !== undefined) return name
  const message = `classes: nothing was said of what the format calls ${classification}`
  throw new HindraError('INVALID_INPUT', message, { field: 'classes' })
}

/** A text where the format has room for a line. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}
