import { z } from 'zod'
import { LANGUAGES } from '../takedown/terms.ts'
import {
  addedUrl,
  messageText,
  OWN_REQUEST_STATES,
  receiptFields,
  TIPLINE_SENTENCES,
  toldFields,
} from '../tipline/terms.ts'
import { page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

/** What the public does without an account, through a page that holds the key of a `reporter`. */
export const tipline = {
  challenge: operation('GET /v1/tipline/challenge', {
    needs: 'tip:by-receipt',
    says: 'What a form must carry: work for a browser, or a wait',
    input: {},
    run: ({ tipline: stage }) => stage.challenge(),
  }),
  sentences: operation('GET /v1/tipline/sentences', {
    needs: 'tip:by-receipt',
    says: 'The sentences for the public, in one language',
    input: { language: z.enum(LANGUAGES).default('sv') },
    run: (_parts, _by, { language }) => Promise.resolve(TIPLINE_SENTENCES[language]),
  }),
  tell: operation('POST /v1/tipline/tips', {
    needs: 'tip:by-receipt',
    says: 'A tip of the public, or what a child asks for itself: answers the receipt, once',
    input: toldFields,
    status: 201,
    run: ({ tipline: stage }, by, told) => stage.tell(by, told),
  }),
  look: operation('POST /v1/tipline/look', {
    needs: 'tip:by-receipt',
    says: 'What a receipt opens: a state in plain words, messages both ways',
    input: receiptFields,
    run: ({ tipline: stage }, _by, asked) => stage.look(asked),
  }),
  keep: operation('POST /v1/tipline/keep', {
    needs: 'tip:by-receipt',
    says: 'The sender has kept the receipt, and can be answered',
    input: receiptFields,
    run: ({ tipline: stage }, _by, asked) => stage.keep(asked),
  }),
  write: operation('POST /v1/tipline/messages', {
    needs: 'tip:by-receipt',
    says: 'The sender writes more',
    input: { ...receiptFields, text: messageText },
    status: 201,
    run: ({ tipline: stage }, by, { text, ...asked }) => stage.write(by, asked, text),
  }),
  add: operation('POST /v1/tipline/urls', {
    needs: 'tip:by-receipt',
    says: 'The sender tells another URL',
    input: { ...receiptFields, url: addedUrl },
    status: 201,
    run: ({ tipline: stage }, by, { url, ...asked }) => stage.add(by, asked, url),
  }),
  withdraw: operation('POST /v1/tipline/withdraw', {
    needs: 'tip:by-receipt',
    says: 'The child takes its own request back',
    input: receiptFields,
    run: ({ tipline: stage }, by, asked) => stage.withdraw(by, asked),
  }),
}

/** What children ask for themselves, by hashes of their own pictures. */
export const ownRequests = {
  list: operation('GET /v1/own-requests', {
    needs: 'tip:read',
    says: 'Requests of children for pictures of themselves, and how each stands',
    input: { ...page, state: z.enum(OWN_REQUEST_STATES).exactOptional() },
    reads: ['page', 'own-request.list'],
    run: ({ tipline: stage }, _by, wanted) => stage.list(wanted),
  }),
  accept: operation('POST /v1/tips/:id/accept-own', {
    needs: 'assess',
    says: 'A person has read it: the pictures are looked for, as a matter of review',
    input: { id: idOf('tip') },
    run: ({ tipline: stage }, by, tip) => stage.accept(by, tip.id),
  }),
  decline: operation('POST /v1/tips/:id/decline-own', {
    needs: 'assess',
    says: 'The pictures are not looked for, or no longer',
    input: { id: idOf('tip'), reason },
    run: ({ tipline: stage }, by, tip) => stage.decline(by, tip.id, tip.reason),
  }),
}
