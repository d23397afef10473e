import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { operation } from './operation.ts'

const LINES_MAX = 1_000

/** What the house laid down in files, as it is in force. */
export const policy = {
  list: operation('GET /v1/policy', {
    needs: 'contact:read',
    says: 'The files that the house laid down, or Hindra ships, each with its version',
    input: {},
    run: ({ laidDown }) => Promise.resolve(laidDown.list()),
  }),
  rules: operation('GET /v1/policy/rules', {
    needs: 'contact:read',
    says: 'Who is told of what: the rules in the order in which they are tried, and whom they name',
    input: {},
    run: ({ router }) => Promise.resolve(router.policy),
  }),
  show: operation('GET /v1/policy/lines', {
    needs: 'contact:read',
    says: 'What a file of the policy says, line by line',
    input: {
      file: z.string().min(1).max(256).describe('Its name as in the list: routes.yaml'),
      from: z.coerce.number().int().min(0).default(0).describe('How many lines to leave out'),
      limit: z.coerce.number().int().min(1).max(LINES_MAX).default(LINES_MAX),
    },
    async run({ laidDown }, _by, { file, from, limit }) {
      const lines = laidDown.lines(file)
      if (lines === undefined) {
        throw new HindraError('NOT_FOUND', `no file of the policy is called ${file}`, {
          field: 'file',
        })
      }
      return Promise.resolve({
        file,
        linesInAll: lines.length,
        lines: lines.slice(from, from + limit),
      })
    },
  }),
}
