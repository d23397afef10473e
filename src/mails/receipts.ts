import { own } from '../core/index.ts'

/** What of a mail tells whether it is a receipt. */
export interface ReceiptSource {
  readonly headers: readonly { readonly key: string; readonly value: string }[]
  readonly subject: string
  /** Its own text, without what it quotes, as far as it was read. */
  readonly text: string
  /** Whether there may be more of it, or a file that nobody looked at. */
  readonly hasMore: boolean
}

type Signs = Readonly<Record<string, RegExp>>

/** Of a header nothing longer says what sent it. */
const VALUE_CHARS_MAX = 200

/**
 * Written by no person, and about their mail alone: RFC 3834 (5), and what is older. A subject may say so without any
 * of them.
 */
const ANSWERED_BY_MACHINE: Signs = {
  'auto-submitted': /^auto-replied\b/i,
  'x-autoreply': /./,
  'x-autorespond': /./,
  'x-auto-reply': /./,
  precedence: /^auto_reply\b/i,
  'return-path': /^<>$/,
}
const ABSENCE =
  /^(autosvar|automatiskt svar|automatic reply|auto-?reply|autoresponse|out of office|automatische antwort|réponse automatique|automatisch antwoord)(?![\p{L}\p{N}])/iu

/**
 * Sent by a machine, and perhaps written by a person: ticket systems set these on what their people answer, too. What
 * each sets is in its own mails and manuals: Request Tracker (X-RT-*, RT-*), Zendesk, OTRS and Znuny, Jira Service
 * Management, Freshdesk, osTicket, ServiceNow, Help Scout, Kayako, WHMCS.
 */
const SENT_BY_MACHINE: Signs = {
  'auto-submitted': /^(?!no\b)./i,
  precedence: /^(bulk|junk|list)\b/i,
  'x-auto-response-suppress': /./,
  'x-mailer': /\b(zendesk|otrs|znuny|osticket|freshdesk|whmcs|kayako|jira|servicenow)\b/i,
  'x-powered-by': /\b(otrs|znuny)\b/i,
  'x-managed-by': /^rt\b/i,
}
const TICKET_SYSTEMS =
  /^(x-rt-|rt-ticket$|rt-originator$|x-zendesk-|x-otrs-|x-jira-|x-atlassian-|x-freshdesk-|x-fd-|x-helpscout-|x-servicenow-|x-ticket-|x-kayako-|x-osticket)/

/** How ticket systems number a subject: `[alpha.example #4711]`, `[Ticket#2026113010000017]`, `ABUSE-4711`, `(Ticket ID: 12)`. */
const NUMBERED_SUBJECT =
  /\[[^\]\n]{0,60}#\s?\p{L}{0,8}-?\d{2,20}[^\]\n]{0,20}\]|\b(ticket|case|request|incident|ärende|anfrage)\s?(id|number|nr|no\.?|nummer)?\s?[:#]\s?[\p{L}-]{0,10}\d{2,20}|\[(request received|jira)\]|\bticket received\b|##\s?\d{3,20}\s?##|\(?\b[A-Z]{2,10}-\d{1,8}\)?/iu

/** Says that a mail has come: in the languages of hosts that notices go to. */
const HAS_COME = [
  /\b(we(?: have|'ve)?|has been|have been|was|is|been)\s(?:now |just |successfully )?(received|registered|opened|created|logged|assigned)\b/i,
  /\b(received your|receipt of your|thank(?:s| you) for (?:your |the )?(?:contacting|writing|reporting|submitting|e-?mail|mail|message|report|request|inquiry|enquiry|notification|getting in touch|reaching out)|request received|ticket (?:received|created|opened)|auto(?:mated|matic) (?:reply|response|message|confirmation|acknowledge?ment))\b/i,
  /(?<!\p{L})(vi har (?:tagit emot|mottagit)|har (?:registrerats|mottagits|tagits emot)|tack för (?:din|ditt|er|ert|att du)|ärende (?:har )?(?:skapats|registrerats)|bekräft(?:ar|else))(?!\p{L})/iu,
  /(?<!\p{L})(eingegangen|wurde (?:ein ticket )?(?:erstellt|angelegt|eröffnet)|vielen dank für (?:ihre|deine)|haben (?:wir )?ihre)(?!\p{L})/iu,
  /(?<!\p{L})(hebben uw|is ontvangen|ontvangst|bedankt voor|avons bien reçu|accusé de réception|merci (?:de|pour)|hemos recibido|ha sido recibid[oa]|gracias por)(?!\p{L})/iu,
]

/**
 * Says what was done, was decided or is wanted. A receipt seldom does, and where one does, a person who reads it in vain
 * has lost less than a case whose answer nobody reads.
 */
const SAYS_MORE = [
  /\b(remov|delet|disabl|suspend|terminat|block(?:ed|ing)|null-?rout|taken down|took down|take-?down|taken offline|took offline|offline|no longer|not (?:our|found|hosted|host|available|a customer|able|illegal|valid)|cannot|can't|can not|unable|do(?:es)? not|don't|doesn't|will not|won't|declin|refus|reject|forwarded|passed (?:it )?on|notified|informed|contacted|warned|asked|escalated|resolved|solved|closed|completed|fixed|handled|mitigated|action (?:has|was) (?:been )?taken|took action|taken (?:the )?(?:action|steps|measures)|acted|downstream|reseller|gone\b|down\b|shut\b|banned|pulled|purged|wiped|cleaned|seized|dealt with|(?:our|the|this|your) (?:client|customer|user|owner|tenant|subscriber|account)s?\b)/i,
  /\b(please (?:provide|send|use|submit|specify|include|attach|confirm|clarify|contact|direct|report)|need (?:more|further|additional|the|to know)|require|missing|incomplete|invalid|web-?form|form|not monitored|unmonitored|no longer monitored|new address|instead|wrong)\b/i,
  /(?<!\p{L})(tagits bort|tagit bort|borttag|radera|avstängd|stängt|stängd|spärra|blocker|släck|avslut|löst|åtgärda|vidarebefordra|skickat (?:det |den )?vidare|kontaktat|underrättat|meddelat|inte|ej|kan tyvärr|avslår|avböjer|behöver|saknas|formulär|vänligen (?:ange|skicka|använd|kontakta)|i stället|istället)/iu,
  /(?<!\p{L})(entfernt|gelöscht|gesperrt|abgeschaltet|deaktiviert|weitergeleitet|informiert|erledigt|geschlossen|nicht|kein|formular|verwijderd|geblokkeerd|doorgestuurd|afgesloten|gesloten|niet|geen|supprimé|retiré|bloqué|désactivé|transmis|fermé|résolu|ne sommes pas|formulaire|eliminad|borrad|retirad|bloquead|suspendid|cerrad|resuelt|reenviad|formulario|usunię|zablokowan|удал|заблок|smaz|odstran)/iu,
  /\?/,
]
/**
 * What receipts say beside it, up to the end of its clause, and what would else look as if they said more: addresses, how
 * not to answer, that somebody will be told.
 */
const BESIDE = [
  /\bhttps?:\/\/\S{1,2000}|\S{1,100}@\S{1,250}/gi,
  /\b(?:please )?(?:do not|don't|no need to|not necessary to) (?:reply|respond|answer|change|modify|alter|edit|resend)\b[^.,;!?\n]{0,60}/gi,
  /\b(?:you(?:'ll| will) be|keep you|to be|be) (?:notified|informed|contacted|updated)\b[^.,;!?\n]{0,40}/gi,
  /\bplease (?:include|keep|quote|leave|use) (?:the |this |that )?(?:following )?(?:string|ticket|case|reference|subject|number|id)\b[^.,;!?\n]{0,60}/gi,
  /\bfrequently asked questions|\b(?:any |further )?questions\?|\bneed (?:more )?help\?/gi,
  /(?:svara|ändra) (?:inte|ej)(?!\p{L})[^.,;!?\n]{0,60}|(?:går|kan) (?:inte|ej) (?:att )?(?:svara|besvaras)[^.,;!?\n]{0,60}/giu,
  /(?:bitte )?(?:antworten sie )?(?:bitte )?nicht auf diese[^.,;!?\n]{0,60}/gi,
]

/**
 * Whether it is a machine's word that a mail has come, or that nobody is there, and nothing else. What a machine only
 * sent is one where it says that; what says more (`SAYS_MORE`), or holds more than was read, is for a person, whatever
 * its header says. Looks at each character a bounded number of times.
 */
export function isReceipt({ headers, subject, text, hasMore }: ReceiptSource): boolean {
  const words = BESIDE.reduce((left, beside) => left.replace(beside, ' '), `${subject}\n${text}`)
  if (hasMore || SAYS_MORE.some((pattern) => pattern.test(words))) return false
  if (ABSENCE.test(subject) || hasSign(headers, ANSWERED_BY_MACHINE)) return true
  const isSent =
    hasSign(headers, SENT_BY_MACHINE) ||
    headers.some(({ key }) => TICKET_SYSTEMS.test(key)) ||
    NUMBERED_SUBJECT.test(subject)
  // A sentence goes on behind the end of a line.
  const flowing = words.replace(/\s+/g, ' ')
  return isSent && HAS_COME.some((pattern) => pattern.test(flowing))
}

/** Whether a machine wrote or sent it: so says the header, or the subject (RFC 3834, 3.3 and 4). */
export function isAutomatic({
  headers,
  subject,
}: Pick<ReceiptSource, 'headers' | 'subject'>): boolean {
  return (
    headers.some(
      ({ key, value }) =>
        (key === 'auto-submitted' && value.trim().toLowerCase() !== 'no') ||
        (key === 'precedence' && /bulk|auto_reply|junk/i.test(value.slice(0, VALUE_CHARS_MAX))) ||
        (key === 'return-path' && value.trim() === '<>') ||
        key === 'x-autoreply',
    ) || /^(autosvar|automatiskt svar|automatic reply|auto-?reply|out of office)\b/i.test(subject)
  )
}

function hasSign(headers: ReceiptSource['headers'], signs: Signs): boolean {
  return headers.some(
    ({ key, value }) => own(signs, key)?.test(value.trim().slice(0, VALUE_CHARS_MAX)) === true,
  )
}
