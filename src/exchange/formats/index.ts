import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { icse } from './icse.ts'
import { iwf } from './iwf.ts'
import { localFile } from './local-file.ts'
import { threatExchange } from './threatexchange.ts'
import { vics } from './vics.ts'
import { vpdq } from './vpdq.ts'

/** Every format in which lists come and go. One more is a file here and a line. */
export const FORMATS = {
  csv,
  local_file: localFile,
  threatexchange: threatExchange,
  vics,
  iwf,
  icse,
  vpdq,
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

// Keys of an object are strings to TypeScript, whatever its type says.
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]

/** The formats in which opinions can go back as a file. */
export const FEEDBACK_FORMATS = FORMAT_NAMES.filter((name) => formatOf(name).feedback !== undefined)
/** The formats whose classes a person maps to ours. */
export const CLASSED_FORMATS = FORMAT_NAMES.filter((name) => formatOf(name).hasOwnClasses)

/** A format by its name, typed by what all formats have in common. */
export function formatOf(name: FormatName): Format {
  return FORMATS[name]
}
