import { join } from 'node:path'
import { type Config, configWith } from '../../src/config.ts'
import type { Plant } from './plants.ts'

/** The countries of the providers, and whom that makes the first to be told: see the policy. */
const COUNTRIES = ['SE', 'NL', 'NL', 'DE', 'FR', 'NL'] as const
export const PROVIDERS = COUNTRIES.length
const BY_POST = 2
/** Where that provider takes notices; where alerts are posted to. */
export const NOTICE_HOOK = 'https://provider2.example/notices'
export const NOTICE_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
export const ALERT_HOOKS = ['https://pipeline.example/hooks', 'https://desk.example/hooks'] as const
export const POLICE = 'police@police.example'
export const INTERPOL = 'INTERPOL'
/** The longest that a webhook waits until it is tried again. */
export const WEBHOOK_RETRY_HOURS = 3
/** Hours from a first notice. */
export const RUNG_HOURS: Readonly<Record<string, number>> = {
  reminder: 24,
  'site-owner': 36,
  registrar: 60,
  upstream: 84,
  regulator: 108,
}

/** Where a provider takes notices. */
export function contactOf(provider: number): string {
  return provider === BY_POST ? NOTICE_HOOK : `abuse@provider${provider}.example`
}

/** The settings of the process. */
export function settingsOf(directory: string, plant: Plant | undefined, data = directory): Config {
  const hours = (step: string) => (RUNG_HOURS[step] ?? 0) / (plant === 'rungs-hasty' ? 4 : 1)
  return configWith({
    data,
    // What finds altered copies.
    'features.store': true,
    'mail.from': 'notices@hotline.example',
    'mail.returnPath': 'bounces@hotline.example',
    'alerts.keepDays': 2,
    'webhooks.attemptsMax': 4,
    'webhooks.retryHoursMax': WEBHOOK_RETRY_HOURS,
    'hotlineExports.directory': join(directory, 'exports'),
    'hotlineExports.scartCountries': ['FR'],
    'takedown.reminderHours': hours('reminder'),
    'takedown.hostHours': 30,
    'takedown.siteOwnerHours': hours('site-owner'),
    'takedown.registrarHours': hours('registrar'),
    'takedown.upstreamHours': hours('upstream'),
    'takedown.regulatorHours': hours('regulator'),
    'takedown.webhookSecrets': { [NOTICE_HOOK]: NOTICE_SECRET },
    'trace.systemFolder': join(import.meta.dirname, 'tables'),
    'policy.directory': join(import.meta.dirname, 'policy'),
    'route.addresses': { police: POLICE },
    // By the machine's clock, which no seed sets.
    'index.snapshotMinutes': 1_440,
    'index.erasureSeconds': 86_400,
    'fetch.vantages': { abroad: 'http://abroad.example:3128' },
    'trace.providers': COUNTRIES.map((country, number) => ({
      name: `Provider ${number}`,
      country,
      networks: [`198.51.${number}.0/24`],
      ...(number === BY_POST ? { webhook: NOTICE_HOOK } : { abuseContact: contactOf(number) }),
    })),
  })
}
