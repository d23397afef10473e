import { z } from 'zod'

const HOST_AND_PORT = /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i

function address() {
  return z.string().regex(HOST_AND_PORT, 'is no address with a port, 10.0.0.2:7081').optional()
}

export const matcherSettings = {
  shard: z
    .string()
    .regex(/^(none|[1-9]\d{0,3}\/[1-9]\d{0,3})$/, 'is none of 1/1, 2/4, none')
    .default('1/1')
    .describe(
      'Which part of the known material this process holds, where several divide it (store.url): 2/4 is the second of four; none asks the others alone',
    ),
  listen: address().describe('Address and port where it answers the others; needed by a part'),
  address: address().describe('What the others reach it by, where that is not the same'),
  answerSeconds: z
    .number()
    .min(0.05)
    .max(60)
    .default(2)
    .describe('How long another process is waited for'),
  hedgeMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(100)
    .describe('After this another one that holds the same is asked, too'),
}
