import { defined, isObject, own } from '../../core/index.ts'
import {
  HASH_TYPES,
  hashesNamedBy,
  hashOfText,
  type HashType,
  isDigest,
  kindOf,
} from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { flagIn, type Json, readObjects, textIn } from './json-objects.ts'
import { classNameOf, type Exported, wholeHashes } from './list-writer.ts'
import { hashNamed, invalid } from './refusing.ts'

/** Media of a hash set, and of the cases of a seizure. */
const PATHS = ['$.value.*', '$.value.*.Media.*']

const FIELDS = hashesNamedBy('vics')
const ALTERNATIVES = new Map(HASH_TYPES.map((type) => [plain(kindOf(type).title), type]))

/** The data model by whose name importers of hash sets know one. */
const VICS_MODEL =
  'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media'

/**
 * Project VIC, VICS 2.0, and 1.x alike: media in `value[]`, or in `value[].Media[]` of cases; going out as
 * a hash set. IsPrecategorized and TotalMediaFiles are not relied on; the category is a national one and
 * mapped by whoever imports.
 */
export const vics: Format = {
  hasOwnClasses: true,

  read: (bytes) => readObjects(bytes, PATHS, deltaOf),

  write: ({ classes }) => ({
    head: `${JSON.stringify({ '@odata.context': VICS_MODEL, value: [] }).slice(0, -2)}\n`,
    separator: ',\n',
    tail: '\n]}\n',
    pieces(entry) {
      const hashes = wholeHashes(entry)
      if (entry.status === 'retracted' || hashes.length === 0) return []
      const media = mediaOf(entry, classNameOf(classes, entry.classification))
      return [JSON.stringify({ ...media, ...hashFields(hashes) })]
    },
  }),
}

/** Undefined for a case, whose media are lines themselves. Throws INVALID_INPUT. */
function deltaOf(media: Json, line: number): Delta | undefined {
  if (Object.hasOwn(media, 'Media')) return undefined
  const key = textIn(media, 'MediaID')
  const category = textIn(media, 'Category')
  return {
    change: 'put',
    line,
    hashes: hashesOf(media),
    ...defined({ key, sourceClass: category }),
    description: {
      sourceReference: key ?? null,
      victimIdentified: flagIn(media, 'VictimIdentified'),
      selfGenerated: flagIn(media, 'SelfGenerated'),
      note: noteOf(media),
    },
  }
}

/** Each once: exporters repeat among the alternatives what has a field of its own. Throws INVALID_INPUT. */
function hashesOf(media: Json): readonly ListedHash[] {
  const fields = [...FIELDS].flatMap(([name, type]) => hashIn(media, name, name, type))
  const hashes = [...fields, ...alternativesOf(media)]
  const distinct = new Map(
    hashes.map((hash) => [`${hash.type}:${hashOfText(hash.type, hash.value) ?? ''}`, hash]),
  )
  return [...distinct.values()]
}

/** Those of a kind that Hindra has no name for are passed over. Throws INVALID_INPUT. */
function alternativesOf(media: Json): readonly ListedHash[] {
  const field = 'AlternativeHashes'
  const given = own(media, field) ?? []
  if (!Array.isArray(given)) throw invalid(field, 'is no array')
  return given.flatMap((hash: unknown, position) => {
    const at = `${field}.${position}`
    if (!isObject(hash)) throw invalid(at, 'is no object')
    const type = ALTERNATIVES.get(plain(textIn(hash, 'HashName') ?? ''))
    return type === undefined ? [] : hashIn(hash, 'HashValue', `${at}.HashValue`, type)
  })
}

/** A number is no hash, though it may have as many digits. Throws INVALID_INPUT. */
function hashIn(object: Json, name: string, field: string, type: HashType): ListedHash[] {
  const value = own(object, name)
  if (value === undefined || value === null || value === '') return []
  if (typeof value !== 'string') throw invalid(field, 'is no text')
  return [hashNamed(field, type, value)]
}

function noteOf(media: Json): string | null {
  const series = textIn(media, 'Series')
  const tags = tagsOf(media)
  const comments = textIn(media, 'Comments')
  const notes = [
    ...(series === undefined ? [] : [`series ${series}`]),
    ...(tags === undefined ? [] : [`tags ${tags}`]),
    ...(comments === undefined ? [] : [comments]),
  ]
  return notes.length === 0 ? null : notes.join('; ')
}

function tagsOf(media: Json): string | undefined {
  const tags = own(media, 'Tags')
  if (!Array.isArray(tags)) return textIn(media, 'Tags')
  return tags.length === 0 ? undefined : tags.map(String).join(', ')
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

/** The first hash of each kind that has a field of its own, and all others. */
function hashFields(hashes: readonly ListedHash[]) {
  const fields = new Map<string, string>()
  const others: { readonly HashName: string; readonly HashValue: string }[] = []
  for (const { type, value } of hashes) {
    const { names, title } = kindOf(type)
    const written = isDigest(type) ? value.toUpperCase() : value
    const field = names.vics
    if (field !== undefined && !fields.has(field)) fields.set(field, written)
    else others.push({ HashName: plain(title), HashValue: written })
  }
  const alternatives = others.length === 0 ? {} : { AlternativeHashes: others }
  return { ...Object.fromEntries(fields), ...alternatives }
}

/** Names of hashes are written with and without what stands between their parts. */
function plain(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

/** Numbers where they are read back as they were. */
function numbered(text: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
