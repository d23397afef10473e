import type { PlayOptions } from './play.ts'

/** The command that plays it again. */
export function replayOf({ seed, days, items, servers, plant }: PlayOptions): string {
  const broken = plant === undefined ? '' : ` --plant ${plant}`
  const several = servers === undefined ? '' : ` --servers ${servers}`
  return `npm run simulate -- --seeds 1 --seed ${seed} --days ${days} --items ${items}${several}${broken}`
}
