import type { Sentences } from '../sentence.ts'

/** What a case, a tip or an act upon many does not allow. */
export const CASES_REFUSALS = {
  'case-not-looked-at': ({ status }: { readonly status: string }) =>
    `a case that is ${status} is not looked at`,
  'case-not-asked-after': ({ status }: { readonly status: string }) =>
    `nobody asks after a case that is ${status}`,
  'case-seen-there': ({ look }: { readonly look: string }) =>
    `the last look saw it there: ${look}; once it cannot be seen, looks will say so`,
  'case-transition': ({ from, to }: { readonly from: string; readonly to: string }) =>
    `a case that is ${from} cannot become ${to}`,
  'case-not-pending': () => 'no decision is pending on this case',
  'case-closed': () => 'the case is closed already',
  'case-over': ({ status }: { readonly status: string }) =>
    `the case is ${status}: nothing is left to do`,
  'case-of-url': ({ id }: { readonly id: string }) => `the URL has an assessed case already: ${id}`,
  'ignored-opens-no-case': () => 'what is to be ignored opens no case',
  'reason-of-assessment': () => 'an assessment states its reason',
  'reason-of-decision': () => 'a decision on a case states its reason',
  'reason-of-contact': () => 'a decision states its reason',
  'note-empty': () => 'text: a note has words',
  'country-code': () => 'a country is two capital letters (ISO 3166-1)',
  'municipality-code': () => 'the code of a municipality is four digits',
  'municipality-unknown': ({ field }: { readonly field: string }) =>
    `${field}: no municipality has this code or name; codes are four digits, 0180 is Stockholm`,
  'assessment-not-yours': () =>
    'only who assessed it takes that back, and only before anybody else has assessed it',
  'undo-nothing': () => 'the case stands on no act of a person that could be taken back',
  'undo-colleague': () => 'another person said it: only they take it back',
  'undo-left': () => 'a letter is on its way, or with its recipient',
  'undo-called': () => 'a child is in danger: whoever has duty was called',
  'undo-iccam': () => 'ICCAM was told what this house says of it',
  'undo-built-on': () => 'another person let a notice of it go',
  'tip-over': ({ status }: { readonly status: string }) => `the tip is ${status} already`,
  'tip-not-looked-at': ({ status }: { readonly status: string }) =>
    `a tip that is ${status} is not looked at`,
  'tip-without-url': () => 'the tip has no URL to look at',
  'tip-tells-more': ({ tip }: { readonly tip: string }) =>
    `a tip at this URL says more of the child: read it, and name it (--tip ${tip})`,
  'tip-not-dismissed': ({ status }: { readonly status: string }) =>
    `the tip is ${status}, and was not dismissed`,
  'tip-has-url': () => 'the tip has a URL: `hindra assess --tip ID` judges what is there',
  'tip-wordless': () => 'the tip says nothing in words',
  'tip-letter-none': () => 'no letter about this tip waits to be told by hand',
  'second-waits': () =>
    'an assessment of this URL waits for another person: `hindra assess URL --classification Ignore` says that ' +
    'nothing is illegal there',
  'second-none': () => 'nothing of that id waits at the URL for another person',
  'receipt-none': () => 'the tip came without a receipt: nobody reads an answer',
  'receipt-full': ({ what }: { readonly what: string }) =>
    `there are as many ${what} as one receipt takes`,
  'own-request-none': () => 'with this tip no child asks for itself by a receipt',
  'own-request-over': ({ state }: { readonly state: string }) => `the request is ${state} already`,
  'own-request-harmless': ({ details }: { readonly details: string }) =>
    `these hashes would find harmless pictures: ${details}`,
  'own-request-person': () => 'only a person can accept what a child asks for',
  assigned: ({
    holder,
    kind,
    id,
    until,
  }: {
    readonly holder: string
    readonly kind: string
    readonly id: string
    readonly until: string
  }) => `${holder} works on the ${kind} ${id} until ${until}`,
  'assigned-enough': ({ who, most }: { readonly who: string; readonly most: number }) =>
    `${who} works on ${most} already (assignments.heldMax): put some back first`,
  'not-taken': ({
    who,
    kind,
    id,
  }: {
    readonly who: string
    readonly kind: string
    readonly id: string
  }) => `${who} taken the ${kind} ${id}, and not you`,
  'no-role-for-work': ({ who, kind }: { readonly who: string; readonly kind: string }) =>
    `${who} has no role that works on a ${kind}`,
  'yours-already': () => 'it is yours already',
  'not-offered': ({ kind, id }: { readonly kind: string; readonly id: string }) =>
    `the ${kind} ${id} was not offered to you`,
  'batch-large': ({ max, setting }: { readonly max: number; readonly setting: string }) =>
    `these are more than ${max}, the most that one act may touch (${setting}): narrow them`,
  'batch-count': ({ count }: { readonly count: number }) =>
    `count: repeat the number of a dry run, which is ${count} now`,
  'batch-changed': ({
    count,
    difference,
    way,
    was,
  }: {
    readonly count: number
    readonly difference: number
    readonly way: string
    readonly was: number
  }) => `these are ${count} now, ${difference} ${way} than ${was}: look again by a dry run`,
  'ground-unseen': ({
    some,
    all,
    ids,
  }: {
    readonly some: number
    readonly all: number
    readonly ids: string
  }) => `of ${some} of ${all} Hindra has not seen what they stand on: ${ids}`,
  'ground-differs': ({
    some,
    all,
    ids,
  }: {
    readonly some: number
    readonly all: number
    readonly ids: string
  }) => `${some} of ${all} stand on something else than the others: ${ids}`,
  'ground-gone': () => 'what was seen there is not there now: let Hindra look',
  'ground-changed': ({ id }: { readonly id: string }) => `${id} stands on something else by now`,
  'page-choice': ({ count }: { readonly count: number }) =>
    `the URL is a page with ${count} media that can be read`,
  'page-without-media': () => 'the page shows no media that can be read',
} as const satisfies Sentences
