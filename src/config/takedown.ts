import { z } from 'zod'
import { secret, secrets, timeOfDay, timeZone } from './fields.ts'

function hours(defaultHours: number) {
  return z.number().min(0.1).max(8_760).default(defaultHours)
}

/** The same in each language in which letters are written. */
function inLanguages() {
  return z.partialRecord(z.enum(['sv', 'en']), z.string().trim().min(1).max(200))
}

/** Who we are, as letters say it. */
export const houseSettings = {
  telephone: z.string().trim().min(3).max(40).optional().describe('Told in letters, for questions'),
  dutyHours: inLanguages()
    .default({})
    .describe('When it is answered, by language: {sv: dygnet runt, en: day and night}'),
  flaggerBy: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Who gave the status of trusted flagger (DSA Article 22); platforms are told of it'),
  flaggerSince: z.iso.date('a day is YYYY-MM-DD').optional().describe('... and on which day'),
  flaggerArea: inLanguages().default({}).describe('... for which area of expertise, by language'),
  flaggerLink: z.url().optional().describe('... and where that is published'),
}

/** What letters call a house that has not said its name. */
export const UNNAMED = 'The hotline'

export const mailSettings = {
  host: z.string().default('127.0.0.1').describe('SMTP relay'),
  port: z.int().min(1).max(65535).default(25),
  secure: z.boolean().default(false).describe('TLS from the first byte'),
  requireTls: z.boolean().default(false).describe('Refuse to send without STARTTLS'),
  user: z.string().optional(),
  password: secret().optional(),
  from: z.email().default('notices@hotline.invalid').describe('Sender of notices'),
  organisation: z.string().min(1).max(200).default(UNNAMED).describe('Name in notices'),
  returnPath: z.email().optional().describe('Mailbox of bounces and replies; gets +ID before @'),
  dkimDomain: z.hostname().optional().describe('Domain that mails are signed for'),
  dkimSelector: z.hostname().optional(),
  dkimKeyFile: z.string().optional().describe('RSA key in PEM; without it the relay signs'),
  timeoutSeconds: z.number().min(0.1).max(600).default(30),
}

export const takedownSettings = {
  reminderHours: hours(24).describe('From a first notice to its reminder'),
  hostHours: hours(72).describe('From the notice to a hotline abroad to that of the host itself'),
  siteOwnerHours: hours(48).describe('From a first notice to the owner of the site'),
  registrarHours: hours(96).describe('The same to the registrar of the domain'),
  upstreamHours: hours(144).describe('The same to the network that connects the host'),
  regulatorHours: hours(336).describe('The same to the regulator in the country of the host'),
  lookMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(30)
    .describe('What was seen longer ago than this is looked at before a notice leaves'),
  mailsPerRecipientDay: z.int().min(1).max(100_000).default(100).describe('Most mails a day (UTC)'),
  quietFrom: timeOfDay().optional().describe('No notices from HH:MM; off by default'),
  quietTo: timeOfDay().optional().describe('... until HH:MM, the next day where it is earlier'),
  quietWeekends: z.boolean().default(false).describe('No notices on Saturday and Sunday'),
  timeZone: timeZone()
    .default('Europe/Stockholm')
    .describe(
      'Of the house: times in letters, quiet hours, weekends, what the police are to wait for',
    ),
  templates: z.string().optional().describe('Directory of own letters: LANGUAGE/RECIPIENT.eta'),
  urls: z
    .record(z.string().min(1), z.enum(['plain', 'defanged', 'portal']))
    .default({})
    .describe('How URLs stand in letters, by mail address or role; portal: on request only'),
  confidence: z
    .record(
      z.email(),
      z.union([
        z.strictObject({ certificate: z.string().min(1) }),
        z.strictObject({ openpgp: z.string().min(1) }),
        z.strictObject({ portalOnly: z.literal(true) }),
      ]),
    )
    .default({})
    .describe(
      'By mail address: {certificate: FILE} (S/MIME, PEM) or {openpgp: FILE} encrypts letters; {portalOnly: true} mails none',
    ),
  keyWarnDays: z
    .number()
    .min(1)
    .max(365)
    .default(30)
    .describe('A key of a contact that ends within so many days is warned of and alerted'),
  tellGone: z
    .array(z.string().min(1))
    .default([
      ...['police', 'host', 'platform', 'proxy', 'hotline', 'social-services'],
      ...['registrar', 'upstream', 'regulator'],
    ])
    .describe('Roles that hear once that what they were told of is gone; [] for nobody'),
  notifierNamed: z
    .boolean()
    .default(true)
    .describe('Name and address in notices; DSA Article 16(2)(c) lets them be left out'),
  webhookSecrets: secrets(z.url(), /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/)
    .default({})
    .describe("URL of a provider's webhook to the secret (whsec_...) that signs notices to it"),
  urlsPerMailMax: z.int().min(1).max(1_000).default(50),
  attemptsMax: z.int().min(1).max(100).default(12).describe('Tries before a notice is failed'),
  retryMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(5)
    .describe(
      'First wait; of a notice it doubles each time, of other letters it grows to an hour at most',
    ),
  undeliveredHours: hours(24).describe(
    'A notice that reached nobody is alerted of again after this, until that is settled',
  ),
  holdDaysMax: z
    .number()
    .min(1)
    .max(365)
    .default(14)
    .describe('Longest that a notice waits for the police on the word of one person or reply'),
  dutyAddress: z
    .email()
    .optional()
    .describe('Mail address of whoever is on duty: called at once where a child is in danger now'),
  dutyBundleMinutes: z
    .number()
    .min(0.1)
    .max(60)
    .default(5)
    .describe('The first call goes at once; those that follow within this time share one mail'),
  digestMinutes: z
    .number()
    .min(0.1)
    .max(1_440)
    .default(60)
    .describe('What waits for a person is mailed to dutyAddress at most once in this time'),
  stop: z
    .boolean()
    .default(false)
    .describe('Emergency stop: no notice is sent while true; the duty desk is called all the same'),
}

export const cloudflareSettings = {
  account: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'is no account id of Cloudflare')
    .optional()
    .describe('Account whose abuse-report API is called'),
  token: secret().optional().describe('API token that may report abuse'),
  api: z.url({ protocol: /^https?$/ }).default('https://api.cloudflare.com/client/v4'),
}

export const awsSettings = {
  region: z
    .enum(['us-east-1', 'us-west-2', 'eu-west-2'])
    .optional()
    .describe(
      'Region of AWS Abuse Signal that is reported to; none: AWS is told as any other host',
    ),
  accessKeyId: z
    .string()
    .regex(/^[A-Z0-9]{16,128}$/, 'is no id of an access key')
    .optional()
    .describe('Id of the access key that signs the reports'),
  secretAccessKey: secret().optional().describe('The secret of that key'),
  sessionToken: secret().optional().describe('Where the key is a temporary one'),
  test: z.boolean().default(false).describe('Reports carry the tag lifecycle:test'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Another address than https://abuse.REGION.amazonaws.com'),
}
