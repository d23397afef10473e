import { type Call, type Calls, callsBy, type Given, type Operation } from '../operations/index.ts'
import { own } from '../core/index.ts'
import type { Query, Transport } from './transport.ts'

/** A caller of the API with one person's key: every operation by topic, and the connection for what streams. */
export type Client = Calls & { readonly transport: Transport }

export function createClient(transport: Transport): Client {
  return { ...createCalls(transport), transport }
}

export function createCalls(transport: Pick<Transport, 'get' | 'list' | 'post'>): Calls {
  return callsBy((operation) => callOf(operation, transport))
}

function callOf(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  transport: Pick<Transport, 'get' | 'list' | 'post'>,
): Call<Given, unknown> {
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
