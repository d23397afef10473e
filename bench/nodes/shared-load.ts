import type { LoadOptions, LoadResult } from '../feed/load.ts'
import { load } from '../feed/loading.ts'
import type { ServerProcess } from '../feed/server.ts'

/** Loads several servers at once, each with its share of lines, feeds and window. */
export function loadShared(
  servers: readonly ServerProcess[],
  { lines, feeds, window, ...told }: Omit<LoadOptions, 'url'>,
): Promise<LoadResult[]> {
  const share = servers.length
  return Promise.all(
    servers.map(({ url }) =>
      load({
        ...told,
        url,
        lines: Math.floor(lines / share),
        feeds: Math.ceil(feeds / share),
        window: Math.floor(window / share),
      }),
    ),
  )
}
