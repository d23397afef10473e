import { z } from 'zod'
import { operation, text } from './operation.ts'
import { jsonSchema, schemaNames } from './published.ts'

export const system = {
  health: operation('GET /v1/health', {
    needs: 'system:read',
    says: 'Whether it can work, and what waits for a person',
    input: {},
    run: ({ watch }) => watch.health(),
  }),
  upkeep: operation('GET /v1/upkeep', {
    needs: 'system:read',
    says: 'The queues with their oldest, and when a backup was taken last',
    input: {},
    run: ({ watch }) => watch.upkeep(),
  }),
  config: operation('GET /v1/config', {
    needs: 'system:read',
    says: 'Settings in force; secrets masked',
    input: {},
    run: ({ settings }) => Promise.resolve(settings()),
  }),
  openapi: operation('GET /v1/openapi.json', {
    needs: 'signed-in',
    says: 'This document',
    input: {},
    run: ({ describe }) => Promise.resolve(describe()),
  }),
  schema: operation('GET /v1/schemas/:name', {
    needs: 'signed-in',
    says: 'One schema as JSON Schema (draft 2020-12)',
    input: { name: z.enum(schemaNames) },
    run: (_parts, _by, { name }) => Promise.resolve(jsonSchema(name)),
  }),
  metrics: text('GET /metrics', {
    needs: 'metrics:read',
    says: 'Metrics in the text format of Prometheus',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    run: ({ metrics }) => metrics(),
  }),
}
