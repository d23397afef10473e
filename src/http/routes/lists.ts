import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { CLASSIFICATIONS, LIST_KINDS } from '../../register/index.ts'
import { type Route, reason, route } from '../route.ts'

export const listName = z.string().min(1).max(64)

const policy = {
  fourEyes: z.boolean().exactOptional(),
  reviewOnly: z.array(z.enum(CLASSIFICATIONS)).exactOptional(),
  arrivesAs: z.enum(['proposed', 'verified']).exactOptional(),
}

export function listRoutes(engine: Engine): readonly Route[] {
  return [
    route(['GET', '/v1/lists'], 'list:read', z.strictObject({}), (by) => engine.lists(by)),
    route(
      ['GET', '/v1/lists/:name'],
      'list:read',
      z.strictObject({ name: listName }),
      (by, { name }) => engine.list(by, name),
    ),
    route(
      ['POST', '/v1/lists'],
      'list:manage',
      z.strictObject({
        name: listName,
        kind: z.enum(LIST_KINDS),
        description: z.string().max(1_000).exactOptional(),
        ...policy,
      }),
      (by, list) => engine.createList(by, list),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/lists/:name/policy'],
      'list:manage',
      z.strictObject({ name: listName, reason, ...policy }),
      (by, { name, reason: why, ...changes }) => engine.changeList(by, name, changes, why),
    ),
  ]
}
