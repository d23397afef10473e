import { z } from 'zod'
import type { SourceView } from '../../exchange/index.ts'
import { SECOND_MS } from '../../core/index.ts'
import type { Parts } from '../../operations/index.ts'
import { badRequest, hma, refused } from './operation.ts'

type ProtocolName = SourceView['protocol']

/** How HMA calls the exchanges that Hindra speaks to. */
const API_OF = { ncmec: 'ncmec', stopncii: 'stop_ncii' } as const satisfies Record<
  ProtocolName,
  string
>
const APIS = Object.values(API_OF)

const BY_COMMAND = 'a source and its credentials are given by `hindra sources`, to Hindra alone'

const exchange = z.string()

/** Exchanges are sources: what fills a list on a schedule. They are read here, and set elsewhere. */
export const exchanges = [
  hma('GET /hma/c/exchanges', {
    needs: 'hma:use',
    says: 'Banks that an exchange fills',
    input: {},
    run: async ({ exchanging }) => (await exchanging.sources.all()).map(({ list }) => list),
  }),
  hma('GET /hma/c/exchanges/apis', {
    needs: 'hma:use',
    says: 'Exchanges that Hindra speaks to',
    input: {},
    run: () => Promise.resolve(APIS),
  }),
  hma('GET /hma/c/exchanges/api/:api', {
    needs: 'hma:use',
    says: 'Whether there are credentials for such an exchange',
    input: { api: z.string() },
    async run({ exchanging }, _by, { api }) {
      const all = await exchanging.sources.all()
      if (!APIS.some((known) => known === api)) {
        throw badRequest(`no such Exchange API '${api.slice(0, 40)}'`)
      }
      const hasSource = all.some(({ protocol }) => API_OF[protocol] === api)
      return { supports_authentification: true, has_set_authentification: hasSource }
    },
  }),
  hma('GET /hma/c/exchange/:exchange', {
    needs: 'hma:use',
    says: 'What fills a bank',
    input: { exchange },
    async run(parts, _by, asked) {
      const { list, protocol, state } = await sourceOf(parts, asked)
      return { name: list, api: API_OF[protocol], enabled: state === 'active' }
    },
  }),
  hma('GET /hma/c/exchange/:exchange/status', {
    needs: 'hma:use',
    says: 'How far an exchange is read',
    input: { exchange },
    run: async (parts, _by, asked) => asStatus(await sourceOf(parts, asked)),
  }),
  refused('GET /hma/c/exchanges/api/:api/schema', BY_COMMAND),
  refused('POST /hma/c/exchanges', BY_COMMAND),
  refused('POST /hma/c/exchanges/api/:api', BY_COMMAND),
  refused('PUT /hma/c/exchange/:exchange', BY_COMMAND),
  refused('DELETE /hma/c/exchange/:exchange', BY_COMMAND),
]

/** Throws NOT_FOUND. */
function sourceOf(
  { exchanging }: Pick<Parts, 'exchanging'>,
  asked: { readonly exchange: string },
): Promise<SourceView> {
  return exchanging.sources.get(asked.exchange)
}

function asStatus({ checkpoint, counts, run, ...source }: SourceView) {
  const { caughtUpAt, isWithin } = checkpoint
  return {
    checkpoint_ts: secondsOf(caughtUpAt),
    running_fetch_start_ts: run?.state === 'running' ? secondsOf(run.startedAt) : null,
    last_fetch_complete_ts: secondsOf(source.lastRunAt),
    last_fetch_succeeded: source.lastRunAt === null ? null : source.failures === 0,
    up_to_date: caughtUpAt !== null && !isWithin,
    fetched_items: counts.added - counts.deleted,
  }
}

function secondsOf(time: string | null): number | null {
  return time === null ? null : Math.floor(Date.parse(time) / SECOND_MS)
}
