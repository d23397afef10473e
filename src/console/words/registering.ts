import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Register',
  intro:
    'You propose pictures as known material; another person verifies them before anything leaves for it.',
  browser:
    'What a browser has hashed is looked for less far than what Hindra has hashed, is a review at most by its PDQ hash, and never goes to others as PDQ. That ends when Hindra sees the same bytes: in a sighting, or when somebody verifies with hindra verify --file.',
  pictures: 'The pictures',
  said: 'What you say of all of them',
  list: 'List',
  own: 'own',
  class: 'Class',
  fromCase: 'Register pictures of this case',
  case: 'Id of the case that they came from',
  tip: 'Id of the tip that they came from',
  more: 'More that is known of them',
  untold: 'not told',
  ucs: 'A term of the Universal Classification Schema',
  country: 'Two letters: SE',
  send: 'Propose them',
  done: 'What became of them',
  proposed: 'Proposed',
  refused: 'Not taken',
  why: 'Why',
  findings: 'What the checks found',
  none: 'None.',
  again: 'Register more',
  copyTitle: 'Your own copy',
  copyIntro:
    'Choose your copy of what was proposed. This browser hashes it, and Hindra says how the hashes compare: never what it holds, and never how far off they are. At most 20 times an hour of one item.',
  copyOf: (item: string) => `Your own copy of ${item}`,
  compare: 'Compare',
  compared: 'How they compare',
  how: {
    'same-bytes': 'By the hashes of your browser your file is the proposed one, to the byte.',
    alike:
      'By the hashes of your browser your file looks like the proposed one, and is another file. Look at where it came from before you say that it is the same picture.',
    contradicts:
      'Your file has the digest that was proposed, and another PDQ hash. The proposed hashes are of two pictures, or one of two browsers hashed wrongly. Verify nothing: use hindra verify --file on a machine of the house, or have it retracted and registered again.',
    another: 'Your file is not what was proposed.',
  },
  unseen: 'Hindra has not seen your file: the entry keeps that your browser said so.',
  anotherCopy: 'Compare another file',
  back: 'Back to the item',
  noneWaits: 'Nothing of the item waits for you.',
  byCopy: 'Compare a copy of your own in this browser',
  byItsWord: 'by the hashes of their browser',
  hasher: 'Hashed by',
  aBrowser: 'a browser (pdq-browser): Hindra has not seen the picture',
  itsHash: 'a hash that a browser made',
} as const

const sv: Same<typeof en> = {
  title: 'Registrera',
  intro:
    'Du föreslår bilder som känt material; en annan person bekräftar dem innan något går ut för deras skull.',
  browser:
    'Det en webbläsare har hashat söks det mindre långt efter än det Hindra har hashat. En PDQ-träff på det blir som mest en granskning, och det lämnas aldrig vidare som PDQ. Det upphör när Hindra ser samma byte: vid en observation, eller när någon bekräftar med hindra verify --file.',
  pictures: 'Bilderna',
  said: 'Det du säger om dem alla',
  list: 'Lista',
  own: 'own',
  class: 'Klass',
  fromCase: 'Registrera bilder ur det här ärendet',
  case: 'Id för ärendet som de kommer från',
  tip: 'Id för tipset som de kommer från',
  more: 'Mer som är känt om dem',
  untold: 'inte sagt',
  ucs: 'En term ur Universal Classification Schema',
  country: 'Två bokstäver: SE',
  send: 'Föreslå dem',
  done: 'Vad det blev av dem',
  proposed: 'Föreslagna',
  refused: 'Togs inte emot',
  why: 'Varför',
  findings: 'Kontrollerna fann',
  none: 'Inga.',
  again: 'Registrera fler',
  copyTitle: 'Din egen kopia',
  copyIntro:
    'Välj din kopia av det som föreslogs. Webbläsaren hashar den, och Hindra säger hur hashvärdena förhåller sig till varandra: aldrig vilka som finns här, och aldrig hur långt ifrån de är. Högst 20 gånger i timmen för samma post.',
  copyOf: (item) => `Din egen kopia av ${item}`,
  compare: 'Jämför',
  compared: 'Så förhåller de sig',
  how: {
    'same-bytes': 'Enligt webbläsarens hashvärden är din fil den som föreslogs, byte för byte.',
    alike:
      'Enligt webbläsarens hashvärden liknar din fil den som föreslogs, men är en annan fil. Titta på var den kommer från innan du säger att det är samma bild.',
    contradicts:
      'Din fil har den kontrollsumma som föreslogs men ett annat PDQ-värde. De föreslagna hashvärdena hör till två bilder, eller så har någon av två webbläsare hashat fel. Bekräfta inte: använd hindra verify --file på en av husets datorer, eller låt återta posten och registrera den på nytt.',
    another: 'Din fil är inte den som föreslogs.',
  },
  unseen: 'Hindra har inte sett din fil: posten sparar att det var din webbläsare som sade det.',
  anotherCopy: 'Jämför en annan fil',
  back: 'Tillbaka till posten',
  noneWaits: 'Inget av posten väntar på dig.',
  byCopy: 'Jämför en egen kopia i den här webbläsaren',
  byItsWord: 'enligt webbläsarens hashvärden',
  hasher: 'Hashad av',
  aBrowser: 'en webbläsare (pdq-browser): Hindra har inte sett bilden',
  itsHash: 'ett hashvärde som en webbläsare har gjort',
}

/** Registering from one's own computer, and verifying against a copy there. */
export const registering: InBoth<typeof en> = { en, sv }
