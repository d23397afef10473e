import { zeroBits } from '../../src/core/index.ts'
import type { ToldReceipt } from '../../src/tipline/index.ts'
import type { Api } from '../http/api.ts'

/** The work that a browser does, from a number on. */
export function solved(
  { token, bits }: { readonly token: string; readonly bits: number },
  from = 0,
): { readonly token: string; readonly nonce: string } {
  for (let tried = from; ; tried += 1) {
    const nonce = String(tried)
    if (zeroBits(`${token}.${nonce}`) >= bits) return { token, nonce }
  }
}

/** The page of the public, which holds the key of a `reporter`. */
export interface Page {
  /** Sends a form as a browser does, and answers the receipt. */
  tell(told: object): Promise<string>
  post(path: string, body: object): Promise<{ status: number; body: unknown }>
  work(): Promise<{ token: string; nonce: string }>
}

export async function openPage(api: Api): Promise<Page> {
  const { key } = await api.keyOf('reporter')
  const post = (path: string, body: object) =>
    api.call('POST', `/v1/tipline/${path}`, { key, body })

  async function work() {
    const asked = await api.call('GET', '/v1/tipline/challenge', { key })
    return solved(asked.body as { token: string; bits: number })
  }

  return {
    post,
    work,
    async tell(told) {
      const answer = await post('tips', { ...told, work: await work() })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return (answer.body as ToldReceipt).receipt
    },
  }
}
