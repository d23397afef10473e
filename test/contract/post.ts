import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Post } from '../../src/post/index.ts'
import type { EndpointBehaviour, Posted } from '../simulation/endpoints.ts'

/** An endpoint under the test's control. */
export interface Endpoint {
  readonly post: Post
  readonly url: string
  /** What it has read to the end and kept. */
  taken(): readonly Posted[]
  behave(behaviour: EndpointBehaviour): Promise<void> | void
  close(): Promise<void>
}

const HEADERS = { 'webhook-id': 'one', 'webhook-timestamp': '1' }
const BODY = JSON.stringify({ type: 'contract', text: 'å' })

/** What every way of posting must do; `open` is called anew for each test. */
export function postContract(name: string, open: () => Promise<Endpoint>): void {
  describe(`${name}: post`, () => {
    let endpoint: Endpoint
    beforeEach(async () => {
      endpoint = await open()
    })
    afterEach(() => endpoint.close())
    const post = (signal?: AbortSignal) => endpoint.post(endpoint.url, HEADERS, BODY, signal)

    it('hands over headers and body as they are', async () => {
      const { status } = await post()
      expect(Math.floor(status / 100)).toBe(2)
      expect(endpoint.taken()).toMatchObject([{ headers: HEADERS, body: BODY }])
    })

    it.each([
      ['refuse', 400, null],
      ['later', 503, 60],
      ['broken', 500, null],
    ] as const)('gives the answer of an endpoint that says %s', async (says, status, wait) => {
      await endpoint.behave(says)
      expect(await post()).toMatchObject({ status, retryAfterSeconds: wait })
    })

    it('tells that nobody is there from an answer that did not come', async () => {
      await endpoint.behave('take-and-drop')
      await expect(post()).rejects.toMatchObject({ fault: 'unanswered' })
      expect(endpoint.taken()).toHaveLength(1)
      await endpoint.behave('away')
      await expect(post()).rejects.toMatchObject({ fault: 'unreached' })
      expect(endpoint.taken()).toHaveLength(1)
    })

    it('is broken off by its signal', async () => {
      const stop = new AbortController()
      stop.abort(new Error('stopped'))
      await expect(post(stop.signal)).rejects.toThrow('stopped')
      expect(endpoint.taken()).toHaveLength(0)
    })
  })
}
