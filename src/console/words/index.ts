import type { Language } from '../../takedown/index.ts'
import { account } from './account.ts'
import { again } from './again.ts'
import { audit } from './audit/index.ts'
import { carried } from './carried.ts'
import { cases } from './cases.ts'
import { contacts } from './contacts.ts'
import { dossiers } from './dossiers.ts'
import { door } from './door.ts'
import { everyPage } from './every-page.ts'
import { exchanges } from './exchanges.ts'
import { evidence } from './evidence.ts'
import { figures } from './figures.ts'
import { find } from './find.ts'
import { held } from './held.ts'
import { iccam } from './iccam.ts'
import { mails } from './mails.ts'
import { many } from './many.ts'
import { lists } from './lists.ts'
import { looks } from './looks.ts'
import { hosts } from './hosts.ts'
import { notices } from './notices.ts'
import { objections } from './objections.ts'
import { ownFiles } from './own-files.ts'
import { pageText } from './page-text.ts'
import { policy } from './policy.ts'
import { queue } from './queue.ts'
import { register } from './register.ts'
import { registering } from './registering.ts'
import { people } from './people.ts'
import { second } from './second.ts'
import { sender } from './sender.ts'
import { system } from './system.ts'
import { tip } from './tip.ts'
import { toVerify } from './to-verify.ts'
import { undo } from './undo.ts'
import { views } from './views.ts'
import { waiting } from './waiting.ts'

/** Every word of the console, by the topic of its page. */
export type ConsoleWords = ReturnType<typeof allWords>

function allWords(language: Language) {
  return {
    ...everyPage[language],
    again: again[language],
    many: many[language],
    queue: queue[language],
    tip: tip[language],
    undo: undo[language],
    views: views[language],
    register: register[language],
    registering: registering[language],
    ownFiles: ownFiles[language],
    toVerify: toVerify[language],
    lists: lists[language],
    exchanges: exchanges[language],
    held: held[language],
    looks: looks[language],
    pageText: pageText[language],
    case: cases[language],
    evidence: evidence[language],
    find: find[language],
    figures: figures[language],
    policy: policy[language],
    waiting: waiting[language],
    mails: mails[language],
    carried: carried[language],
    iccam: iccam[language],
    hosts: hosts[language],
    contacts: contacts[language],
    notices: notices[language],
    objections: objections[language],
    dossiers: dossiers[language],
    people: people[language],
    audit: audit[language],
    system: system[language],
    second: second[language],
    sender: sender[language],
    door: door[language],
    account: account[language],
  }
}

const WORDS: Readonly<Record<Language, ConsoleWords>> = { sv: allWords('sv'), en: allWords('en') }

export function wordsOf(language: Language): ConsoleWords {
  return WORDS[language]
}
