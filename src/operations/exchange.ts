import { z } from 'zod'
import { type Delta, PROTOCOLS } from '../exchange/terms.ts'
import { HASH_TYPES } from '../hashes/index.ts'
import { CLASSIFICATIONS } from '../register/terms.ts'
import { exactId, listName, page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const LINES_MAX = 5_000
const FAULT_CHARS_MAX = 1_000

const hash = z.strictObject({
  type: z.enum(HASH_TYPES),
  value: z.string().min(1).max(100_000),
  quality: z.number().min(0).max(100).exactOptional(),
  seconds: z.number().min(0).exactOptional(),
})

const text = z.string().max(4_000).nullable().exactOptional()
const flag = z.boolean().nullable().exactOptional()
const line = z.int().min(1)

const delta: z.ZodType<Delta> = z.discriminatedUnion('change', [
  z.strictObject({
    change: z.literal('put'),
    line,
    key: z.string().max(1_000).exactOptional(),
    kind: z.enum(['image', 'film', 'unknown']).exactOptional(),
    hashes: z.array(hash).max(20_000),
    classification: z.enum(CLASSIFICATIONS).exactOptional(),
    description: z
      .strictObject({
        sourceReference: text,
        jurisdiction: text,
        victimIdentified: flag,
        selfGenerated: flag,
        note: text,
      })
      .exactOptional(),
  }),
  z.strictObject({ change: z.literal('delete'), line, key: z.string().max(1_000) }),
  z.strictObject({
    change: z.literal('refused'),
    line,
    key: z.string().max(1_000).exactOptional(),
    field: z.string().max(100),
    message: z.string().max(1_000),
  }),
])

export const imports = {
  begin: operation('POST /v1/imports', {
    needs: 'import',
    says: 'Begins an import, or finds it where it broke off',
    input: {
      list: listName,
      format: z.string().min(1).max(64),
      digest: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'),
      dryRun: z.boolean().default(false),
      complete: z.boolean().default(false),
    },
    status: 201,
    run: ({ exchanging }, by, start) => exchanging.imports.begin(by, start),
  }),
  list: operation('GET /v1/imports', {
    needs: 'import:read',
    says: 'Imports, the newest first',
    input: { ...page, list: listName.exactOptional() },
    reads: ['page', 'import.list'],
    run: ({ exchanging }, _by, query) => exchanging.imports.recent(query),
  }),
  show: operation('GET /v1/imports/:id', {
    needs: 'import:read',
    says: 'How far an import has come',
    input: { id: idOf('import') },
    reads: ['often', 'import.read'],
    run: ({ exchanging }, _by, asked) => exchanging.imports.get(asked.id),
  }),
  takeLines: operation('POST /v1/imports/:id/lines', {
    needs: 'import',
    says: 'Lines from a position on',
    input: { id: idOf('import'), from: z.int().min(0), lines: z.array(delta).max(LINES_MAX) },
    body: 'list',
    run: ({ exchanging }, by, { id: importId, from, lines }) =>
      exchanging.imports.takeLines(by, importId, from, lines),
  }),
  withdraw: operation('POST /v1/imports/:id/withdraw', {
    needs: 'import',
    says: 'Withdraws some of what a complete list does not name; again until the phase is done',
    input: { id: idOf('import'), confirmed: z.int().min(0).exactOptional() },
    run: ({ exchanging }, by, asked) => exchanging.imports.withdraw(by, asked.id, asked.confirmed),
  }),
  touched: operation('GET /v1/imports/:id/touched', {
    needs: 'import:read',
    says: 'Cases and notices of items that an import took from',
    input: { id: idOf('import'), ...page },
    reads: ['one', 'import.touched'],
    run: ({ exchanging }, _by, { id: importId, ...asked }) =>
      exchanging.imports.touched(importId, asked),
  }),
  finish: operation('POST /v1/imports/:id/finish', {
    needs: 'import',
    says: 'Ends an import: one entry of the audit',
    input: { id: idOf('import') },
    run: ({ exchanging }, by, asked) => exchanging.imports.finish(by, asked.id),
  }),
  fail: operation('POST /v1/imports/:id/fail', {
    needs: 'import',
    says: 'Ends an import whose file cannot be read to its end; what its lines did stays',
    input: { id: idOf('import'), fault: z.string().min(1).max(FAULT_CHARS_MAX) },
    run: ({ exchanging }, by, asked) => exchanging.imports.fail(by, asked.id, asked.fault),
  }),
}

export const listExports = {
  begin: operation('POST /v1/list-exports', {
    needs: 'export',
    says: 'Begins an export of a list, for a stated reason',
    input: { list: listName, reason },
    status: 201,
    run: ({ exchanging }, by, asked) => exchanging.exports.begin(by, asked.list, asked.reason),
  }),
  entries: operation('GET /v1/list-exports/:id/entries', {
    needs: 'export',
    says: 'A page of the export, with hashes',
    input: { id: idOf('list-export'), ...page },
    run: ({ exchanging }, by, { id: exportId, ...asked }) =>
      exchanging.exports.page(by, exportId, asked),
  }),
}

const list = z.string().regex(/^[\w.-]{1,255}$/, 'is no name of a list')
const credentials = z.record(z.string().max(64), z.string().min(1).max(1_000))
const classification = z.enum(CLASSIFICATIONS)

const classes = z
  .strictObject({
    all: classification.exactOptional(),
    bySource: z.record(z.string().min(1).max(64), classification).exactOptional(),
  })
  .default({})

/** Exchanges that are fetched on a schedule. */
export const sources = {
  list: operation('GET /v1/sources', {
    needs: 'source:read',
    says: 'Exchanges that are fetched on a schedule',
    input: {},
    reads: ['all', 'source.list'],
    run: ({ exchanging }) => exchanging.sources.all(),
  }),
  add: operation('POST /v1/sources', {
    needs: 'source:manage',
    says: 'Adds a source that fills a list',
    input: {
      list,
      credentials,
      classes,
      protocol: z.enum(PROTOCOLS),
      url: z.string().min(1).max(2_048),
      intervalMinutes: z.number().default(60),
    },
    status: 201,
    run: ({ exchanging }, by, source) => exchanging.sources.add(by, source),
  }),
  show: operation('GET /v1/sources/:list', {
    needs: 'source:read',
    says: 'One source: how far it is, and what went wrong last',
    input: { list },
    // Whoever waits for a run asks four times a second.
    reads: ['often', 'source.read'],
    run: ({ exchanging }, _by, asked) => exchanging.sources.get(asked.list),
  }),
  run: operation('POST /v1/sources/:list/run', {
    needs: 'source:manage',
    says: 'Begins a run now; a dry one keeps nothing',
    input: { list, dryRun: z.boolean().default(false) },
    run: ({ exchanging }, by, asked) => exchanging.sources.begin(by, asked.list, asked.dryRun),
  }),
  pause: operation('POST /v1/sources/:list/pause', {
    needs: 'source:manage',
    says: 'It is asked no more',
    input: { list },
    run: ({ exchanging }, by, asked) => exchanging.sources.pause(by, asked.list),
  }),
  resume: operation('POST /v1/sources/:list/resume', {
    needs: 'source:manage',
    says: 'It is asked again, at once',
    input: { list },
    run: ({ exchanging }, by, asked) => exchanging.sources.resume(by, asked.list),
  }),
  setCredentials: operation('POST /v1/sources/:list/credentials', {
    needs: 'source:manage',
    says: 'Other credentials from now on',
    input: { list, credentials },
    run: ({ exchanging }, by, asked) =>
      exchanging.sources.setCredentials(by, asked.list, asked.credentials),
  }),
  votes: operation('GET /v1/sources/:list/votes', {
    needs: 'source:read',
    says: 'Opinions on their way to the exchange',
    input: { list, ...page },
    reads: ['one', 'source.votes'],
    run: ({ exchanging }, _by, { list: name, ...asked }) => exchanging.sources.votes(name, asked),
  }),
  resendVote: operation('POST /v1/sources/:list/votes/:id/resend', {
    needs: 'source:manage',
    says: 'Sends an opinion again that was refused, or of which nobody knows',
    input: { list, id: exactId },
    run: ({ exchanging }, by, asked) => exchanging.sources.resend(by, asked.list, asked.id),
  }),
  remove: operation('POST /v1/sources/:list/remove', {
    needs: 'source:manage',
    says: 'Forgets the source; what it brought stays',
    input: { list },
    async run({ exchanging }, by, asked) {
      await exchanging.sources.remove(by, asked.list)
      return { removed: true }
    },
  }),
}
