import { z } from 'zod'
import { download, operation } from './operation.ts'

export const backup = {
  take: download('GET /v1/backup', {
    needs: 'backup',
    says: 'All of the store as of one moment, sealed',
    contentType: 'application/octet-stream',
    run: ({ keeping }, by) => keeping.backups.take(by),
  }),
}

export const dataKey = {
  show: operation('GET /v1/data-key', {
    needs: 'data-key:manage',
    says: 'Which data keys open the store',
    input: {},
    run: ({ keeping }) => keeping.dataKey.status(),
  }),
  rotate: operation('POST /v1/data-key/rotate', {
    needs: 'data-key:manage',
    says: 'A new data key; records are sealed anew behind it',
    input: { out: z.string().min(1).max(4_096).exactOptional() },
    run: ({ keeping }, by, { out }) => keeping.dataKey.rotate(by, out),
  }),
  finish: operation('POST /v1/data-key/finish', {
    needs: 'data-key:manage',
    says: 'Ends the data keys before the newest',
    input: {},
    run: ({ keeping }, by) => keeping.dataKey.finish(by),
  }),
}

export const retention = {
  show: operation('GET /v1/retention', {
    needs: 'retention:read',
    says: 'What is kept for how long, and what is due',
    input: {},
    run: ({ keeping }) => keeping.retention.due(),
  }),
  apply: operation('POST /v1/retention/apply', {
    needs: 'retention:apply',
    says: 'Erases what is due',
    input: {},
    run: ({ keeping }, by) => keeping.retention.apply(by),
  }),
  unmatched: operation('GET /v1/unmatched', {
    needs: 'retention:read',
    says: 'How much is kept of what matched nothing, and since when',
    input: {},
    run: ({ seeing }) => seeing.retroactive.view(),
  }),
}
