import { z } from 'zod'

export const policySettings = {
  directory: z
    .string()
    .optional()
    .describe('Files here replace the shipped ones of the same name; by default DATA/policy'),
}

export const routeSettings = {
  addresses: z
    .record(z.string().min(1), z.email())
    .default({})
    .describe("Mail addresses of the policy's recipients: police, social-services"),
  approveContacts: z
    .boolean()
    .default(true)
    .describe('A contact that a look-up found is told only after a person approved it'),
}
