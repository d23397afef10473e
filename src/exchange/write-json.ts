import { classNameOf, type Exported, hashIn, type ListWriter, type WriteOptions } from './writer.ts'

const THREAT_NAMES: Readonly<Partial<Record<string, string>>> = {
  pdq: 'HASH_PDQ',
  md5: 'HASH_MD5',
  sha1: 'HASH_SHA1',
  sha256: 'HASH_SHA256',
  'tmk-pdqf': 'HASH_TMK',
  photodna: 'HASH_PHOTODNA',
}

/** A ThreatExchange update holds one hash: an entry of several becomes as many, each with its own id. */
export const threatExchangeWriter: ListWriter = {
  head: '{"data":[\n',
  separator: ',\n',
  tail: '\n]}\n',
  pieces: ({ key, hashes, status }) =>
    hashes.flatMap(({ type, value }) => {
      const name = THREAT_NAMES[type]
      if (name === undefined) return []
      const id = hashes.length === 1 ? key : `${key}#${type}`
      const update = { id, indicator: value, type: name, should_delete: status === 'retracted' }
      return [JSON.stringify(update)]
    }),
}

/** The data model whose categories are whoever exports it says they are. */
const VICS_MODEL =
  'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases'

/** Project VIC, VICS 2.0: one case that holds the whole list. It has room for MD5, SHA-1 and PhotoDNA. */
export function vicsWriter({ classes, id }: WriteOptions): ListWriter {
  const beginning = { '@odata.context': VICS_MODEL, value: [] }
  const inCase = { CaseID: id, SourceApplicationName: 'Hindra', Media: [] }
  return {
    head: `${JSON.stringify(beginning).slice(0, -2)}${JSON.stringify(inCase).slice(0, -2)}\n`,
    separator: ',\n',
    tail: '\n]}]}\n',
    pieces(entry) {
      if (entry.status === 'retracted') return []
      const hashes = {
        MD5: hashIn(entry, 'md5')?.value.toUpperCase(),
        SHA1: hashIn(entry, 'sha1')?.value.toUpperCase(),
        PhotoDNA: hashIn(entry, 'photodna')?.value,
      }
      if (Object.values(hashes).every((value) => value === undefined)) return []
      return [
        JSON.stringify({
          ...mediaOf(entry, classNameOf(classes, entry.classification)),
          ...hashes,
        }),
      ]
    },
  }
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
