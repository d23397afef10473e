const GRID = 'grid of several pictures'

interface IwfFields {
  readonly category?: string | undefined
  readonly ageBand?: string | undefined
  readonly isGrid: boolean
}

/** What Hindra has no field for is kept in the note, so that it can be read back; null for nothing. */
export function iwfNote({ category, ageBand, isGrid }: IwfFields): string | null {
  const parts = [
    ...(category === undefined ? [] : [`IWF category ${category}`]),
    ...(ageBand === undefined ? [] : [`age band ${ageBand}`]),
    ...(isGrid ? [GRID] : []),
  ]
  return parts.length === 0 ? null : parts.join('; ')
}

export function iwfNoteFields(note: string | null): IwfFields {
  const parts = (note ?? '').split('; ')
  const after = (prefix: string) =>
    parts.find((part) => part.startsWith(prefix))?.slice(prefix.length)
  return {
    category: after('IWF category '),
    ageBand: after('age band '),
    isGrid: parts.includes(GRID),
  }
}
