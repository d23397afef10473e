import { z } from 'zod'
import { secret } from './fields.ts'

export const dataKeySettings = {
  value: secret().optional().describe('The data key, base64 of 32 bytes (environment only)'),
  command: z.string().optional().describe('Command that prints the data key in base64'),
  file: z.string().optional().describe('File that holds it; by default data.key beside the data'),
}
