import type { Language } from '../../takedown/index.ts'
import { account } from './account.ts'
import { audit } from './audit.ts'
import { cases } from './cases.ts'
import { door } from './door.ts'
import { everyPage } from './every-page.ts'
import { evidence } from './evidence.ts'
import { find } from './find.ts'
import { held } from './held.ts'
import { people } from './people.ts'
import { queue } from './queue.ts'
import { second } from './second.ts'
import { system } from './system.ts'
import { tip } from './tip.ts'
import { waiting } from './waiting.ts'

/** Every word of the console, by the topic of its page. */
export type ConsoleWords = ReturnType<typeof wordsOf>

export function wordsOf(language: Language) {
  return {
    ...everyPage[language],
    queue: queue[language],
    tip: tip[language],
    held: held[language],
    case: cases[language],
    evidence: evidence[language],
    find: find[language],
    waiting: waiting[language],
    people: people[language],
    audit: audit[language],
    system: system[language],
    second: second[language],
    door: door[language],
    account: account[language],
  }
}
