import { hashesNamedBy, kindOf } from '../../hashes/index.ts'
import type { Format } from './format.ts'
import { readObjects, refused, textOf } from './json-objects.ts'

const HASHES = hashesNamedBy('threatexchange')
const DATA = { head: '{"data":[\n', separator: ',\n', tail: '\n]}\n' } as const

/** `data[]` of `/{privacy_group}/threat_updates`: an update a hash, by its id; `should_delete` takes it away. */
export const threatExchange: Format = {
  hasOwnClasses: false,

  read: (bytes) =>
    readObjects(bytes, '$.data.*', (update, line) => {
      const key = textOf(update['id'])
      if (key === undefined) return refused(line, 'id', 'is missing')
      if (update['should_delete'] === true) return { change: 'delete', line, key }
      const named = textOf(update['type']) ?? ''
      const type = HASHES.get(named)
      const value = textOf(update['indicator'])
      if (type === undefined) return refused(line, 'type', `${named} is no hash that is kept`)
      if (value === undefined) return refused(line, 'indicator', 'is missing')
      return { change: 'put', line, key, hashes: [{ type, value }] }
    }),

  /** An update holds one hash: an entry of several becomes as many, each with its own id. */
  write: () => ({
    ...DATA,
    pieces: ({ key, hashes, status }) =>
      hashes.flatMap(({ type, value }) => {
        const name = kindOf(type).names.threatexchange
        if (name === undefined) return []
        const id = hashes.length === 1 ? key : `${key}#${type}`
        const update = { id, indicator: value, type: name, should_delete: status === 'retracted' }
        return [JSON.stringify(update)]
      }),
  }),

  /** Reactions in ThreatExchange's words; it has no room for a reason. */
  feedback: {
    ...DATA,
    pieces({ key, feedback }) {
      if (feedback === null) return []
      const reaction = feedback.opinion === 'agree' ? 'HELPFUL' : 'NOT_HELPFUL'
      return [JSON.stringify({ id: key, reactions: [reaction] })]
    },
  },
}
