import { z } from 'zod'

export const sessionsSettings = {
  url: z
    .url({ protocol: /^https?$/, error: 'is no http or https URL' })
    .optional()
    .describe(
      'Where people reach the console, for passkeys and the links of invitations: https://hindra.example',
    ),
  invitationHours: z
    .number()
    .min(1)
    .max(720)
    .default(48)
    .describe('How long the code of an invitation is good'),
  idleMinutes: z
    .number()
    .min(1)
    .max(1_440)
    .default(30)
    .describe('A session in a browser ends when it was not used so long'),
  hoursMax: z
    .number()
    .min(0.25)
    .max(168)
    .default(10)
    .describe('And so long after its sign-in, however much it is used'),
  freshMinutes: z
    .number()
    .min(1)
    .max(120)
    .default(10)
    .describe('How long the second factor counts for what binds the hotline'),
  heldMax: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Sessions that one person has at a time; one more ends the oldest'),
  viewsMax: z.int().min(1).max(500).default(30).describe('Views of lists that one person keeps'),
  passkeysMax: z.int().min(1).max(50).default(10).describe('Passkeys that one person has'),
  deviceDays: z
    .number()
    .min(1)
    .max(730)
    .default(180)
    .describe('How long a browser is known after a sign-in, so that strangers cannot slow it down'),
  attemptsPerAddress: z
    .int()
    .min(1)
    .max(100_000)
    .default(60)
    .describe('Sign-ins tried in 10 minutes from one address by browsers that are not known'),
  hashesAtOnce: z
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Passwords that are hashed at once, 64 MiB of memory each'),
}
