import type { Audit } from '../audit/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import type { Tip } from '../intake/index.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import {
  createDuty,
  createSigner,
  DESK,
  DIGEST,
  type Duty,
  type Language,
  LANGUAGES,
  type MailTransport,
} from '../takedown/index.ts'

export interface Danger extends Omit<Duty, 'call' | 'remind' | 'takeBack'> {
  /** The desk, for others who must call it. */
  readonly duty: Pick<Duty, 'call' | 'remind' | 'takeBack'>
  /** A tip says that a child is in danger now: the desk is called, and nobody outside the house. */
  ofTip(tx: Transaction, by: string, tip: Tip): Promise<void>
  /**
   * An analyst says so of a case: whom the policy names is called as well, and the desk unless a tip has
   * called it of the same.
   */
  ofCase(tx: Transaction, by: string, entry: Case, tip?: Tip): Promise<void>
}

/**
 * What follows at once where a child is in danger now: calls, and an alert of a kind of its own, both in the
 * transaction that says so. Nobody need have set an address for the alert.
 */
export function createDanger(
  context: Context,
  audit: Audit,
  parts: {
    readonly config: Config
    readonly cases: Pick<Cases, 'alertInDanger'>
    readonly router: Pick<Router, 'calledInDanger' | 'home'>
    readonly transport: MailTransport
  },
): Danger {
  const { config, cases, router, transport } = parts
  const { mail, takedown: settings } = config
  const desk = { name: DESK, address: settings.dutyAddress, language: router.home.language }
  const digest = { ...desk, name: DIGEST }
  const duty = createDuty(context, audit, {
    settings,
    organisation: mail.organisation,
    from: mail.from,
    transport,
    sign: createSigner(mail),
    called: [desk, digest, ...router.calledInDanger].map((one) => ({
      ...one,
      language: known(one.language),
    })),
  })

  return {
    ...duty,
    duty,

    async ofTip(tx, by, { id: tipId, caseId = null }) {
      duty.call(tx, by, 'in-danger', { kind: 'tip', id: tipId })
      await cases.alertInDanger(tx, { caseId, tipId })
    },

    async ofCase(tx, by, { id: caseId }, tip) {
      const outside = router.calledInDanger.map(({ name }) => name)
      const called = tip?.inDangerNow === true ? outside : [DESK, ...outside]
      duty.call(tx, by, 'in-danger', { kind: 'case', id: caseId }, called)
      await cases.alertInDanger(tx, { caseId, ...(tip && { tipId: tip.id }) })
    },
  }
}

function known(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? 'en'
}
