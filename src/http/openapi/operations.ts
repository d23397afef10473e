import { answerTypes } from './answer-types.ts'
import { BYTES, type JsonSchema, ref } from './schemas.ts'

/** What the code of a route does not say of it. */
interface Description {
  readonly summary: string
  /** Absent where the types of the code say it. */
  readonly answer?: JsonSchema
  /** Bodies by content type, where they are not the JSON of the route's fields. */
  readonly requests?: object
}

const TIP_REQUESTS = {
  'application/json': {
    schema: {
      oneOf: [
        ref('Tip'),
        {
          type: 'object',
          properties: { iccam: { description: 'One report in the shape of ICCAM, or a list' } },
          required: ['iccam'],
          additionalProperties: false,
        },
      ],
    },
  },
  'text/csv': {
    schema: { type: 'string', description: 'URL;REFERER;WORKUSER-EMAIL;REFERENCE;SOURCE;TYPE' },
  },
}

const MEDIA_REQUESTS = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: { sighting: ref('Sighting'), media: BYTES },
      required: ['sighting', 'media'],
    },
    encoding: { sighting: { contentType: 'application/json' } },
  },
}

const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  'GET /livez': { summary: 'Whether the process runs' },
  'GET /readyz': { summary: 'Whether it can take work; why not' },
  'GET /hma/status': { summary: 'As HMA: whether it can look up' },
  'GET /hma/status/live': { summary: 'As HMA: whether the process runs' },
  'GET /metrics': { summary: 'Metrics in the text format of Prometheus' },

  'POST /v1/sightings': {
    summary: 'Sightings, one a line, answered while the request still runs',
    answer: ref('SightingLineAnswer'),
  },
  'POST /v1/sightings/media': {
    summary: 'One sighting with its media',
    answer: ref('SightingAnswer'),
    requests: MEDIA_REQUESTS,
  },
  'POST /v1/scans': { summary: 'As sightings, opening no case: with the evidence' },

  'POST /v1/tips': {
    summary: 'A tip, or a list of a sister hotline',
    requests: TIP_REQUESTS,
  },
  'POST /v1/tip-imports': { summary: 'Begins a list of tips, or finds where it broke off' },
  'GET /v1/tip-imports': { summary: 'Lists of tips, and how far they have come' },
  'POST /v1/tip-imports/:id/rows': { summary: 'Takes the next rows; none is taken twice' },
  'POST /v1/tip-imports/:id/finish': { summary: 'The list is done' },
  'GET /v1/tips': {
    summary: 'Tips in order of arrival, or the queue with the reason for each place',
  },
  'GET /v1/tips/:id': { summary: 'One tip' },
  'POST /v1/tips/:id/dismiss': {
    summary: 'Nothing to take down there',
  },

  'POST /v1/items': { summary: 'Proposes known material by its media' },
  'POST /v1/items/refresh': {
    summary: 'Adds what an item lacks to be found by, from the very file that it is of',
  },
  'GET /v1/items': { summary: 'Known material' },
  'GET /v1/items/:id': { summary: 'One item with its history' },
  'POST /v1/items/:id/verify': { summary: 'A second person confirms it' },
  'POST /v1/items/:id/dispute': { summary: 'It is doubted: nothing more leaves for it' },
  'POST /v1/items/:id/retract': { summary: 'It was wrong: its cases are withdrawn' },
  'POST /v1/items/:id/disable': { summary: 'Matches nothing until a time' },
  'POST /v1/items/:id/enable': { summary: 'Matches again' },
  'POST /v1/items/:id/release': { summary: 'Ends the quarantine after a flood of matches' },
  'POST /v1/items/:id/series': { summary: 'Names what belongs together' },
  'POST /v1/items/:id/join': { summary: 'Two items are one' },
  'POST /v1/items/:id/part': { summary: 'They are not: what was joined is an item of its own' },
  'GET /v1/items/:id/similar': { summary: 'What resembles it in the own register' },
  'GET /v1/items/:id/cases': { summary: 'Cases that hang on it' },
  'GET /v1/series': { summary: 'What was named as belonging together' },

  'GET /v1/vocabulary': { summary: 'The terms that entries are described with' },
  'GET /v1/corpus': { summary: 'How many harmless pictures proposals are held against' },
  'POST /v1/corpus': { summary: 'Adds a picture that is certainly harmless' },
  'GET /v1/lists': { summary: 'Lists: own, of partners, and of what is harmless' },
  'POST /v1/lists': { summary: 'A new list' },
  'GET /v1/lists/:name': { summary: 'One list with the history of its policy' },
  'POST /v1/lists/:name/policy': { summary: 'Changes what a list may lead to' },

  'POST /v1/assessments': { summary: 'Judges something new at a URL: opens a case' },
  'POST /v1/pages': { summary: 'What is at a URL that is to be assessed: the media on a page' },
  'POST /v1/page-assessments': { summary: 'Judges media on a page: a case each' },
  'GET /v1/cases': { summary: 'Cases' },
  'GET /v1/cases/:id': { summary: 'One case with its host and notices' },
  'POST /v1/cases/:id/decision': { summary: 'Accepts or rejects a match of the review band' },
  'POST /v1/cases/:id/circumstances': { summary: 'What is known of child and offender' },
  'POST /v1/cases/:id/close': { summary: 'Ends a case' },
  'POST /v1/rejudgements': {
    summary: 'Judges again what another rule of matching has confirmed; a dry run changes nothing',
  },
  'GET /v1/rejudgements': { summary: 'Cases that wait because the rule of matching has changed' },
  'POST /v1/rejudgements/:id/accept': {
    summary: 'The case does not stand: whoever was told is told so',
  },
  'POST /v1/rejudgements/:id/dismiss': { summary: 'A person looked, and the case stands' },

  'GET /v1/alerts': { summary: 'What happened to cases, in order' },
  'POST /v1/alerts/ack': { summary: 'A consumer is done with all up to a cursor' },
  'GET /v1/alerts/consumers': { summary: 'Who has come how far' },
  'POST /v1/alerts/consumers/:name/remove': { summary: 'Alerts are kept for it no more' },
  'GET /v1/webhooks': { summary: 'Endpoints that alerts are posted to' },
  'POST /v1/webhooks': { summary: 'Adds an endpoint; its secret is shown once' },
  'POST /v1/webhooks/:id/test': { summary: 'Posts a message that is no alert' },
  'POST /v1/webhooks/:id/disable': { summary: 'Posts nothing to it' },
  'POST /v1/webhooks/:id/enable': { summary: 'Goes on where it was' },
  'POST /v1/webhooks/:id/remove': { summary: 'Forgets it' },
  'POST /v1/webhooks/:id/rotate': { summary: 'A new secret, beside the old one for a while' },
  'GET /v1/webhooks/:id/dead': { summary: 'What it did not take in all tries' },
  'POST /v1/webhooks/:id/resend': { summary: 'Tries dead letters again' },

  'POST /v1/traces': { summary: 'Who can remove what a URL shows, looked up now' },
  'POST /v1/cases/:id/origin': {
    summary: 'Names the origin behind a proxy: traced and told from there',
  },
  'GET /v1/overrides': { summary: 'What analysts know better than look-ups' },
  'POST /v1/overrides': { summary: 'Says who a host is, before every look-up' },
  'POST /v1/overrides/:id/remove': { summary: 'Takes an override back' },
  'POST /v1/routes/explain': { summary: 'Who would be told of a case, and by which rule' },
  'GET /v1/contacts': { summary: 'Contacts that look-ups found' },
  'POST /v1/contacts': {
    summary:
      'Enters the address of the social services of a municipality, for a second person to approve',
  },
  'POST /v1/contacts/:id/decision': { summary: 'Approves or refuses a contact' },

  'GET /v1/notices': { summary: 'Notices' },
  'GET /v1/notices/:id': { summary: 'One notice with its text and what came back' },
  'POST /v1/notices/send': { summary: 'Traces, queues and sends what is due' },
  'GET /v1/hotline-exports': { summary: 'Files for hotlines and INTERPOL' },
  'POST /v1/hotline-exports': { summary: 'Makes files of what is queued for them' },
  'GET /v1/hotline-exports/:id': { summary: 'One file, as JSON or as SCARt’s CSV' },
  'POST /v1/notices/:id/release': { summary: 'Lets a notice go that waits for the police' },
  'GET /v1/holds': { summary: 'Cases that wait for the police, or ask for a person' },
  'GET /v1/holds/:id': { summary: 'What a case, or the case of a notice, waits for' },
  'POST /v1/holds/:id': {
    summary: 'Extends, shortens, ends or forbids; agrees to what another proposed',
  },
  'GET /v1/police-mails': {
    summary: 'Mails of the police of which nobody knows the case, or that could not be read',
  },
  'POST /v1/police-mails/:id/seen': { summary: 'A person has read it: it is forgotten here' },
  'POST /v1/notices/:id/retry': {
    summary: 'Sends again what reached nobody, or to another address',
  },
  'POST /v1/notices/:id/set-aside': { summary: 'What reached nobody need not arrive' },
  'POST /v1/notices/:id/answer': { summary: 'Answers what its recipient asked' },
  'GET /v1/cases/:id/letters': { summary: 'Every letter of a case, sent or as it would be' },
  'GET /v1/letters': { summary: 'The words of one kind of letter, as a sample' },
  'POST /v1/notices/:id/told': { summary: 'A person told it by hand' },
  'GET /v1/notice-stop': { summary: 'Whether notices are stopped' },
  'POST /v1/notice-stop': { summary: 'Emergency stop: nothing leaves' },
  'POST /v1/notice-stop/lift': { summary: 'Ends the emergency stop' },
  'POST /v1/rechecks': { summary: 'Looks at what is due, or at one case now' },
  'POST /v1/cases/:id/look-answer': {
    summary: 'A person looked at what looks could not tell: still there, gone, or look again then',
  },
  'GET /v1/stats': { summary: "Figures of a quarter or month, by the house's clock" },
  'GET /v1/stats/figures': { summary: 'What each figure means' },
  'GET /v1/stats/hosts': {
    summary: 'What each host removed in a quarter, and what came back there',
  },

  'GET /v1/audit': { summary: 'Who did what' },
  'GET /v1/whoami': { summary: 'Whose key this is' },
  'GET /v1/people': { summary: 'People and machines' },
  'POST /v1/people': { summary: 'Adds a person or a machine' },
  'POST /v1/people/:id/roles': { summary: 'Sets the roles of a person' },
  'POST /v1/people/:id/deactivate': { summary: 'Ends a person, keys and all' },
  'GET /v1/keys': { summary: 'Keys, never their secrets' },
  'POST /v1/keys': { summary: 'A new key; shown once' },
  'POST /v1/keys/:id/rotate': { summary: 'A new secret for a key' },
  'POST /v1/keys/:id/revoke': { summary: 'Ends a key' },
  'GET /v1/health': { summary: 'Whether it can work, and what waits for a person' },
  'GET /v1/config': { summary: 'Settings in force; secrets masked' },

  'GET /v1/audit/export': { summary: 'Entries with what is needed to verify them' },
  'GET /v1/audit/checkpoint': { summary: 'The state of the audit chain, to be kept elsewhere' },
  'POST /v1/audit/verify': { summary: 'Reads the whole audit chain; compares it with checkpoints' },
  'POST /v1/imports': { summary: 'Begins an import, or finds it where it broke off' },
  'GET /v1/imports': { summary: 'Imports, the newest first' },
  'GET /v1/imports/:id': { summary: 'How far an import has come' },
  'POST /v1/imports/:id/lines': { summary: 'Lines from a position on' },
  'POST /v1/imports/:id/withdraw': {
    summary: 'Withdraws some of what a complete list does not name; again until the phase is done',
  },
  'GET /v1/imports/:id/touched': { summary: 'Cases and notices of items that an import took from' },
  'POST /v1/imports/:id/finish': { summary: 'Ends an import: one entry of the audit' },
  'GET /v1/sources': { summary: 'Exchanges that are fetched on a schedule' },
  'POST /v1/sources': { summary: 'Adds a source that fills a list' },
  'GET /v1/sources/:list': { summary: 'One source: how far it is, and what went wrong last' },
  'POST /v1/sources/:list/run': { summary: 'Begins a run now; a dry one keeps nothing' },
  'POST /v1/sources/:list/pause': { summary: 'It is asked no more' },
  'POST /v1/sources/:list/resume': { summary: 'It is asked again, at once' },
  'POST /v1/sources/:list/credentials': { summary: 'Other credentials from now on' },
  'GET /v1/sources/:list/votes': { summary: 'Opinions on their way to the exchange' },
  'POST /v1/sources/:list/votes/:id/resend': {
    summary: 'Sends an opinion again that was refused, or of which nobody knows',
  },
  'POST /v1/sources/:list/remove': { summary: 'Forgets the source; what it brought stays' },
  'POST /v1/list-exports': { summary: 'Begins an export of a list, for a stated reason' },
  'GET /v1/list-exports/:id/entries': {
    summary: 'A page of the export, with hashes',
  },
  'GET /v1/backup': { summary: 'All of the store as of one moment, sealed' },
  'GET /v1/data-key': { summary: 'Which data keys open the store' },
  'POST /v1/data-key/rotate': { summary: 'A new data key; records are sealed anew behind it' },
  'POST /v1/data-key/finish': { summary: 'Ends the data keys before the newest' },
  'GET /v1/retention': { summary: 'What is kept for how long, and what is due' },
  'POST /v1/retention/apply': { summary: 'Erases what is due' },
  'GET /v1/unmatched': { summary: 'How much is kept of what matched nothing, and since when' },

  'GET /v1/openapi.json': { summary: 'This document' },
  'GET /v1/schemas/:name': { summary: 'One schema as JSON Schema (draft 2020-12)' },
}

/** Routes that are described here, for the test that finds those that are gone. */
export const describedRoutes = Object.keys(DESCRIPTIONS)

/** Routes whose answer is described here rather than by the types of the code. */
export const answeredHere = describedRoutes.filter((name) => DESCRIPTIONS[name]?.answer)

/** Undefined as `answer`: there is none, or it is in a format of its own. */
export function described(
  method: string,
  path: string,
): Omit<Description, 'answer'> & { readonly answer: JsonSchema | undefined } {
  const name = `${method} ${path}`
  return { summary: name, answer: answerTypes().answers[name], ...DESCRIPTIONS[name] }
}
