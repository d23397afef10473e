/** A setting that there is no more. */
interface Gone {
  /** Whoever wrote this gets what he wrote. */
  readonly still: unknown
  /** What to write in place of anything else. */
  readonly instead: string
}

/** Settings that are gone, by path, so that an old settings file is read, or refused with the way on. */
export const GONE: ReadonlyMap<string, Gone> = new Map([
  [
    'features.candidates',
    {
      still: 'votes',
      instead:
        'there is one way, votes: leave the setting out (one vector a picture found fewer altered copies)',
    },
  ],
])
