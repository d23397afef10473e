import { HindraError } from '../errors.ts'
import { type ConfigSources, givenSettings } from './sources.ts'

/** Of the house, where nothing else is set. */
export const TIME_ZONE = 'Europe/Stockholm'

export const NO_TIME_ZONE = 'is no time zone of the IANA database'

export function isTimeZone(name: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC'
}

/**
 * `takedown.timeZone` alone, for whoever has no use for the other settings: to check them takes longer than to ask a
 * server. Throws INVALID_CONFIG.
 */
export function houseTimeZone(sources: ConfigSources): string {
  const zone = givenSettings(sources).of('takedown.timeZone')?.value ?? TIME_ZONE
  if (typeof zone === 'string' && isTimeZone(zone)) return zone
  throw new HindraError('INVALID_CONFIG', `takedown.timeZone: ${NO_TIME_ZONE}`)
}
