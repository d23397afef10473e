import type { Sentences } from '../sentence.ts'

/** What known material, lists, exchanges, reports and looks do not allow. */
export const KNOWN_REFUSALS = {
  'item-none': ({ id }: { readonly id: string }) => `no item has the id ${id}`,
  'entry-none': () => 'the item has no such entry',
  'item-transition': ({ is, to }: { readonly is: string; readonly to: string }) =>
    `the item is ${is}: it cannot become ${to}`,
  'copy-another': () => 'your file is not what was proposed',
  'copy-contradicts': () =>
    'your file has the digest that was proposed, and another PDQ hash: one of the two was hashed wrongly, or the two proposed hashes are of two pictures',
  'verify-by-person': () => 'only a person can verify an item',
  'verify-second': () => 'a second person verifies: who proposed an item cannot',
  'verify-machine': () =>
    'a second person verifies: nobody answers for the machine that proposed it, and you have confirmed it ' +
    '(hindra people own MACHINE PERSON names who does)',
  'retract-second': () => 'a second person retracts: who disputed a verified item cannot',
  'assessed-by-hashes': () =>
    'it came by its hashes, and nobody can say of which file two people spoke: register the file itself',
  'assessed-by-none': () => 'no two people have said the same of what showed these very bytes',
  'assessed-otherwise': () => 'people who assessed these very bytes came to another class',
  'assessed-by-one': () =>
    'the two who assessed these very bytes are not two people apart any more',
  'list-exists': ({ name }: { readonly name: string }) => `there is a list ${name} already`,
  'list-none': ({ name }: { readonly name: string }) => `there is no list ${name}`,
  'list-vetted': ({ persons }: { readonly persons: number }) =>
    `${persons} persons have vetted it already`,
  'list-vet-second': () => 'you have vetted it: it takes a second person',
  'list-unvetted': () => 'nobody has vetted it',
  'list-vet-person': () => 'only a person can vet a list',
  'list-of-children': ({ name }: { readonly name: string }) =>
    `${name} is filled by what children ask for alone: hindra tips accept-own ID`,
  'items-one': () => 'the two are one item already',
  'item-retracted': ({ id }: { readonly id: string }) => `the item ${id} was retracted`,
  'items-apart': ({ other, id }: { readonly other: string; readonly id: string }) =>
    `the item ${other} is not joined to ${id}`,
  'item-lost-proposed': ({ id }: { readonly id: string }) =>
    `the item ${id} is only proposed, and would not be found any more: verify it first, or retract it`,
  'item-lost-allowed': ({ id }: { readonly id: string }) =>
    `the item ${id} would not be found any more: the other is on the allow-list`,
  'quarantine-none': () => 'the item is in no quarantine',
  'listed-already': ({ list, id }: { readonly list: string; readonly id: string }) =>
    `the list ${list} has this already, as item ${id}`,
  'bytes-listed': ({ list, id }: { readonly list: string; readonly id: string }) =>
    `these bytes are in the list ${list} already, as item ${id}`,
  'findings-open': ({ details }: { readonly details: string }) =>
    `look at what was found first: ${details}`,
  'opinion-by-person': () => 'only a person has an opinion about an entry',
  'opinions-enough': ({ most }: { readonly most: number }) =>
    `the entry has ${most} opinions already`,
  'entries-several': ({ ids }: { readonly ids: string }) =>
    `entryId: the item has several entries: ${ids}`,
  'copies-limit': ({ most }: { readonly most: number }) =>
    `at most ${most} copies of one item are compared by hashes in an hour`,
  'item-unseen': ({ id }: { readonly id: string }) =>
    `you have not seen the item ${id} as it is now`,
  'source-none': ({ list }: { readonly list: string }) => `the list ${list} has no source`,
  'data-key-others': ({ others }: { readonly others: string }) =>
    `other servers have the store open (${others}): name a file by --out, bring it to each, then finish`,
  'source-runs': ({ list }: { readonly list: string }) => `the source of ${list} runs already`,
  'source-fills': ({ list }: { readonly list: string }) =>
    `the list ${list} is filled by its source`,
  'vote-not-waiting': ({ state }: { readonly state: string }) => `the feedback is ${state}`,
  'iccam-none': () => 'no line to ICCAM is set up: iccam.url',
  'iccam-not-waiting': () => 'nothing of it waits for a person',
  'sister-mail-urlless': () => 'the mail tells of no URL that could be read: name it',
  'period-open': ({ period }: { readonly period: string }) =>
    `${period} is not over: it is closed after its end`,
  'period-closed': ({ period }: { readonly period: string }) =>
    `${period} is closed already, and stands`,
  'period-unpublished': ({ period }: { readonly period: string }) =>
    `${period} is not over: it is published after its end`,
  'period-of-report': ({ report, period }: { readonly report: string; readonly period: string }) =>
    `${report} is published by the ${period}: by other periods too, hidden numbers could be worked out`,
  'host-unknown': () => 'no host of that id is known',
  'look-step': ({ first }: { readonly first: string }) => `it was not shown ${first} a moment ago`,
  'look-limit-looks': ({ until }: { readonly until: string }) =>
    `you have looked as often as the house lets one person look in a day (looksADay)${until}`,
  'look-limit-hours': ({ until }: { readonly until: string }) =>
    `you have worked as long as the house lets one person look in a day (hoursADay)${until}`,
  'look-limit-break': ({ until }: { readonly until: string }) =>
    `a break is due (breakMinutes)${until}`,
} as const satisfies Sentences
