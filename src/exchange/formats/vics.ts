import { defined, own } from '../../core/index.ts'
import { hashesNamedBy, isDigest } from '../../hashes/index.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { flagOf, type Json, readObjects, textOf } from './json-objects.ts'
import { classNameOf, type Exported, hashIn } from './list-writer.ts'

const HASHES = [...hashesNamedBy('vics')]

/** The data model whose categories are whoever exports it says they are. */
const VICS_MODEL =
  'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases'

/**
 * Project VIC, VICS 2.0: `value[].Media[]`, one case going out. IsPrecategorized and TotalMediaFiles are not
 * relied on; the category is a national one and mapped by whoever imports.
 */
export const vics: Format = {
  hasOwnClasses: true,

  read: (bytes) => readObjects(bytes, '$.value.*.Media.*', deltaOf),

  write({ classes, id }) {
    const beginning = { '@odata.context': VICS_MODEL, value: [] }
    const inCase = { CaseID: id, SourceApplicationName: 'Hindra', Media: [] }
    return {
      head: `${JSON.stringify(beginning).slice(0, -2)}${JSON.stringify(inCase).slice(0, -2)}\n`,
      separator: ',\n',
      tail: '\n]}]}\n',
      pieces(entry) {
        const hashes = HASHES.flatMap(([name, type]) => {
          const value = hashIn(entry, type)?.value
          if (value === undefined) return []
          return [[name, isDigest(type) ? value.toUpperCase() : value] as const]
        })
        if (entry.status === 'retracted' || hashes.length === 0) return []
        const media = mediaOf(entry, classNameOf(classes, entry.classification))
        return [JSON.stringify({ ...media, ...Object.fromEntries(hashes) })]
      },
    }
  },
}

function deltaOf(media: Json, line: number): Delta {
  const hashes = HASHES.flatMap(([name, type]) => {
    const value = textOf(own(media, name))
    return value === undefined ? [] : [{ type, value }]
  })
  const key = textOf(media['MediaID'])
  const category = textOf(media['Category'])
  return {
    change: 'put',
    line,
    hashes,
    ...defined({ key, sourceClass: category }),
    description: {
      sourceReference: key ?? null,
      victimIdentified: flagOf(media['VictimIdentified']),
      selfGenerated: flagOf(media['SelfGenerated']),
      note: noteOf(media),
    },
  }
}

function noteOf(media: Json): string | null {
  const series = textOf(media['Series'])
  const tags = textOf(media['Tags'])
  const comments = textOf(media['Comments'])
  const notes = [
    ...(series === undefined ? [] : [`series ${series}`]),
    ...(tags === undefined ? [] : [`tags ${tags}`]),
    ...(comments === undefined ? [] : [comments]),
  ]
  return notes.length === 0 ? null : notes.join('; ')
}

function mediaOf({ key, victimIdentified, selfGenerated, note }: Exported, category: string) {
  return {
    MediaID: numbered(key),
    Category: numbered(category),
    VictimIdentified: victimIdentified ?? undefined,
    SelfGenerated: selfGenerated ?? undefined,
    Comments: note ?? undefined,
  }
}

/** Numbers where they are read back as they were. */
function numbered(text: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
