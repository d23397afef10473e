import { z } from 'zod'
import { ENTRY_STATES, SETTLEMENTS } from '../iccam/terms.ts'
import { exactId, page } from './fields.ts'
import { operation } from './operation.ts'

/** The line to ICCAM: what came, what was said, and what asks for a person. */
export const iccam = {
  status: operation('GET /v1/iccam', {
    needs: 'notice:read',
    says: 'How the line goes, and how many contents there are in each state',
    input: {},
    run: ({ iccam: stage }) => stage.status(),
  }),
  run: operation('POST /v1/iccam/run', {
    needs: 'notice:send',
    says: 'Reads ICCAM now; says what is to be said, unless it is only to read',
    input: { push: z.boolean().default(true) },
    run: ({ iccam: stage }, by, wanted) => stage.run(by.id, wanted),
  }),
  due: operation('GET /v1/iccam/due', {
    needs: 'notice:read',
    says: 'What would be said now',
    input: {},
    reads: ['all', 'iccam.due'],
    run: ({ iccam: stage }) => stage.due(),
  }),
  list: operation('GET /v1/iccam/contents', {
    needs: 'notice:read',
    says: 'Contents of ICCAM, and what was said of each',
    input: { ...page, state: z.enum(ENTRY_STATES).exactOptional() },
    reads: ['page', 'iccam.list'],
    run: ({ iccam: stage }, _by, filter) => stage.list(filter),
  }),
  settle: operation('POST /v1/iccam/contents/:id/settle', {
    needs: 'notice:send',
    says: 'A person decides of what was refused, or of which nobody knows whether it arrived',
    input: { id: exactId, as: z.enum(SETTLEMENTS) },
    run: ({ iccam: stage }, by, { id: content, as }) => stage.settle(by.id, content, as),
  }),
}
