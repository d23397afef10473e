import { z } from 'zod'
import { FIGURES } from '../stats/terms.ts'
import { operation } from './operation.ts'

const quarter = z
  .string()
  .regex(
    /^\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$/,
    'is written as 2026-Q4, a month as 2026-11, a year as 2026',
  )

export const stats = {
  show: operation('GET /v1/stats', {
    needs: 'stats:read',
    says: "Figures of a quarter, month or year, by the house's clock",
    input: { quarter: quarter.exactOptional() },
    run: ({ stats: stage }, _by, query) => stage.quarter(query.quarter),
  }),
  parts: operation('GET /v1/stats/parts', {
    needs: 'stats:read',
    says: 'The same of each month of a quarter, or each quarter of a year',
    input: { quarter: quarter.exactOptional() },
    run: ({ stats: stage }, _by, query) => stage.parts(query.quarter),
  }),
  together: operation('GET /v1/stats/together', {
    needs: 'stats:read',
    says: 'Figures of a period, of its parts and of each host, counted in one reading',
    input: { quarter: quarter.exactOptional() },
    run: ({ stats: stage }, _by, query) => stage.together(query.quarter),
  }),
  hosts: operation('GET /v1/stats/hosts', {
    needs: 'stats:read',
    says: 'What each host removed in a quarter, and what came back there',
    input: { quarter: quarter.exactOptional() },
    run: ({ stats: stage }, _by, query) => stage.hosts(query.quarter),
  }),
  figures: operation('GET /v1/stats/figures', {
    needs: 'stats:read',
    says: 'What each figure means',
    input: {},
    run: () => Promise.resolve(FIGURES),
  }),
}
