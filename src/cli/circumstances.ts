import type { Command } from 'commander'
import type { Circumstances } from '../cases/index.ts'
import { defined } from '../core/index.ts'

export interface CircumstanceOptions {
  readonly ownRequest?: boolean
  readonly account?: boolean
  readonly referral?: boolean
  readonly child?: string
  readonly offender?: string
  readonly inDangerNow?: boolean
  readonly municipality?: string
  readonly profileId?: string
  readonly profileName?: string
}

/** What decides, beside the host, who is told first. */
export function withCircumstances(command: Command): Command {
  return command
    .option('--own-request', 'the child itself asks for removal')
    .option('--no-own-request')
    .option('--account', 'the URL is an account that threatens or extorts, with or without media')
    .option('--no-account')
    .option('--referral', 'the social services are to be told')
    .option('--no-referral')
    .option(
      '--in-danger-now',
      'a child is in danger at this moment: the duty desk is called at once',
    )
    .option('--no-in-danger-now')
    .option(
      '--municipality <code|name>',
      'where the child lives: 0180, Stockholm; the social services there',
    )
    .option('--profile-id <id>', 'of an account: the lasting id that its platform knows it by')
    .option('--profile-name <name>', 'of an account: the name that it shows')
    .option('--child <country>', "the child's country, two letters (ISO 3166-1)")
    .option('--offender <country>', "the offender's country")
}

/** Undefined where none was named. */
export function circumstancesOf(options: CircumstanceOptions): Partial<Circumstances> | undefined {
  const { ownRequest, account, referral, child, offender, inDangerNow, municipality } = options
  const { profileId, profileName } = options
  const named = defined({
    ownRequest,
    account,
    referral,
    inDangerNow,
    childMunicipality: municipality,
    profileId,
    profileName,
    childCountry: child?.toUpperCase(),
    offenderCountry: offender?.toUpperCase(),
  })
  return Object.keys(named).length === 0 ? undefined : named
}
