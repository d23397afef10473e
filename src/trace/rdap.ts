import { checkJsonShape, type Clock, type JsonNesting, MINUTE_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fetcher } from '../intake/index.ts'
import type { Bootstrap, RdapQuestion } from './bootstrap.ts'
import { parseRdap, type RdapAnswer } from './rdap-answer.ts'

/** An answer; none, for sure; or none now, which says nothing. */
export type RdapOutcome =
  | { readonly state: 'found'; readonly answer: RdapAnswer; readonly server: string }
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string }

/** RDAP (RFC 7480, 9082, 9083) over the safe fetcher. */
export interface Rdap {
  ask(question: RdapQuestion): Promise<RdapOutcome>
}

/**
 * Registries count questions and ban who asks too many: one question at a time to each server, no
 * question twice at once, and an answer is believed for this long, also right before sending. What
 * a registry knows of a network does not change within the hour; what a name points to does.
 */
const BELIEVED_MINUTES = 60
const REMEMBERED_MAX = 5_000
/** Of answers: real ones have some thousand parts, and 40,000 take under 100 ms to parse. */
const ANSWER_SHAPE: JsonNesting = { depthMax: 32, partsMax: 40_000 }

export function createRdap(parts: {
  readonly clock: Clock
  readonly bootstrap: Bootstrap
  readonly fetcher: Fetcher
}): Rdap {
  const { clock, bootstrap, fetcher } = parts
  const remembered = new Map<string, { readonly atMs: number; readonly result: RdapOutcome }>()
  const asking = new Map<string, Promise<RdapOutcome>>()
  const turns = new Map<string, Promise<unknown>>()

  return {
    ask(question) {
      const server = bootstrap.server(question)
      if (server === undefined) {
        return Promise.resolve({ state: 'none', why: 'no RDAP server is known for it' })
      }
      const url = `${server}${question.kind}/${encodeURI(String(question.value))}`
      const known = remembered.get(url)
      const age = known === undefined ? Infinity : clock.now() - known.atMs
      if (known !== undefined && age >= 0 && age < BELIEVED_MINUTES * MINUTE_MS) {
        return Promise.resolve(known.result)
      }
      const under = asking.get(url)
      if (under !== undefined) return under
      const asked = inTurn(server, () => fetchAnswer(url))
        .then((result) => remember(url, result))
        .finally(() => asking.delete(url))
      asking.set(url, asked)
      return asked
    },
  }

  function inTurn<Value>(server: string, work: () => Promise<Value>): Promise<Value> {
    const next = (turns.get(server) ?? Promise.resolve()).then(work, work)
    turns.set(
      server,
      next.catch(() => undefined),
    )
    return next
  }

  async function fetchAnswer(url: string): Promise<RdapOutcome> {
    try {
      const { status, bytes, finalUrl } = await fetcher.fetch(url)
      if (status === 404) return { state: 'none', why: 'the registry has no record of it (404)' }
      if (status === 429) return { state: 'unknown', why: 'too many questions (429)' }
      if (status !== 200) return { state: 'unknown', why: `the registry answered ${status}` }
      checkJsonShape(bytes, ANSWER_SHAPE)
      const answer = parseRdap(JSON.parse(Buffer.from(bytes).toString('utf8')))
      if (answer === undefined) return { state: 'unknown', why: 'the answer is no RDAP object' }
      return { state: 'found', answer, server: new URL(finalUrl).host }
    } catch (error) {
      if (error instanceof SyntaxError) return { state: 'unknown', why: 'the answer is no JSON' }
      if (!(error instanceof HindraError)) throw error
      return { state: 'unknown', why: `${error.code}: ${error.message}` }
    }
  }

  /** What is unknown is asked again the next time. */
  function remember(url: string, result: RdapOutcome): RdapOutcome {
    if (result.state === 'unknown') return result
    const [oldest] = remembered.keys()
    if (remembered.size >= REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
    remembered.set(url, { atMs: clock.now(), result })
    return result
  }
}
