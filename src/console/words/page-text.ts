import type { PageLinkKind } from '../../intake/index.ts'
import type { PageFault, PagePlace } from '../../looks/terms.ts'
import type { InBoth, Same } from './in-both.ts'

const en = {
  hint: 'What a page says, as text alone: its words and its links, no pictures and no scripts. It opens in a tab of its own.',
  go: {
    url: 'Read the page at the address (new tab)',
    pageUrl: 'Read the page on which it was seen (new tab)',
  } satisfies Readonly<Record<PagePlace, string>>,
  title: (what: string) => `The page of ${what}`,
  what: 'Fetched now, as text alone. No picture, film or script of the page was loaded, and Hindra keeps nothing of it. That you read it is in the log.',
  limits:
    'What the page hides by its style is in the text. What scripts bring or a login opens is not.',
  address: 'Address',
  pageTitle: 'Title',
  titleNone: 'none',
  text: 'Text',
  textNone: 'The page has no text.',
  textLeftOut: (count: number) => `${count} more characters of text are not shown.`,
  cut: 'The page is longer than Hindra reads: what stands further down is missing.',
  links: 'Links',
  linksNone: 'None that leads elsewhere.',
  linksLeftOut: (count: number) =>
    count === 1 ? '1 more link is not shown.' : `${count} more links are not shown.`,
  to: 'Leads to',
  kind: 'How',
  kinds: {
    link: 'link',
    frame: 'shown within the page',
    forward: 'leads on by itself',
  } satisfies Readonly<Record<PageLinkKind, string>>,
  words: 'Words on it',
  nothing: 'There is nothing to read',
  faults: {
    address:
      'The address leads to where Hindra fetches nothing from: an inner network, or a port that is not allowed.',
    'no-answer': 'The host could not be reached, or did not answer as it must.',
    status: 'The host answered that it does not show it.',
    'no-page': 'What is there is no page: a picture, a film or another file.',
    'too-large': 'What is there is larger than Hindra fetches.',
    'too-slow': 'It took longer than Hindra waits.',
    unreadable: 'The page took longer to read, or more memory, than any ordinary page does.',
  } satisfies Readonly<Record<PageFault, string>>,
} as const

const sv: Same<typeof en> = {
  hint: 'Det som står på en webbsida, bara som text: orden och länkarna, inga bilder och inga skript. Sidan öppnas i en egen flik.',
  go: {
    url: 'Läs sidan på adressen (ny flik)',
    pageUrl: 'Läs sidan där det sågs (ny flik)',
  },
  title: (what) => `Webbsidan i ${what}`,
  what: 'Hämtad nyss, bara som text. Inga bilder, filmer eller skript på sidan har lästs in, och Hindra sparar inget av den. Att du har läst den står i loggen.',
  limits:
    'Det som sidan döljer med sin utformning finns med i texten. Det som skript hämtar eller som kräver inloggning finns inte med.',
  address: 'Adress',
  pageTitle: 'Titel',
  titleNone: 'saknas',
  text: 'Text',
  textNone: 'Sidan har ingen text.',
  textLeftOut: (count) => `Ytterligare ${count} tecken text visas inte.`,
  cut: 'Sidan är längre än Hindra läser: det som står längre ner saknas.',
  links: 'Länkar',
  linksNone: 'Ingen som leder någon annanstans.',
  linksLeftOut: (count) =>
    count === 1 ? 'Ytterligare 1 länk visas inte.' : `Ytterligare ${count} länkar visas inte.`,
  to: 'Leder till',
  kind: 'Hur',
  kinds: {
    link: 'länk',
    frame: 'visas i sidan',
    forward: 'skickar vidare av sig själv',
  },
  words: 'Ord på länken',
  nothing: 'Det finns inget att läsa',
  faults: {
    address:
      'Adressen leder dit Hindra inte hämtar något: ett inre nät, eller en port som inte är tillåten.',
    'no-answer': 'Värden gick inte att nå, eller svarade inte som den ska.',
    status: 'Värden svarade att den inte visar det.',
    'no-page': 'Det som finns där är ingen webbsida utan en bild, en film eller en annan fil.',
    'too-large': 'Det som finns där är större än Hindra hämtar.',
    'too-slow': 'Det tog längre tid än Hindra väntar.',
    unreadable: 'Sidan tog längre tid eller mer minne att läsa än någon vanlig sida gör.',
  },
}

/** What a page of a tip or case says, in text. */
export const pageText: InBoth<typeof en> = { en, sv }
