import { play, type PlayOptions, type PlayResult } from './play.ts'

/** What became of one seed. */
export type Outcome =
  | { readonly seed: number; readonly result: PlayResult }
  | { readonly seed: number; readonly why: string }

/** A process that plays what it is sent, one after the other. */
process.on('message', (options: PlayOptions) => {
  void outcomeOf(options).then((outcome) => process.send?.(outcome))
})

async function outcomeOf(options: PlayOptions): Promise<Outcome> {
  const { seed } = options
  try {
    return { seed, result: await play(options) }
  } catch (error) {
    if (!(error instanceof Error)) return { seed, why: String(error) }
    return { seed, why: error.name === 'Violation' ? error.message : String(error.stack) }
  }
}
