/** One event of a stream (WHATWG HTML, server-sent events). */
export interface ServerSentEvent {
  readonly id: string
  readonly event: string
  readonly data: string
}

/** No event of ours is longer: more is no event stream. */
const PENDING_MAX = 1024 * 1024

/** What of the format a server of Hindra sends: `id`, `event`, `data`, comments. Lines end in LF. */
export async function* parseEvents(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of source) {
    pending += decoder.decode(chunk, { stream: true })
    const blocks = pending.split('\n\n')
    pending = blocks.pop() ?? ''
    if (pending.length > PENDING_MAX) throw new Error('an event without an end')
    for (const block of blocks) {
      const fields = fieldsOf(block)
      if (fields.data !== undefined) {
        const { id = '', event = 'message', data } = fields
        yield { id, event, data }
      }
    }
  }
}

function fieldsOf(block: string): Partial<Record<'id' | 'event' | 'data', string>> {
  const fields = block.split('\n').flatMap((line) => {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(fields) as Partial<Record<'id' | 'event' | 'data', string>>
}
