import { z } from 'zod'
import { URL_BYTES_MAX } from '../core/index.ts'
import { page } from './fields.ts'
import { operation } from './operation.ts'

/** What somebody who rings asks after. */
export const find = {
  // Not a GET: a URL of suspected material does not belong into a request line.
  records: operation('POST /v1/find', {
    needs: 'case:read',
    says: 'Cases, notices, objections, tips and items by URL, host, path, reference, ticket number, e-mail or id',
    input: {
      ...page,
      words: z
        .string()
        .min(1)
        .max(URL_BYTES_MAX)
        .describe('Each is found, in whatever it can be taken for: 8 words at most'),
      limit: z.coerce.number().int().min(1).max(200).default(20),
    },
    reads: ['all', 'find.read'],
    run: ({ find: stage }, by, question) => stage.find(by, question),
  }),
}
