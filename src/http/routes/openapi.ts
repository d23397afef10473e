import { z } from 'zod'
import { type OpenApiDocument, openApiDocument } from '../openapi/document.ts'
import { jsonSchema, schemaNames } from '../openapi/schemas.ts'
import { type Route, route } from '../route.ts'
import type { Routes } from './index.ts'

/** The description of the API, itself included. */
export function openApiRoutes(describe: () => Routes): readonly Route[] {
  let document: OpenApiDocument | undefined
  return [
    route(['GET', '/v1/openapi.json'], 'signed-in', z.strictObject({}), () => {
      document ??= openApiDocument(describe())
      return Promise.resolve(document)
    }),
    route(
      ['GET', '/v1/schemas/:name'],
      'signed-in',
      z.strictObject({ name: z.enum(schemaNames) }),
      (_by, { name }) => Promise.resolve(jsonSchema(name)),
    ),
  ]
}
