import sharp from 'sharp'
import { sceneJpeg } from '../../fixtures/index.ts'
import { ManualClock } from '../../src/core/index.ts'
import { createLog } from '../../src/http/index.ts'
import { httpHost } from '../intake/hosts.ts'
import { type Browser, type ConsoleWorld, openConsole, type ShownPage } from './browser.ts'

/** Noon in Stockholm on a day of work. */
export const NOON_MS = Date.UTC(2026, 10, 2, 11)

type Analyst = Browser & { readonly id: string }
export type LookingHouse = Awaited<ReturnType<typeof openLookingHouse>>

/** What the host shows at a path. */
interface ShownFile {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

/** A house that looks, and a host that shows what it is told to. */
export async function openLookingHouse() {
  const shown = new Map<string, ShownFile>()
  const asked: string[] = []
  const logged: string[] = []
  const log = createLog('debug', { write: (line: string) => void logged.push(line) })
  const clock = new ManualClock(NOON_MS)
  const picture = await sceneJpeg(7, { width: 900, height: 600 })
  let told = 0
  let people = 0
  const host = await httpHost((request, response) => {
    asked.push(request.url ?? '')
    const file: ShownFile = shown.get(request.url ?? '') ?? { status: 404, body: 'no' }
    response.writeHead(file.status ?? 200, { connection: 'close', ...file.headers }).end(file.body)
  })

  const openWorld = (settings: Readonly<Record<string, unknown>> = {}): Promise<ConsoleWorld> =>
    openConsole(
      {
        'trace.registries': false,
        'fetch.allowNetworks': ['127.0.0.0/8'],
        'fetch.allowPorts': [host.port],
        'decode.pixelsMax': 4_000_000,
        'looks.enabled': true,
        ...settings,
      },
      { clock, log },
    )
  const world = await openWorld()

  async function tipAt(url: string, from = world): Promise<string> {
    const { key } = await from.api.keyOf('intake')
    const { body } = await from.api.call('POST', '/v1/tips', {
      key,
      body: { source: 'public', url },
    })
    return (body as { id: string }).id
  }

  return {
    host,
    world,
    clock,
    picture,
    shown,
    asked,
    logged,
    openWorld,
    tipAt,
    async tipOf(
      body: Uint8Array | string,
      {
        status = 200,
        headers = {},
        from = world,
      }: { status?: number; headers?: ShownFile['headers']; from?: ConsoleWorld } = {},
    ): Promise<{ readonly id: string; readonly path: string; readonly url: string }> {
      told += 1
      const path = `/file-${String(told)}.jpg`
      shown.set(path, { status, headers, body })
      const url = `http://127.0.0.1:${String(host.port)}${path}`
      return { id: await tipAt(url, from), path, url }
    },
    analyst(from = world): Promise<Analyst> {
      people += 1
      return from.signIn(`LOOKER-${String(people)}`, 'analyst')
    },
    async entriesOf(subject: string): Promise<readonly { action: string; detail: unknown }[]> {
      const entries = await world.api.engine.stages.audit.search({ subject, limit: 100 })
      return entries.rows
        .filter(({ action }) => action.startsWith('look.'))
        .map(({ action, detail }) => ({ action, detail }))
    },
    async dispose(): Promise<void> {
      await world.dispose()
      await host.close()
    },
  }
}

/** The pictures of a page, as bytes. */
export function stillsOf({ html }: ShownPage): readonly Buffer[] {
  return Array.from(html.matchAll(/src="data:image\/png;base64,([^"]+)"/g), ([, text = '']) =>
    Buffer.from(text, 'base64'),
  )
}

/** What the one picture of a page is like. Throws where there are none, or several. */
export function stillOf(page: ShownPage) {
  const [still, ...more] = stillsOf(page)
  if (still === undefined || more.length > 0)
    throw new Error('the page shows no picture, or several')
  return sharp(still).metadata()
}
