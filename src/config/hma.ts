import { z } from 'zod'

/** HMA's API. */
export const hmaSettings = {
  trustedNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()], 'is no CIDR block'))
    .default([])
    .describe('CIDR blocks whose clients need send no key to look up; everybody there is trusted'),
  keyFile: z.string().optional().describe('The key that they are taken for, hma-client alone'),
}
