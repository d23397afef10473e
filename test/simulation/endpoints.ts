import { type Post, PostError } from '../../src/post/index.ts'

/** How endpoints answer; `take-and-drop` has read all and hangs up. */
export const ENDPOINT_TROUBLE = ['refuse', 'later', 'broken', 'away', 'take-and-drop'] as const
export type EndpointBehaviour = 'accept' | (typeof ENDPOINT_TROUBLE)[number]

export interface Posted {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Endpoints that are a list: they answer as real ones do, by the contract of posts. */
export interface FakeEndpoints {
  readonly post: Post
  readonly taken: readonly Posted[]
  behave(behaviour: EndpointBehaviour): void
}

/** @param believes Whether who reads it finds that it comes from whom it says; nobody takes what does not */
export function createFakeEndpoints(
  onTaken: (posted: Posted) => void = () => undefined,
  believes: (posted: Posted) => boolean = () => true,
): FakeEndpoints {
  const taken: Posted[] = []
  let behaviour: EndpointBehaviour = 'accept'

  function take(posted: Posted): void {
    taken.push(posted)
    onTaken(posted)
  }
  function answer(status: number, retryAfterSeconds: number | null = null) {
    return { status, retryAfterSeconds, text: '' }
  }

  return {
    taken,
    behave: (next) => {
      behaviour = next
    },
    async post(url, headers, body, signal) {
      await Promise.resolve()
      signal?.throwIfAborted()
      const posted = { url, headers, body }
      const isRead = behaviour === 'accept' || behaviour === 'take-and-drop'
      if (isRead && !believes(posted)) return answer(400)
      switch (behaviour) {
        case 'refuse':
          return answer(400)
        case 'later':
          return answer(503, 60)
        case 'broken':
          return answer(500)
        case 'away':
          throw new PostError('unreached', 'connection failed (ECONNREFUSED)')
        case 'take-and-drop':
          take(posted)
          throw new PostError('unanswered', 'connection failed (ECONNRESET)')
        case 'accept':
          take(posted)
          return answer(204)
      }
    },
  }
}
