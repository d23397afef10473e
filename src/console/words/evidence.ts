import type { InBoth, Same } from './in-both.ts'

const en = {
  samePictures:
    'The coded pictures of the film are the same, bit for bit. The file around them, and its sound, may be others.',
  same: 'Every byte is the same: the SHA-256, SHA-1 or MD5 of the two files is equal.',
  distance: (bits: number) => `${bits} of 256 bits differ`,
  scale: (bits: number, confirm: number, review: number) =>
    `Distance ${bits}. Up to ${confirm} a hash alone confirms; up to ${review} a person looks.`,
  whyNot: 'Why a person decides:',
  confirms: 'confirms alone',
  looks: 'a person looks',
  item: 'The known item, by cells',
  sighting: 'Where it lies in the picture',
  agree: 'agree',
  differ: 'differ',
  drawn: 'drawn over',
  untold: 'cannot be told',
  mirrored: 'mirrored',
  negative: 'a negative',
  film: (matched: number, of: number) =>
    `${matched} of ${of} different frames are like frames of the known film`,
  piece: (from: string, to: string, itemFrom: string, itemTo: string) =>
    `${from} to ${to} s shows ${itemFrom} to ${itemTo} s of the known film`,
  shows: {
    copy: 'It shows the known picture or film, altered perhaps.',
    piece: 'A film that shows the known film, all of it or a part.',
    frame: 'One picture of the known film is shown. Of the rest of that film nothing is said.',
    still: 'A film that shows the known picture.',
  },
  at: (time: string) => `At ${time} s.`,
  filmSeen: 'The film that was seen',
  filmKnown: 'The known film',
  cells: (count: number, of: number) => `${count} of ${of} cells`,
  doubts: {
    'same-scene':
      'It may be another photograph of the scene: one place shows something else, or things in it are shifted.',
    'same-form': 'What agrees is a form, and what is written on it may differ.',
  },
} as const

const sv: Same<typeof en> = {
  samePictures:
    'Filmens kodade bilder är desamma, bit för bit. Filen runt dem, och ljudet, kan vara andra.',
  same: 'Varje byte är lika: filernas SHA-256, SHA-1 eller MD5 stämmer överens.',
  distance: (bits) => `${bits} av 256 bitar skiljer`,
  scale: (bits, confirm, review) =>
    `Avstånd ${bits}. Upp till ${confirm} räcker hashvärdet; upp till ${review} avgör en människa.`,
  whyNot: 'Därför avgör en människa:',
  confirms: 'hashvärdet räcker',
  looks: 'en människa avgör',
  item: 'Det kända materialet, ruta för ruta',
  sighting: 'Var i bilden det ligger',
  agree: 'stämmer',
  differ: 'skiljer',
  drawn: 'övermålat',
  untold: 'går inte att avgöra',
  mirrored: 'spegelvänt',
  negative: 'som negativ',
  film: (matched, of) => `${matched} av ${of} olika bildrutor liknar bildrutor i den kända filmen`,
  piece: (from, to, itemFrom, itemTo) =>
    `${from} till ${to} s visar ${itemFrom} till ${itemTo} s av den kända filmen`,
  shows: {
    copy: 'Den kända bilden eller filmen visas, eventuellt ändrad.',
    piece: 'En film som visar den kända filmen, hel eller en del av den.',
    frame: 'En enda bild ur den kända filmen visas. Om den filmen i övrigt sägs ingenting.',
    still: 'En film som visar den kända bilden.',
  },
  at: (time) => `Vid ${time} s.`,
  filmSeen: 'Filmen som sågs',
  filmKnown: 'Den kända filmen',
  cells: (count, of) => `${count} av ${of} rutor`,
  doubts: {
    'same-scene':
      'Det kan vara en annan bild av samma plats: ett ställe visar något annat, eller saker i den är förskjutna.',
    'same-form': 'Det som stämmer är en blankett, och texten på den kan vara en annan.',
  },
}

/** Why a case matched. */
export const evidence: InBoth<typeof en> = { en, sv }
