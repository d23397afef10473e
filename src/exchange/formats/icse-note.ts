/** What ICSE tells and Hindra has no field for; the series is last, for its name may hold anything. */
const LABELS = {
  distributed: 'ICSE distributed ',
  offenderIdentified: 'offender identified ',
  submissions: 'submissions ',
  fileAvailable: 'file available ',
  series: 'series ',
} as const

type Field = keyof typeof LABELS
export type IcseFields = Readonly<Partial<Record<Field, string | undefined>>>

const FIELDS = Object.entries(LABELS) as [Field, string][]

/** Kept in the note, so that it can be read back; null for nothing. */
export function icseNote(fields: IcseFields): string | null {
  const parts = FIELDS.flatMap(([field, label]) => {
    const value = fields[field]
    return value === undefined ? [] : [label + value]
  })
  return parts.length === 0 ? null : parts.join('; ')
}

export function icseNoteFields(note: string | null): IcseFields {
  const found: Partial<Record<Field, string>> = {}
  let rest = note ?? ''
  for (const [field, label] of FIELDS) {
    if (!rest.startsWith(label)) continue
    const end = field === 'series' ? -1 : rest.indexOf('; ')
    found[field] = rest.slice(label.length, end === -1 ? undefined : end)
    rest = end === -1 ? '' : rest.slice(end + 2)
  }
  return found
}
