import { request } from 'node:https'
import { authority, client } from '../simulation/iccam/certificates.ts'

export interface Said {
  readonly status: number
  readonly body: unknown
}

/** A program of nobody's making that speaks to an ICCAM as the page says, for tests of the fake itself. */
export function callerOf(
  root: string,
  shown: { readonly key?: string; readonly cert?: string } = client,
) {
  let token = ''

  function call(method: string, path: string, body?: object): Promise<Said> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const options = { method, headers, ca: authority, ...shown, agent: false } as const
      const asked = request(new URL(path, root), options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as unknown })
        })
      })
      asked.on('error', reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  return {
    call,
    async signIn(username = 'hindra', password = 'correct'): Promise<Said> {
      const said = await call('POST', 'Authentication', { username, password })
      const { accessToken } = said.body as { accessToken?: string }
      token = accessToken ?? ''
      return said
    },
  }
}
