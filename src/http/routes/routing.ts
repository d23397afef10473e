import { z } from 'zod'
import type { Engine } from '../../engine.ts'
import { CLASSIFICATIONS } from '../../register/index.ts'
import { CONTACT_STATES } from '../../route/index.ts'
import { addresses, circumstances, country, id, page, type Route, reason, route } from '../route.ts'

const assume = z.strictObject({
  name: z.string().min(1).exactOptional(),
  kind: z.enum(['provider', 'platform', 'proxy', 'onion']).exactOptional(),
  country: country.exactOptional(),
})

export function routingRoutes(engine: Engine): readonly Route[] {
  return [
    // Not a GET: a URL of suspected material does not belong into a request line.
    route(
      ['POST', '/v1/routes/explain'],
      'route:explain',
      z.strictObject({
        url: z.string().min(1).exactOptional(),
        assume: assume.exactOptional(),
        classification: z.enum(CLASSIFICATIONS).exactOptional(),
        circumstances: circumstances.exactOptional(),
      }),
      (by, question) => engine.explainRoute(by, question),
    ),
    route(
      ['POST', '/v1/cases/:id/origin'],
      'host:override',
      z.strictObject({ id, addresses: addresses.min(1), reason }),
      (by, told) => engine.nameOrigin(by, told.id, told.addresses, told.reason),
    ),
    route(
      ['GET', '/v1/contacts'],
      'contact:read',
      z.strictObject({ ...page, state: z.enum(CONTACT_STATES).exactOptional() }),
      (by, filter) => engine.contacts(by, filter),
    ),
    route(
      ['POST', '/v1/contacts'],
      'host:override',
      z.strictObject({
        municipality: z.string().min(1).max(64).describe("Code or name: '0180', 'Stockholm'"),
        mail: z.email(),
        name: z.string().trim().min(1).max(200).exactOptional(),
        reason,
      }),
      (by, entered) => engine.enterContact(by, entered),
      { status: 201 },
    ),
    route(
      ['POST', '/v1/contacts/:id/decision'],
      'contact:decide',
      z.strictObject({ id, decision: z.enum(['approved', 'refused']), reason }),
      (by, decided) => engine.decideContact(by, decided.id, decided.decision, decided.reason),
    ),
  ]
}
