import type { Alert } from '../cases/index.ts'
import { defined } from '../core/index.ts'

export interface Message {
  /** The same at every attempt: by it receivers recognise what they have. */
  readonly id: string
  readonly body: string
}

/**
 * What leaves the house: that something happened to a case, and no URL, hash, host or class. The
 * endpoint's machine may be anybody's, is not asked for a role, and bodies end up in logs; whoever
 * may know more reads the case by its id, with a key.
 */
export function messageOf(alert: Alert): Message {
  const { id, sequence, kind, caseId, status, at, notice, look, tipId, mail, ...told } = alert
  const { objection, errand } = told
  const more = { ...(mail && { mail }), ...(objection && { objection }) }
  const about = {
    ...(notice && { notice }),
    ...(look && { look }),
    ...more,
    ...defined({ tipId, errand }),
  }
  const data = { id, sequence, kind, caseId, status, at, ...about }
  return { id, body: JSON.stringify({ type: `alert.${kind}`, timestamp: at, data }) }
}

export function testMessage(id: string, at: string): Message {
  return { id, body: JSON.stringify({ type: 'hindra.test', timestamp: at, data: { id, at } }) }
}
