import type { Call, Calls, Given } from '../operations/index.ts'
import { own } from '../core/index.ts'
import { ROUTES } from './routes.ts'
import type { Query, Transport } from './transport.ts'

/** A caller of the API with one person's key: every operation by topic, and the connection for what streams. */
export type Client = Calls & { readonly transport: Transport }

export function createClient(transport: Transport): Client {
  return { ...createCalls(transport), transport }
}

/** Made of the table of routes: the operations themselves, with their schemas, would take ten times as long to load. */
export function createCalls(transport: Pick<Transport, 'get' | 'list' | 'post'>): Calls {
  const topics = Object.entries(ROUTES).map(([topic, routes]) => {
    const calls = Object.entries(routes).map(([name, place]) => [name, callOf(place, transport)])
    return [topic, Object.fromEntries(calls)] as const
  })
  // The type of the table sees to it that it has what the type of the calls has, name by name.
  return Object.fromEntries(topics) as unknown as Calls
}

function callOf(
  place: string,
  transport: Pick<Transport, 'get' | 'list' | 'post'>,
): Call<Given, unknown> {
  const [method, path = ''] = place.split(' ')
  const call = (input: Given = {}) => {
    const { filled, rest } = placed(path, input)
    return method === 'GET' ? transport.get(filled, rest as Query) : transport.post(filled, rest)
  }
  const page = (input: Given) => {
    const { filled, rest } = placed(path, input)
    return transport.list(filled, rest as Query)
  }
  return Object.assign(call, { page })
}

/** The path with the fields that it tells, and the others. */
function placed(path: string, input: Given): { readonly filled: string; readonly rest: Given } {
  const told: string[] = []
  const filled = path.replaceAll(/:(\w+)/g, (_found, name: string) => {
    told.push(name)
    return encodeURIComponent(String(own(input, name)))
  })
  const rest = Object.entries(input).filter(([name]) => !told.includes(name))
  return { filled, rest: Object.fromEntries(rest) }
}
