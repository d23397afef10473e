import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Mails that wait for a person',
  sisters: 'From sister hotlines',
  sistersHint:
    'They became no tips by themselves. What was attached was never read, and is not kept.',
  police: 'From the police',
  policeHint: 'Nobody knows which case they are about, or they could not be read.',
  readOn: 'Read the mailbox now',
  received: 'Came',
  from: 'From',
  hotline: 'Hotline of that address',
  why: 'Why it waits',
  whys: {
    'unknown-sender': 'nobody knows the sender',
    unproven: 'nothing proves that the sender wrote it (DKIM)',
    'no-url': 'no URL was found in it',
    'too-many-urls': 'it tells of more URLs than a mail may bring by itself',
    'unread-url': 'something in it begins as a URL does and is none',
  },
  policeWhys: {
    'cites-nothing': 'it answers no letter of ours',
    'about-a-tip': 'it answers a letter about a tip',
    'too-large': 'it is too large: this is its beginning',
    unreadable: 'it could not be read: this is its beginning',
  },
  attachments: 'Attachments, not read',
  urls: 'URLs that were read out of it',
  accept: (count: number) =>
    count === 1 ? 'Make a tip of its URL' : `Make tips of its ${count} URLs`,
  acceptSome: 'Make tips of URLs that I name',
  acceptSomeHint: 'As they stand above or as they are meant; hxxps and [.] are understood.',
  url: (place: number) => `URL ${place}`,
  reference: 'Their reference (else what the mail begins with)',
  dismiss: 'There is no tip in it',
  dismissGo: 'Forget it here',
  seen: 'I have read it: forget it here',
  text: 'What it says',
} as const

const sv: Same<typeof en> = {
  title: 'Mejl som väntar på en människa',
  sisters: 'Från systerorganisationer',
  sistersHint: 'De blev inga tips av sig själva. Bilagor har aldrig lästs och är inte sparade.',
  police: 'Från polisen',
  policeHint: 'Ingen vet vilket ärende de gäller, eller så gick de inte att läsa.',
  readOn: 'Läs brevlådan nu',
  received: 'Kom',
  from: 'Från',
  hotline: 'Organisation med den adressen',
  why: 'Varför det väntar',
  whys: {
    'unknown-sender': 'ingen känner avsändaren',
    unproven: 'inget visar att avsändaren har skrivit det (DKIM)',
    'no-url': 'ingen URL hittades i det',
    'too-many-urls': 'det nämner fler URL:er än ett mejl får lämna av sig självt',
    'unread-url': 'något i det börjar som en URL men är ingen',
  },
  policeWhys: {
    'cites-nothing': 'det svarar inte på något av våra brev',
    'about-a-tip': 'det svarar på ett brev om ett tips',
    'too-large': 'det är för stort: detta är början',
    unreadable: 'det gick inte att läsa: detta är början',
  },
  attachments: 'Bilagor, inte lästa',
  urls: 'URL:er som hittades i det',
  accept: (count) => (count === 1 ? 'Gör ett tips av URL:en' : `Gör tips av dess ${count} URL:er`),
  acceptSome: 'Gör tips av URL:er som jag anger',
  acceptSomeHint: 'Som de står ovan eller som de är menade; hxxps och [.] går bra.',
  url: (place) => `URL ${place}`,
  reference: 'Deras referens (annars det som mejlet börjar med)',
  dismiss: 'Det innehåller inget tips',
  dismissGo: 'Ta bort det härifrån',
  seen: 'Jag har läst det: ta bort det härifrån',
  text: 'Vad det säger',
}

/** Mails that nobody could sort: of sister hotlines and of the police. */
export const mails: InBoth<typeof en> = { en, sv }
