/** A caller of Hindra's HTTP API with one person's key. */
export interface Api {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  /** Sends lines as they come and yields the answers as they come. */
  feed<T>(path: string, lines: AsyncIterable<object>): AsyncIterable<T>
}

/** What the server says when it refuses (RFC 9457). */
export class ApiRefusal extends Error {
  readonly code: string

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
  }
}

export function createApi(url: string, key: string): Api {
  const authorization = `Bearer ${key}`

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as { code?: string; detail?: string }
    if (!response.ok) throw new ApiRefusal(answer.code ?? '?', answer.detail ?? '')
    return answer as T
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body ?? {}),
    async *feed<T>(path: string, lines: AsyncIterable<object>) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-ndjson' },
        body: ReadableStream.from(toNdjson(lines)),
        duplex: 'half',
      })
      if (!response.ok || response.body === null) {
        throw new ApiRefusal('?', `the feed was refused with ${response.status}`)
      }
      let rest = ''
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + text).split('\n')
        rest = parts.pop() ?? ''
        for (const part of parts) yield JSON.parse(part) as T
      }
    },
  }
}

async function* toNdjson(lines: AsyncIterable<object>): AsyncIterable<Uint8Array> {
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`)
}
