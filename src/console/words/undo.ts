import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Undo',
  back: 'Back to it, where it can be undone',
  does: {
    accepted:
      'You accepted this match. Undone, it waits for a decision again, and the letters that have not left do not leave.',
    rejected: 'You rejected this match. Undone, the case is open and waits for a decision again.',
    assessed:
      'You assessed this. Undone, the case is closed, the letters that have not left do not leave, and its tips are back in the queue.',
  },
  until: 'It can be undone until the first letter leaves, planned for',
  untilAny: 'It can be undone until the first letter leaves, which may be at any moment.',
  untilHeld: 'It can be undone until the first letter leaves; as it stands, none does.',
  untilPerson: 'It can be undone until a person or a file has told somebody.',
  untilNobody: 'It can be undone as long as nobody else has built on it.',
  go: 'Undo it',
  bars: {
    nothing: '',
    colleague: '',
    left: 'It cannot be undone: a letter is on its way, or with its recipient. Where the case should never have stood, end it and say so (hindra cases close ID --take-back): whoever was told is sent a correction.',
    called:
      'It cannot be undone: a child may be in danger, and whoever is on duty was called. Call them, and end the case.',
    'built-on':
      'It cannot be undone: a colleague has let a notice of it go. Talk to them; the case can be ended (hindra cases close ID).',
    iccam:
      'It cannot be undone: ICCAM was told what this house says of it, or may have been. Where it is not illegal, take the case back and say so (hindra cases close ID --take-back not-illegal): ICCAM is told. Any other mistake is put right there by hand.',
  },
  tip: 'The tip was dismissed. Undone, it waits in the queue again, at the place that it would have had; who dismissed it and why stays on record.',
  tipGo: 'Put it back into the queue',
} as const

const sv: Same<typeof en> = {
  title: 'Ångra',
  back: 'Tillbaka till det, där det går att ångra',
  does: {
    accepted:
      'Du godtog träffen. Ångrar du dig väntar den på beslut igen, och brev som inte har gått iväg skickas inte.',
    rejected: 'Du avvisade träffen. Ångrar du dig öppnas ärendet och väntar på beslut igen.',
    assessed:
      'Du gjorde bedömningen. Ångrar du dig avslutas ärendet, brev som inte har gått iväg skickas inte och tipsen läggs tillbaka i kön.',
  },
  until: 'Det går att ångra tills det första brevet går iväg, enligt planen',
  untilAny: 'Det går att ångra tills det första brevet går iväg, och det kan ske när som helst.',
  untilHeld: 'Det går att ångra tills det första brevet går iväg; som det ser ut nu går inget.',
  untilPerson: 'Det går att ångra tills en människa eller en fil har fört det vidare.',
  untilNobody: 'Det går att ångra så länge ingen annan har byggt vidare på det.',
  go: 'Ångra',
  bars: {
    nothing: '',
    colleague: '',
    left: 'Det går inte att ångra: ett brev är på väg eller framme. Skulle ärendet aldrig ha funnits, avsluta det och säg det (hindra cases close ID --take-back): alla som har fått veta får en rättelse.',
    called:
      'Det går inte att ångra: ett barn kan vara i fara och den som har jour har larmats. Ring dem och avsluta ärendet.',
    'built-on':
      'Det går inte att ångra: en kollega har släppt en underrättelse. Tala med kollegan; ärendet går att avsluta (hindra cases close ID).',
    iccam:
      'Det går inte att ångra: ICCAM har fått veta, eller kan ha fått veta, vad verksamheten säger om det. Är det inte olagligt, ta tillbaka ärendet och säg det (hindra cases close ID --take-back not-illegal): det får ICCAM veta. Andra fel får rättas där för hand.',
  },
  tip: 'Tipset är avskrivet. Ångras det väntar det i kön igen, på den plats det skulle ha haft; vem som skrev av det och varför finns kvar i loggen.',
  tipGo: 'Lägg tillbaka det i kön',
}

/** What was done by mistake, until when it can be taken back, and what else can be done. */
export const undo: InBoth<typeof en> = { en, sv }
