import { z } from 'zod'
import { LANGUAGES } from '../takedown/terms.ts'
import { page, reason } from './fields.ts'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('dossier')
const to = z.email().max(254).describe('Of the police: who has a key in `takedown.confidence`')
const language = z.enum(LANGUAGES).default('en').describe('Of the text')

/** The evidence of one case for the police, encrypted. */
export const dossiers = {
  preview: operation('GET /v1/cases/:id/dossier', {
    needs: 'dossier:propose',
    says: 'What the police would be given of a case, without the values of hashes',
    input: { id: idOf('case'), to: to.exactOptional(), language },
    reads: ['one', 'dossier.preview'],
    run: ({ dossiers: stage }, _by, asked) => stage.preview(asked.id, asked.to, asked.language),
  }),
  propose: operation('POST /v1/dossiers', {
    needs: 'dossier:propose',
    says: 'Proposes that the police are given the evidence of a case',
    input: { caseId: idOf('case'), to, reason },
    status: 201,
    run: ({ dossiers: stage }, by, wanted) => stage.propose(by, wanted),
  }),
  list: operation('GET /v1/dossiers', {
    needs: 'notice:read',
    says: 'Dossiers for the police: who asked for them, who let them go, and their digests',
    input: { ...page, caseId: idOf('case').exactOptional() },
    reads: ['page', 'dossier.list'],
    run: ({ dossiers: stage }, _by, rows) => stage.list(rows),
  }),
  show: operation('GET /v1/dossiers/:id', {
    needs: 'dossier:propose',
    says: 'One dossier, with what would leave now and what has changed since it was proposed',
    input: { id, language },
    reads: ['one', 'dossier.read'],
    run: ({ dossiers: stage }, _by, asked) => stage.show(asked.id, asked.language),
  }),
  release: operation('POST /v1/dossiers/:id/release', {
    needs: 'dossier:release',
    says: 'Lets a dossier go: the encrypted file; by another person than who proposed it',
    input: {
      id,
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex')
        .exactOptional()
        .describe('Of what was looked at, where the case has changed since it was proposed'),
    },
    run: ({ dossiers: stage }, by, released) => stage.release(by, released.id, released.digest),
  }),
  withdraw: operation('POST /v1/dossiers/:id/withdraw', {
    needs: 'dossier:propose',
    says: 'A dossier that waits does not go',
    input: { id, reason },
    run: ({ dossiers: stage }, by, dossier) => stage.withdraw(by, dossier.id, dossier.reason),
  }),
  file: operation('GET /v1/dossiers/:id/file', {
    needs: 'dossier:release',
    says: 'The file of a dossier that was released, once more',
    input: { id },
    reads: ['one', 'dossier.file'],
    run: ({ dossiers: stage }, _by, dossier) => stage.file(dossier.id),
  }),
}
