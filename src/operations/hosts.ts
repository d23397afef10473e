import { z } from 'zod'
import { canonicalUrl, refanged } from '../core/index.ts'
import { CLASSIFICATIONS } from '../register/terms.ts'
import { CONTACT_STATES } from '../route/terms.ts'
import {
  addresses,
  circumstances,
  country,
  exactId,
  isoCountry,
  page,
  reason,
  url,
} from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const assume = z.strictObject({
  name: z.string().min(1).exactOptional(),
  kind: z.enum(['provider', 'platform', 'proxy', 'onion']).exactOptional(),
  country: country.exactOptional(),
})

/** Who can remove what a URL shows, who would be told of it, and what each did with what it was told. */
export const hosts = {
  list: operation('GET /v1/hosts', {
    needs: 'contact:read',
    says: 'Hosts by name: what is open there, what they were told, how fast it was gone, what came back',
    input: {
      ...page,
      name: z.string().trim().min(1).max(200).exactOptional().describe('Any part of it'),
      country: isoCountry.exactOptional(),
      open: z.stringbool().exactOptional().describe('Whether anything is open there now'),
      returned: z.stringbool().exactOptional().describe('Whether anything came back'),
    },
    reads: ['all', 'host.list'],
    run: ({ hosts: stage }, _by, filter) => stage.list(filter),
  }),
  show: operation('GET /v1/hosts/:id', {
    needs: 'contact:read',
    says: 'One host with its contacts and their approval, its letters and its open cases',
    input: { id: exactId },
    reads: ['one', 'host.read'],
    run: ({ hosts: stage }, _by, asked) => stage.show(asked.id),
  }),
  // Not a GET: a URL of suspected material does not belong into a request line.
  trace: operation('POST /v1/traces', {
    needs: 'route:explain',
    says: 'Who can remove what a URL shows, looked up now',
    input: { url },
    reads: ['often', 'trace.read'],
    run: ({ trace: stage }, _by, { url }) => stage.find(canonicalUrl(url), { fresh: true }),
  }),
  explainRoute: operation('POST /v1/routes/explain', {
    needs: 'route:explain',
    says: 'Who would be told of a case, and by which rule',
    input: {
      url: url.exactOptional(),
      assume: assume.exactOptional(),
      classification: z.enum(CLASSIFICATIONS).exactOptional(),
      circumstances: circumstances.exactOptional(),
    },
    reads: ['often', 'route.explain'],
    run: ({ explainRoute }, _by, question) => explainRoute(question),
  }),
}

/** What analysts know better than look-ups. */
export const overrides = {
  list: operation('GET /v1/overrides', {
    needs: 'contact:read',
    says: 'What analysts know better than look-ups',
    input: page,
    reads: ['page', 'override.list'],
    run: ({ overrides: stage }, _by, query) => stage.list(query),
  }),
  set: operation('POST /v1/overrides', {
    needs: 'host:override',
    says: 'Says who a host is, before every look-up',
    input: {
      host: z.string().min(1).max(253).transform(refanged),
      name: z.string().min(1).max(200).exactOptional(),
      abuseContact: z.email().exactOptional(),
      country: isoCountry.exactOptional(),
      origin: addresses.exactOptional(),
      reason,
    },
    status: 201,
    run: ({ overrides: stage }, by, override) => stage.set(by.id, override),
  }),
  remove: operation('POST /v1/overrides/:id/remove', {
    needs: 'host:override',
    says: 'Takes an override back',
    input: { id: idOf('override') },
    run: ({ overrides: stage }, by, removed) => stage.remove(by.id, removed.id),
  }),
}

export const contacts = {
  // Not below /v1/contacts, where a contact's id stands.
  keys: operation('GET /v1/contact-keys', {
    needs: 'contact:read',
    says: 'Whose letters are encrypted with which key, and who is told by a portal only',
    input: {},
    reads: ['all', 'contact-key.list'],
    run: ({ takedown }) => Promise.resolve(takedown.contactKeys()),
  }),
  list: operation('GET /v1/contacts', {
    needs: 'contact:read',
    says: 'Contacts that look-ups found',
    input: { ...page, state: z.enum(CONTACT_STATES).exactOptional() },
    reads: ['page', 'contact.list'],
    run: ({ router }, _by, filter) => router.contacts.list(filter),
  }),
  enter: operation('POST /v1/contacts', {
    needs: 'host:override',
    says: 'Enters the address of the social services of a municipality, for a second person to approve',
    input: {
      municipality: z.string().min(1).max(64).describe("Code or name: '0180', 'Stockholm'"),
      mail: z.email(),
      name: z.string().trim().min(1).max(200).exactOptional(),
      reason,
    },
    status: 201,
    run({ municipalities, router }, by, { municipality, mail, name, reason: why }) {
      const { code, name: place } = municipalities.find(municipality, 'municipality')
      const called = name ?? `${router.socialServices}, ${place}`
      return router.contacts.enter(by.id, {
        role: 'social-services',
        name: called,
        mail,
        municipality: code,
        reason: why,
      })
    },
  }),
  decide: operation('POST /v1/contacts/:id/decision', {
    needs: 'contact:decide',
    says: 'Approves or refuses a contact',
    input: { id: idOf('contact'), decision: z.enum(['approved', 'refused']), reason },
    async run({ router, takedown }, by, { id: contactId, decision, reason: why }) {
      const decided = await router.contacts.decide(by.id, contactId, decision, why)
      if (decided.municipality !== undefined) await takedown.readdressByHand(by.id)
      return decided
    },
  }),
}
