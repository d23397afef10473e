import type { PlayOptions } from './play.ts'

/** The command that plays it again. */
export function replayOf({ seed, days, items }: PlayOptions): string {
  return `npm run simulate -- --seeds 1 --seed ${seed} --days ${days} --items ${items}`
}
